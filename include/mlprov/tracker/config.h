#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "mlprov/digest/algorithm.h"
#include "mlprov/json/canonical.h"

namespace mlprov {

/// How much of the batches' content is digested into the record of an epoch.
enum class ContentPolicy { kFirst, kAll, kNone };

/// How often the optimizer's state is digested.
enum class OptimizerPolicy { kEvery, kLast };

/// Whether training waits for the pre-training anchor.
enum class PreAnchor { kAsync, kWait };

/// One entry of `blockchain.networks` with the section that configures it.
struct NetworkConfig {
  std::string name;    ///< As the user calls it; the key of its section.
  std::string driver;  ///< `local`, `ethereum`, `bitcoin`, `ipfs`, ...
  bool enabled = true;
  Json settings;  ///< The section, secrets still as references; `{}` when there is none.
};

/// A configuration, resolved: defaults filled in, names checked. Both shapes that people have load
/// as they stand (docs/configuration.md): everything in a `blockchain` section, or training
/// parameters at the top with a short `blockchain` section. A plain value.
struct Config {
  // What is recorded.
  Algorithm algorithm = Algorithm::kBlake3;
  ContentPolicy content = ContentPolicy::kFirst;
  OptimizerPolicy optimizer = OptimizerPolicy::kEvery;
  std::vector<std::string> tags;
  Json parameters =
      Json::object();  ///< Top-level training parameters, e.g. `epochs`, `batch_size`.

  // Where it is anchored.
  bool anchoring = true;  ///< `blockchain.enabled`.
  std::vector<NetworkConfig> networks{{"local", "local", true, Json::object()}};
  PreAnchor pre_anchor = PreAnchor::kAsync;
  bool anchor_before = true;   ///< `storage_options.store_before_training`.
  bool anchor_after = true;    ///< `storage_options.store_after_training`.
  bool anchor_epochs = false;  ///< `storage_options.store_epoch_checkpoints`.

  // Who signs: a secret reference, or nothing for the user's default key.
  std::optional<std::string> key;

  std::vector<std::string> warnings;  ///< A literal secret, plain HTTP to a far host, ...

  /// Throws `kConfig` naming the JSON pointer of what is wrong; unknown keys are wrong.
  static Config from_json(const Json& document);
  /// Throws `kNotFound`, `kIo`, `kMalformed` or `kConfig`, naming the file.
  static Config load(const std::filesystem::path& file);
};

}  // namespace mlprov
