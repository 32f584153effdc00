#pragma once

#include <memory>
#include <string>
#include <vector>

#include "mlprov/support/bytes.h"

namespace mlprov::detail {

/// A generator's state at one moment; its first eight bytes hold the seed.
struct GeneratorState {
  std::string device;  ///< `cpu`, `cuda-0`.
  std::string seed;    ///< Decimal.
  Bytes state;
};

/// The default generators of every device, as they are. Reading them moves none.
std::vector<GeneratorState> generator_states();

/// Puts LibTorch's default generators back, on destruction, to where they were on construction.
class GeneratorGuard {
 public:
  GeneratorGuard();
  ~GeneratorGuard();
  GeneratorGuard(const GeneratorGuard&) = delete;
  GeneratorGuard& operator=(const GeneratorGuard&) = delete;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace mlprov::detail
