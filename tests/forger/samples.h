#pragma once

#include <cstdint>
#include <string>

#include "forger/kit.h"

/// Runs with fixed keys, clock and salts. The golden files are made of them: what they give is
/// frozen, so new shapes are new functions.
namespace mlprov::forge {

inline constexpr std::uint8_t kAuthorByte = 0x46;
inline constexpr std::uint8_t kThiefByte = 0x54;
inline constexpr std::uint8_t kWalletByte = 0x57;
inline constexpr std::uint8_t kLogByte = 0x4c;

/// The key of most samples; another's; a co-signer's.
PrivateKey author_key();
PrivateKey thief_key();
PrivateKey wallet_key();
NoteSigner sample_log();

/// How a sample departs from the plain training run of two epochs.
struct SampleOptions {
  Algorithm algorithm = Algorithm::kBlake3;
  std::uint64_t seed = 1;  ///< Of run id and salts.
  std::uint64_t epochs = 2;
  bool has_log = false;       ///< The statements name `sample_log()`.
  bool salts_config = false;  ///< `before/config/parameters` has a salt.
  bool leads_with_step = false;
  std::uint64_t trailing_steps = 0;
  bool is_finished = true;
  std::uint64_t data_entries = 2;  ///< Files in `before/data/train`.
  double learning_rate = 0.01;
};

/// A training run with everything that the tree knows: code, config, data, weights, optimizer,
/// random state, metrics, circumstances.
RunBuilder sample_training(const PrivateKey& key, const SampleOptions& options = {});

/// A run of steps.
RunBuilder sample_steps(const PrivateKey& key, std::uint64_t steps, std::uint64_t seed = 2);

/// The smallest training run: one epoch, hardly any material.
RunBuilder sample_small(const PrivateKey& key, std::uint64_t seed = 3);

}  // namespace mlprov::forge
