#include "mlprov/tracker/config.h"

#include <gtest/gtest.h>

#include "mlprov/support/error.h"

namespace mlprov {
namespace {

/// Both shapes that people have, as they stand in the design.
constexpr const char* kFull = R"({"blockchain": {"enabled": true, "debug": false,
  "networks": ["local", "ipfs", "ethereum"],
  "ipfs": {"enabled": true, "url": "http://localhost:5001", "timeout": 30, "retry_attempts": 3},
  "ethereum": {"enabled": true, "rpc_url": "http://127.0.0.1:8545",
               "private_key": "env:ETH_PRIVATE_KEY", "contract_address": null,
               "gas_limit": 300000, "gas_price": "auto"},
  "bitcoin": {"rpc_url": "http://127.0.0.1:18443", "network": "regtest", "rpc_user": "u",
              "rpc_password": "env:BTC_RPC_PASSWORD", "private_key": "env:BTC_KEY"},
  "storage_options": {"store_before_training": true, "store_after_training": true,
                      "store_epoch_checkpoints": false}}})";
constexpr const char* kShort = R"({"epochs": 5, "batch_size": 64, "learning_rate": 0.001,
  "hash_algorithm": "blake3", "blockchain": {"networks": ["ipfs", "ethereum"]}})";

/// The sentence with which a configuration is refused; empty when it is not.
std::string refusal(const char* text) {
  try {
    (void)Config::from_json(parse_json(text));
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kConfig);
    return error.what();
  }
  return "";
}

TEST(Config, TakesTheFullShape) {
  const Config config = Config::from_json(parse_json(kFull));
  ASSERT_EQ(config.networks.size(), 3U);
  EXPECT_EQ(config.networks[2].driver, "ethereum");
  EXPECT_EQ(config.networks[2].settings.at("gas_limit"), 300000);
  EXPECT_FALSE(config.anchor_epochs);
  EXPECT_TRUE(config.warnings.empty());
}

TEST(Config, TakesTheShortShape) {
  const Config config = Config::from_json(parse_json(kShort));
  EXPECT_EQ(config.algorithm, Algorithm::kBlake3);
  EXPECT_EQ(config.parameters.at("epochs"), 5);
  EXPECT_EQ(config.networks.size(), 2U);
}

TEST(Config, DefaultsToTheLocalLog) {
  const Config config = Config::from_json(Json::object());
  ASSERT_EQ(config.networks.size(), 1U);
  EXPECT_EQ(config.networks[0].driver, "local");
  EXPECT_TRUE(config.anchoring);
}

TEST(Config, NamesWhatIsWrong) {
  EXPECT_NE(refusal(R"({"hash_algoritm": "blake3"})").find("hash_algoritm"), std::string::npos);
  EXPECT_NE(refusal(R"({"hash_algorithm": "md5"})").find("/hash_algorithm"), std::string::npos);
  EXPECT_NE(refusal(R"({"blockchain": {"ethereum": {"gas": 1}}})").find("gas"), std::string::npos);
  EXPECT_NE(refusal(R"({"blockchain": {"networks": ["etherium"]}})").find("etherium"),
            std::string::npos);
  EXPECT_NE(refusal(R"({"blockchain": {"networks": ["a"], "a": {"driver": "ethereum", "x": 1}}})")
                .find("'a'"),
            std::string::npos);
}

TEST(Config, WarnsOfLiteralSecretsAndPlainHttp) {
  const Config config = Config::from_json(parse_json(
      R"({"blockchain": {"networks": ["ethereum"], "ethereum": {"private_key": "0x4646",
          "rpc_url": "http://node.example:8545"}}})"));
  ASSERT_EQ(config.warnings.size(), 2U);
  for (const std::string& warning : config.warnings) {
    EXPECT_EQ(warning.find("4646"), std::string::npos) << "a warning must not repeat the secret";
  }
}

}  // namespace
}  // namespace mlprov
