#pragma once

#include "mlprov/digest/hash_backend.h"

namespace mlprov {

/// The host's backend: one pass by all threads, where a large region is shared by several (BLAKE3)
/// and small ones are taken in batches.
class CpuBackend final : public HashBackend {
 public:
  std::string_view name() const noexcept override { return "cpu"; }
  bool accepts(const MemoryRegion& region, Algorithm algorithm) const noexcept override;
  std::future<std::vector<Digest32>> submit(std::vector<MemoryRegion> regions,
                                            Algorithm algorithm) override;
};

}  // namespace mlprov
