// Trees of a million entries rest on digest32 being cheap for small inputs: this binary counts
// what operator new and OpenSSL hand out.
#include <gtest/gtest.h>
#include <openssl/crypto.h>

#include <atomic>
#include <cstdlib>
#include <new>

#include "digest/evp.h"
#include "digest/pattern.h"
#include "mlprov/digest/hasher.h"

namespace {

std::atomic<std::size_t> allocations{0};

void* counted(std::size_t size) {
  ++allocations;
  return std::malloc(size == 0 ? 1 : size);
}

// OpenSSL takes its own allocator only before it first allocates.
const bool openssl_is_counted =
    CRYPTO_set_mem_functions([](std::size_t size, const char*, int) { return counted(size); },
                             [](void* memory, std::size_t size, const char*, int) {
                               ++allocations;
                               return std::realloc(memory, size);
                             },
                             [](void* memory, const char*, int) { std::free(memory); }) == 1;

}  // namespace

void* operator new(std::size_t size) {
  if (void* const memory = counted(size)) return memory;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace mlprov {
namespace {

TEST(Allocation, SmallDigestsTakeNoneOfOurs) {
  ASSERT_TRUE(openssl_is_counted);
  const Bytes bytes = testing::pattern(4096);
  const ByteView view = bytes;
  for (const Algorithm algorithm : all_algorithms()) {
    if (!is_tree_algorithm(algorithm)) continue;
    digest32(algorithm, view);  // the first one of a thread fetches and keeps its context
    const std::size_t before = allocations;
    std::size_t digests = 0;
    for (std::size_t size = 0; size <= view.size(); size += 64, ++digests) {
      digest32(algorithm, {view.first(1), view.first(size)});
    }
    const std::size_t taken = allocations - before;
    // OpenSSL 3.0 allocates its inner state anew at each start; ours must add nothing.
    const std::size_t allowed = evp_md(algorithm) == nullptr ? 0 : digests;
    EXPECT_LE(taken, allowed) << to_string(algorithm);
  }
}

TEST(Allocation, TheCountersCount) {
  const std::size_t before = allocations;
  digest(Algorithm::kBlake3, {});
  const std::size_t after_new = allocations;
  digest(Algorithm::kSha512, {});
  EXPECT_GT(after_new, before);
  EXPECT_GT(allocations - after_new, 3u) << "an OpenSSL context is more than our own two objects";
}

}  // namespace
}  // namespace mlprov
