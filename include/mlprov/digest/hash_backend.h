#pragma once

#include <cstdint>
#include <future>
#include <memory>
#include <string_view>
#include <vector>

#include "mlprov/digest/algorithm.h"
#include "mlprov/support/bytes.h"

namespace mlprov {

/// Contiguous bytes somewhere: on the host, or on a device that a registered backend knows.
struct MemoryRegion {
  const void* data = nullptr;
  std::uint64_t size_bytes = 0;
  int device = -1;         ///< -1: host memory; otherwise the CUDA device's index.
  void* stream = nullptr;  ///< The stream that produced the bytes (cudaStream_t), or null.
};

/// Hashes regions where they lie. A device adds one by `register_hash_backend`; the host's is
/// always there. Thread-safe.
class HashBackend {
 public:
  virtual ~HashBackend() = default;

  /// For messages: "cpu", "cuda:0".
  virtual std::string_view name() const noexcept = 0;

  /// True when this backend can hash such a region with such an algorithm.
  virtual bool accepts(const MemoryRegion& region, Algorithm algorithm) const noexcept = 0;

  /// Starts hashing; digests come in the order of `regions`. The memory must live, and must not
  /// be written to, until the future is ready. Errors surface at the future as `Error`.
  virtual std::future<std::vector<Digest32>> submit(std::vector<MemoryRegion> regions,
                                                    Algorithm algorithm) = 0;
};

/// Adds a backend, asked before those that came earlier. On its first use it must give the
/// CPU's digests on a few known inputs, or it is never used and a warning says so.
void register_hash_backend(std::shared_ptr<HashBackend> backend);

/// The backend that will hash such a region. Throws `kUnsupported` when there is none, which
/// for host memory cannot happen.
std::shared_ptr<HashBackend> hash_backend_for(const MemoryRegion& region, Algorithm algorithm);

}  // namespace mlprov
