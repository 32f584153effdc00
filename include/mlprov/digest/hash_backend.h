#pragma once

#include <cstdint>
#include <functional>
#include <future>
#include <memory>
#include <string>
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

  /// True when this backend can hash such a region with such an algorithm. Only algorithms with
  /// 32 bytes of output ever are (`is_tree_algorithm`).
  virtual bool accepts(const MemoryRegion& region, Algorithm algorithm) const noexcept = 0;

  /// Starts hashing; digests come in the order of `regions`. The memory must live, and must not
  /// be written to, until the future is ready. Errors surface at the future as `Error`.
  virtual std::future<std::vector<Digest32>> submit(std::vector<MemoryRegion> regions,
                                                    Algorithm algorithm) = 0;

  /// Copies host bytes to memory like `like`'s (its device, its stream), for the check on first
  /// use; the last owner frees it. A device's backend overrides this; as it stands: host memory.
  virtual std::shared_ptr<const void> place(ByteView bytes, const MemoryRegion& like);
};

/// Adds a backend, asked before those that came earlier. On its first use with an algorithm on a
/// device it must give the CPU's digests on known inputs, or it is never used there and a
/// warning says so. Thread-safe.
void register_hash_backend(std::shared_ptr<HashBackend> backend);

/// The backend that will hash such a region; waits for the check when it is the first. Throws
/// `kUsage` for an algorithm without 32 bytes of output, `kUnsupported` when no backend takes the
/// region, which for host memory cannot happen. Thread-safe.
std::shared_ptr<HashBackend> hash_backend_for(const MemoryRegion& region, Algorithm algorithm);

/// Takes the warnings of the check, each a sentence, once. Those that came before a handler was
/// set are kept and delivered to it at once. Called on the thread that asked for a backend, and
/// must not ask for one itself. Thread-safe.
void set_hash_warning_handler(const std::function<void(const std::string&)>& handler);

}  // namespace mlprov
