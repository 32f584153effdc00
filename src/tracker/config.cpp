#include "mlprov/tracker/config.h"

#include <algorithm>
#include <array>

#include "mlprov/json/schemas.h"
#include "mlprov/support/error.h"
#include "mlprov/support/file.h"

namespace mlprov {
namespace {

constexpr std::array kDrivers = {"local", "ethereum", "bitcoin", "ipfs", "opentimestamps"};
constexpr std::array kSecretKeys = {"private_key", "rpc_password"};
constexpr std::array kUrlKeys = {"rpc_url", "url"};
/// Top-level keys that say how to train; everything else says how to record.
constexpr std::array kTrainingKeys = {"epochs",   "batch_size",   "learning_rate",
                                      "momentum", "weight_decay", "seed"};

bool is_reference(const std::string& secret) {
  return secret.starts_with("env:") || secret.starts_with("file:") ||
         secret.starts_with("keystore:");
}

bool is_plain_http_to_afar(const std::string& url) {
  if (!url.starts_with("http://")) return false;
  const std::string host = url.substr(7, url.find_first_of(":/", 7) - 7);
  return host != "localhost" && !host.starts_with("127.") && !url.starts_with("http://[::1]");
}

void warn_about(const NetworkConfig& network, std::vector<std::string>& warnings) {
  const std::string where = "/blockchain/" + network.name + "/";
  for (const char* key : kSecretKeys) {
    const auto found = network.settings.find(key);
    if (found != network.settings.end() && !is_reference(found->get<std::string>())) {
      warnings.push_back(where + key +
                         " holds a secret as it is; env:NAME, file:PATH or keystore:NAME keep it "
                         "out of the file");
    }
  }
  for (const char* key : kUrlKeys) {
    const auto found = network.settings.find(key);
    if (found != network.settings.end() && is_plain_http_to_afar(found->get<std::string>())) {
      warnings.push_back(where + key +
                         " is plain HTTP to another machine: anybody on the way can "
                         "read and change it");
    }
  }
}

NetworkConfig network_from(const std::string& name, const Json& blockchain) {
  NetworkConfig network{name, name, true, Json::object()};
  if (const auto section = blockchain.find(name); section != blockchain.end()) {
    network.settings = *section;
    network.driver = section->value("driver", name);
    network.enabled = section->value("enabled", true);
  }
  if (std::ranges::find(kDrivers, network.driver) == kDrivers.end()) {
    throw Error(ErrorCode::kConfig,
                "configuration: /blockchain/networks names '" + name +
                    "', which is no known network and has no section with a driver; known are "
                    "local, ethereum, bitcoin, ipfs, opentimestamps");
  }
  return network;
}

/// The rules of a driver's own section hold for a network of another name, too.
void require_section(const NetworkConfig& network) {
  if (network.name == network.driver) return;  // the schema has checked it in its place
  Json as_own;
  as_own["blockchain"][network.driver] = network.settings;
  schema_for("config").require(as_own, "configuration of the network '" + network.name + "'");
}

void read_blockchain(const Json& blockchain, Config& config) {
  config.anchoring = blockchain.value("enabled", true);
  if (const auto names = blockchain.find("networks"); names != blockchain.end()) {
    config.networks.clear();
    for (const Json& name : *names) {
      config.networks.push_back(network_from(name.get<std::string>(), blockchain));
      require_section(config.networks.back());
      warn_about(config.networks.back(), config.warnings);
    }
  }
  const Json storage = blockchain.value("storage_options", Json::object());
  config.anchor_before = storage.value("store_before_training", true);
  config.anchor_after = storage.value("store_after_training", true);
  config.anchor_epochs = storage.value("store_epoch_checkpoints", false);
}

ContentPolicy content_policy(const std::string& name) {
  if (name == "all") return ContentPolicy::kAll;
  return name == "none" ? ContentPolicy::kNone : ContentPolicy::kFirst;
}

}  // namespace

Config Config::from_json(const Json& document) {
  schema_for("config").require(document, "configuration");
  Config config;
  config.algorithm = *algorithm_from_name(document.value("hash_algorithm", "blake3"));
  config.content = content_policy(document.value("content", "first"));
  config.optimizer = document.value("optimizer", "every") == "last" ? OptimizerPolicy::kLast
                                                                    : OptimizerPolicy::kEvery;
  config.pre_anchor =
      document.value("pre_anchor", "async") == "wait" ? PreAnchor::kWait : PreAnchor::kAsync;
  config.tags = document.value("tags", std::vector<std::string>());
  if (document.contains("key")) {
    config.key = document["key"].get<std::string>();
    if (!is_reference(*config.key)) {
      config.warnings.push_back(
          "/key holds a secret as it is; use env:NAME, file:PATH or "
          "keystore:NAME");
    }
  }
  config.parameters = document.value("parameters", Json::object());
  for (const char* key : kTrainingKeys) {
    if (document.contains(key)) config.parameters[key] = document[key];
  }
  if (document.contains("blockchain")) read_blockchain(document["blockchain"], config);
  return config;
}

Config Config::load(const std::filesystem::path& file) {
  constexpr std::uint64_t kMaxBytes = 1 << 20;
  const std::string text = read_file(file, kMaxBytes);
  try {
    return from_json(parse_json(text));
  } catch (const Error& error) {
    throw Error(error.code(), file.string() + ": " + error.what());
  }
}

}  // namespace mlprov
