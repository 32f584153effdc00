#include "mlprov/digest/hasher.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <random>
#include <thread>

#include "digest/pattern.h"
#include "mlprov/support/hex.h"
#include "support/error_of.h"

namespace mlprov {
namespace {

using testing::kEdgeSizes;
using testing::pattern;

TEST(Algorithms, NamesAndSizes) {
  const std::vector<std::string_view> expected = {"blake3",    "sha256", "sha3-256",
                                                  "keccak256", "sha512", "blake2b-512"};
  EXPECT_EQ(HashFactory::names(), expected);
  for (const Algorithm algorithm : all_algorithms()) {
    EXPECT_EQ(algorithm_from_name(to_string(algorithm)), algorithm);
    EXPECT_EQ(digest(algorithm, {}).size(), digest_size(algorithm)) << to_string(algorithm);
    EXPECT_EQ(is_tree_algorithm(algorithm), digest_size(algorithm) == 32) << to_string(algorithm);
  }
  for (const char* name : {"", "BLAKE3", "sha-256", "md5", "blake3 ", "sha256\n"}) {
    EXPECT_FALSE(algorithm_from_name(name)) << name;
  }
}

TEST(Hasher, UnknownNameListsTheKnownOnes) {
  EXPECT_EQ(testing::error_of([] { HashFactory::create("md5"); }),
            "unsupported: no hash algorithm is called 'md5'; there are blake3, sha256, sha3-256, "
            "keccak256, sha512, blake2b-512");
}

TEST(Hasher, SplitsDoNotMatter) {
  std::mt19937 random(1);
  for (const Algorithm algorithm : all_algorithms()) {
    const auto hasher = HashFactory::create(algorithm);
    for (const std::size_t size : kEdgeSizes) {
      const Bytes bytes = pattern(size);
      ByteView rest = bytes;
      while (!rest.empty()) {
        const std::size_t count = std::min<std::size_t>(rest.size(), random() % 4 * 777 + 1);
        hasher->update(rest.first(count));
        rest = rest.subspan(count);
      }
      // `finish` made it ready for the next message, so one hasher serves all sizes.
      EXPECT_EQ(to_hex(hasher->finish()), to_hex(digest(algorithm, bytes)))
          << to_string(algorithm) << " of " << size << " bytes";
    }
  }
}

TEST(Hasher, EveryByteCounts) {
  for (const Algorithm algorithm : all_algorithms()) {
    Bytes bytes = pattern(300);
    const Bytes before = digest(algorithm, bytes);
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      bytes[i] ^= 0x10;
      EXPECT_NE(digest(algorithm, bytes), before) << to_string(algorithm) << " byte " << i;
      bytes[i] ^= 0x10;
    }
  }
}

TEST(Digest32, EqualsTheStreamingDigest) {
  for (const Algorithm algorithm : all_algorithms()) {
    if (!is_tree_algorithm(algorithm)) continue;
    for (const std::size_t size : kEdgeSizes) {
      const Bytes bytes = pattern(size);
      const ByteView view = bytes;
      const std::string expected = to_hex(digest(algorithm, bytes));
      EXPECT_EQ(to_hex(digest32(algorithm, view)), expected) << to_string(algorithm) << size;
      const Digest32 parts =
          digest32(algorithm, {view.first(size / 3), {}, view.subspan(size / 3)});
      EXPECT_EQ(to_hex(parts), expected) << to_string(algorithm) << " in parts, " << size;
    }
  }
}

TEST(Digest32, RefusesTheLongAlgorithms) {
  for (const Algorithm algorithm : {Algorithm::kSha512, Algorithm::kBlake2b512}) {
    const auto error = testing::error_of([&] { digest32(algorithm, ByteView()); });
    EXPECT_TRUE(error.starts_with("usage: " + std::string(to_string(algorithm)))) << error;
  }
}

TEST(Digest32, ThreadsDoNotShareState) {
  const Bytes bytes = pattern(5000);
  for (const Algorithm algorithm : all_algorithms()) {
    if (!is_tree_algorithm(algorithm)) continue;
    const Digest32 expected = digest32(algorithm, bytes);
    std::vector<std::thread> threads;
    std::atomic<int> wrong{0};
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&] {
        for (int i = 0; i < 200; ++i) wrong += digest32(algorithm, bytes) != expected;
      });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(wrong, 0) << to_string(algorithm);
  }
}

}  // namespace
}  // namespace mlprov
