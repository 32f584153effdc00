#include "mlprov/digest/hash_backend.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <utility>

#include "digest/cpu_backend.h"
#include "mlprov/digest/hasher.h"
#include "mlprov/support/error.h"

namespace mlprov {
namespace {

// Around every edge of BLAKE3's blocks, chunks and first tree levels, and past a megabyte.
constexpr std::size_t kCheckSizes[] = {0,    1,    63,   64,   65,   1023,  1024,   1025,
                                       2047, 2048, 2049, 3073, 8193, 31744, 102400, (1 << 20) + 3};

/// Bytes 0, 1, ... 250, 0, ...: a prime period, so that no two blocks are alike.
Bytes check_pattern() {
  Bytes pattern(*std::ranges::max_element(kCheckSizes));
  for (std::size_t i = 0; i < pattern.size(); ++i) pattern[i] = static_cast<std::uint8_t>(i % 251);
  return pattern;
}

/// What is wrong with the backend's digests; empty when they are the CPU's.
std::string find_fault(HashBackend& backend, const MemoryRegion& like, Algorithm algorithm) {
  const Bytes pattern = check_pattern();
  std::vector<std::shared_ptr<const void>> owners;
  std::vector<MemoryRegion> regions;
  for (const std::size_t size : kCheckSizes) {
    owners.push_back(backend.place(ByteView(pattern).first(size), like));
    regions.push_back({owners.back().get(), size, like.device, like.stream});
  }
  const std::vector<Digest32> digests = backend.submit(regions, algorithm).get();
  if (digests.size() != regions.size()) return "it gave another number of digests";
  for (std::size_t i = 0; i < digests.size(); ++i) {
    const std::size_t size = kCheckSizes[i];
    if (digests[i] != digest32(algorithm, ByteView(pattern).first(size))) {
      return "its digest of " + std::to_string(size) + " known bytes is wrong";
    }
  }
  return {};
}

std::string find_fault_or_exception(HashBackend& backend, const MemoryRegion& like,
                                    Algorithm algorithm) {
  try {
    return find_fault(backend, like, algorithm);
  } catch (const std::exception& error) {
    return error.what();
  } catch (...) {
    return "it threw something that is no exception";
  }
}

/// Hands warnings on, or keeps them until somebody listens.
class Warnings {
 public:
  void set_handler(const std::function<void(const std::string&)>& handler) {
    std::vector<std::string> kept;
    {
      const std::lock_guard lock(mutex_);
      handler_ = handler;
      if (handler_) kept = std::exchange(kept_, {});
    }
    for (const std::string& warning : kept) handler(warning);
  }

  void add(const std::string& warning) {
    std::function<void(const std::string&)> handler;
    {
      const std::lock_guard lock(mutex_);
      handler = handler_;
      if (!handler) kept_.push_back(warning);
    }
    if (handler) handler(warning);
  }

 private:
  std::mutex mutex_;
  std::function<void(const std::string&)> handler_;
  std::vector<std::string> kept_;
};

Warnings& warnings() {
  static Warnings instance;
  return instance;
}

/// A backend and what its checks said, by algorithm and device.
class Candidate {
 public:
  explicit Candidate(std::shared_ptr<HashBackend> backend) : backend_(std::move(backend)) {}

  const std::shared_ptr<HashBackend>& backend() const noexcept { return backend_; }

  bool proves_itself(const MemoryRegion& region, Algorithm algorithm) {
    const std::lock_guard lock(mutex_);  // a second thread waits for the first one's check
    const auto [verdict, first] = good_.try_emplace({algorithm, region.device}, false);
    if (first) {
      const std::string fault = find_fault_or_exception(*backend_, region, algorithm);
      verdict->second = fault.empty();
      if (!fault.empty()) warnings().add(describe(fault, algorithm));
    }
    return verdict->second;
  }

 private:
  std::string describe(const std::string& fault, Algorithm algorithm) const {
    return "the hash backend " + std::string(backend_->name()) + " is not used for " +
           std::string(to_string(algorithm)) + ": " + fault;
  }

  const std::shared_ptr<HashBackend> backend_;
  std::mutex mutex_;
  std::map<std::pair<Algorithm, int>, bool> good_;
};

class Registry {
 public:
  void add(std::shared_ptr<HashBackend> backend) {
    const std::lock_guard lock(mutex_);
    candidates_.insert(candidates_.begin(), std::make_shared<Candidate>(std::move(backend)));
  }

  std::vector<std::shared_ptr<Candidate>> candidates() const {
    const std::lock_guard lock(mutex_);
    return candidates_;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<std::shared_ptr<Candidate>> candidates_;  // the newest first
};

Registry& registry() {
  static Registry instance;
  return instance;
}

}  // namespace

std::shared_ptr<const void> HashBackend::place(ByteView bytes, const MemoryRegion&) {
  const auto copy = std::make_shared<const Bytes>(bytes.begin(), bytes.end());
  return {copy, copy->data()};
}

void register_hash_backend(std::shared_ptr<HashBackend> backend) {
  if (!backend) throw Error(ErrorCode::kUsage, "a hash backend to register is null");
  registry().add(std::move(backend));
}

std::shared_ptr<HashBackend> hash_backend_for(const MemoryRegion& region, Algorithm algorithm) {
  static const std::shared_ptr<HashBackend> cpu = std::make_shared<CpuBackend>();
  if (!is_tree_algorithm(algorithm)) {
    throw Error(ErrorCode::kUsage, "memory regions are not hashed with " +
                                       std::string(to_string(algorithm)) +
                                       ": its digests are longer than 32 bytes");
  }
  for (const auto& candidate : registry().candidates()) {
    if (candidate->backend()->accepts(region, algorithm) &&
        candidate->proves_itself(region, algorithm)) {
      return candidate->backend();
    }
  }
  if (cpu->accepts(region, algorithm)) return cpu;
  throw Error(ErrorCode::kUnsupported, "no working hash backend for memory of device " +
                                           std::to_string(region.device) +
                                           "; copy it to the host to hash it there");
}

void set_hash_warning_handler(const std::function<void(const std::string&)>& handler) {
  warnings().set_handler(handler);
}

}  // namespace mlprov
