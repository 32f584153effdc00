#include "digest/cpu_backend.h"

#include <algorithm>
#include <numeric>

#include "digest/parallel.h"
#include "mlprov/digest/hasher.h"
#include "mlprov/support/error.h"

namespace mlprov {
namespace {

// Small regions are handed out in runs of about this size: enough work to hide the handing out.
constexpr std::uint64_t kBatchBytes = std::uint64_t{256} << 10;
constexpr std::size_t kBatchRegions = 1024;

ByteView view(const MemoryRegion& region) {
  return {static_cast<const std::uint8_t*>(region.data),
          static_cast<std::size_t>(region.size_bytes)};
}

void check(const std::vector<MemoryRegion>& regions, Algorithm algorithm) {
  for (const MemoryRegion& region : regions) {
    if (region.device != -1) {
      throw Error(ErrorCode::kUsage,
                  "the CPU cannot hash memory of device " + std::to_string(region.device));
    }
    if (region.data == nullptr && region.size_bytes != 0) {
      throw Error(ErrorCode::kUsage, "a memory region has a size but no address");
    }
  }
  if (!is_tree_algorithm(algorithm)) {
    throw Error(ErrorCode::kUsage,
                "memory regions are not hashed with " + std::string(to_string(algorithm)));
  }
}

/// Ends of the batches in `order`, which is by falling size: a large region is alone in its own.
std::vector<std::size_t> batch_ends(const std::vector<MemoryRegion>& regions,
                                    const std::vector<std::size_t>& order) {
  std::vector<std::size_t> ends;
  std::size_t count = 0;
  std::uint64_t bytes = 0;
  for (std::size_t i = 0; i < order.size(); ++i) {
    ++count;
    bytes += regions[order[i]].size_bytes;
    if (bytes < kBatchBytes && count < kBatchRegions && i + 1 < order.size()) continue;
    ends.push_back(i + 1);
    count = 0;
    bytes = 0;
  }
  return ends;
}

std::vector<Digest32> hash_all(const std::vector<MemoryRegion>& regions, Algorithm algorithm) {
  std::vector<std::size_t> order(regions.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, std::ranges::greater{},
                           [&](std::size_t i) { return regions[i].size_bytes; });
  const std::vector<std::size_t> ends = batch_ends(regions, order);
  std::vector<Digest32> digests(regions.size());
  // Largest first, the next one to whoever is free: an algorithm that cannot share one region
  // between threads still ends about evenly.
  parallel_for_each_index(ends.size(), [&](std::size_t batch) {
    for (std::size_t i = batch == 0 ? 0 : ends[batch - 1]; i < ends[batch]; ++i) {
      digests[order[i]] = digest32(algorithm, view(regions[order[i]]));
    }
  });
  return digests;
}

}  // namespace

bool CpuBackend::accepts(const MemoryRegion& region, Algorithm algorithm) const noexcept {
  return region.device == -1 && is_tree_algorithm(algorithm);
}

std::future<std::vector<Digest32>> CpuBackend::submit(std::vector<MemoryRegion> regions,
                                                      Algorithm algorithm) {
  // A thread of its own takes part in the work; TBB's workers alone are one fewer than the cores.
  return std::async(std::launch::async, [regions = std::move(regions), algorithm] {
    check(regions, algorithm);
    return hash_all(regions, algorithm);
  });
}

}  // namespace mlprov
