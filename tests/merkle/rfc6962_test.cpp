#include "mlprov/merkle/rfc6962.h"

#include <gtest/gtest.h>

#include <string>

#include "merkle/make.h"
#include "mlprov/digest/hasher.h"
#include "mlprov/support/hex.h"

namespace mlprov::rfc6962 {
namespace {

using mlprov::testing::thrown_code;

constexpr Algorithm kSha = Algorithm::kSha256;

// Reference vectors of the Certificate Transparency project: eight inputs, the roots of the trees
// over the first n of them, and proofs.
const std::vector<std::string> kInputs = {"",
                                          "00",
                                          "10",
                                          "2021",
                                          "3031",
                                          "40414243",
                                          "5051525354555657",
                                          "606162636465666768696a6b6c6d6e6f"};

const std::vector<std::string> kRoots = {
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};

struct KnownPath {
  std::uint64_t first;  ///< Index of the leaf, or old size.
  std::uint64_t size;
  std::vector<std::string> path;
};

const std::vector<KnownPath> kInclusion = {
    {0, 1, {}},
    {0, 2, {"96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"}},
    {1, 2, {"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"}},
    {2, 3, {"fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"}},
    {1,
     5,
     {"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
      "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
      "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"}},
    {0,
     8,
     {"96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
      "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
      "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"}},
    {5,
     8,
     {"bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
      "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
      "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"}}};

const std::vector<KnownPath> kConsistency = {
    {1, 1, {}},
    {1,
     8,
     {"96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
      "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
      "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"}},
    {2,
     5,
     {"5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
      "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"}},
    {6,
     8,
     {"0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
      "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
      "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"}}};

std::vector<Digest32> reference_leaves(std::size_t count) {
  std::vector<Digest32> leaves;
  for (std::size_t i = 0; i < count; ++i) leaves.push_back(leaf_hash(kSha, *from_hex(kInputs[i])));
  return leaves;
}

std::vector<std::string> in_hex(const std::vector<Digest32>& hashes) {
  std::vector<std::string> hex;
  for (const Digest32& hash : hashes) hex.push_back(to_hex(hash));
  return hex;
}

TEST(Rfc6962, RootsOfTheReferenceTree) {
  for (std::size_t size = 0; size < kRoots.size(); ++size) {
    EXPECT_EQ(to_hex(root(kSha, reference_leaves(size))), kRoots[size]) << "size " << size;
  }
}

TEST(Rfc6962, InclusionPathsOfTheReferenceTree) {
  for (const KnownPath& known : kInclusion) {
    const auto leaves = reference_leaves(known.size);
    const auto path = inclusion_path(kSha, leaves, known.first);
    EXPECT_EQ(in_hex(path), known.path) << known.first << " of " << known.size;
    EXPECT_EQ(root_from_inclusion(kSha, leaves[known.first], known.first, known.size, path),
              digest_from_hex(kRoots[known.size]));
  }
}

TEST(Rfc6962, ConsistencyPathsOfTheReferenceTree) {
  for (const KnownPath& known : kConsistency) {
    const auto path = consistency_path(kSha, reference_leaves(known.size), known.first);
    EXPECT_EQ(in_hex(path), known.path) << known.first << " to " << known.size;
    EXPECT_TRUE(is_consistent(kSha, known.first, *digest_from_hex(kRoots[known.first]), known.size,
                              *digest_from_hex(kRoots[known.size]), path));
  }
}

/// The definition of RFC 6962 section 2.1, word by word.
Digest32 defined_root(Algorithm algorithm, std::span<const Digest32> leaves) {
  if (leaves.empty()) return digest32(algorithm, ByteView());
  if (leaves.size() == 1) return leaves[0];
  std::size_t split = 1;
  while (split * 2 < leaves.size()) split *= 2;
  return node_hash(algorithm, defined_root(algorithm, leaves.first(split)),
                   defined_root(algorithm, leaves.subspan(split)));
}

std::vector<Digest32> numbered_leaves(Algorithm algorithm, std::size_t count) {
  std::vector<Digest32> leaves;
  for (std::size_t i = 0; i < count; ++i) {
    leaves.push_back(leaf_hash(algorithm, as_bytes("leaf " + std::to_string(i))));
  }
  return leaves;
}

TEST(Rfc6962, AccumulatedRootsFollowTheDefinition) {
  for (const Algorithm algorithm :
       {Algorithm::kBlake3, kSha, Algorithm::kSha3_256, Algorithm::kKeccak256}) {
    const auto leaves = numbered_leaves(algorithm, 130);
    RootAccumulator accumulator(algorithm);
    for (std::size_t size = 0; size <= leaves.size(); ++size) {
      ASSERT_EQ(accumulator.size(), size);
      ASSERT_EQ(accumulator.root(), defined_root(algorithm, std::span(leaves).first(size)))
          << to_string(algorithm) << " of " << size;
      if (size < leaves.size()) accumulator.add(leaves[size]);
    }
  }
}

TEST(Rfc6962, LeavesAndNodesHaveTheirPrefixes) {
  const Digest32 left = leaf_hash(kSha, as_bytes("l"));
  const Digest32 right = leaf_hash(kSha, as_bytes("r"));
  const std::string leaf("\0l", 2);
  EXPECT_EQ(left, digest32(kSha, as_bytes(leaf)));
  const std::string node = "\1" + std::string(as_text(left)) + std::string(as_text(right));
  EXPECT_EQ(node_hash(kSha, left, right), digest32(kSha, as_bytes(node)));
}

constexpr std::size_t kSmall = 40;

// A root does not bind a size: with a size of the prover's choosing some false places fit. Their
// number is known, and it is zero when the size is the true one.
TEST(Rfc6962, FalsePlacesFitOnlyWithFalseSizes) {
  const auto leaves = numbered_leaves(kSha, kSmall);
  std::size_t fit_with_false_size = 0;
  std::size_t tried = 0;
  for (std::size_t size = 1; size <= kSmall; ++size) {
    const auto some = std::span(leaves).first(size);
    const Digest32 true_root = root(kSha, some);
    for (std::uint64_t index = 0; index < size; ++index) {
      const auto path = inclusion_path(kSha, some, index);
      for (std::uint64_t said_size = 1; said_size <= kSmall; ++said_size) {
        for (std::uint64_t said_index = 0; said_index < said_size; ++said_index) {
          const bool fits = root_from_inclusion(kSha, leaves[index], said_index, said_size, path) ==
                            std::optional(true_root);
          const bool is_true = said_index == index && said_size == size;
          if (is_true || said_size == size) {
            ASSERT_EQ(fits, is_true) << said_index << " for " << index << " of " << size;
          }
          if (is_true) continue;
          ++tried;
          if (fits) ++fit_with_false_size;
        }
      }
    }
  }
  EXPECT_EQ(tried, 671580u);
  EXPECT_EQ(fit_with_false_size, 7852u);
}

TEST(Rfc6962, InclusionRefusesOtherLeavesPathsAndIndices) {
  const auto leaves = numbered_leaves(kSha, kSmall);
  const Digest32 stray = leaf_hash(kSha, as_bytes("stray"));
  for (std::size_t size = 1; size <= kSmall; ++size) {
    const auto some = std::span(leaves).first(size);
    const std::optional<Digest32> true_root = root(kSha, some);
    for (std::uint64_t index = 0; index < size; ++index) {
      auto path = inclusion_path(kSha, some, index);
      EXPECT_NE(root_from_inclusion(kSha, stray, index, size, path), true_root);
      EXPECT_FALSE(root_from_inclusion(kSha, leaves[index], index + size, size, path));
      EXPECT_FALSE(root_from_inclusion(kSha, leaves[index], size, size, path));
      path.push_back(stray);
      EXPECT_FALSE(root_from_inclusion(kSha, leaves[index], index, size, path));
      path.pop_back();
      if (path.empty()) continue;
      path.pop_back();
      EXPECT_FALSE(root_from_inclusion(kSha, leaves[index], index, size, path));
    }
  }
}

TEST(Rfc6962, InclusionTakesHugeSizesWithoutOverflow) {
  const Digest32 leaf = leaf_hash(kSha, as_bytes("x"));
  const std::uint64_t most = ~std::uint64_t{0};
  const std::vector<Digest32> path(64, leaf);
  EXPECT_TRUE(root_from_inclusion(kSha, leaf, 0, most, path));
  EXPECT_TRUE(root_from_inclusion(kSha, leaf, most - 2, most, path));
  EXPECT_FALSE(root_from_inclusion(kSha, leaf, most, most, path));
  EXPECT_FALSE(root_from_inclusion(kSha, leaf, 0, 0, {}));
}

TEST(Rfc6962, EveryPairOfSmallSizesIsConsistentAndNothingElse) {
  const auto leaves = numbered_leaves(kSha, kSmall);
  const Digest32 stray = leaf_hash(kSha, as_bytes("stray"));
  std::vector<Digest32> roots;
  for (std::size_t n = 0; n <= kSmall; ++n) roots.push_back(root(kSha, std::span(leaves).first(n)));
  for (std::size_t size = 1; size <= kSmall; ++size) {
    for (std::size_t old = 1; old <= size; ++old) {
      auto path = consistency_path(kSha, std::span(leaves).first(size), old);
      ASSERT_TRUE(is_consistent(kSha, old, roots[old], size, roots[size], path))
          << old << " to " << size;
      EXPECT_FALSE(is_consistent(kSha, old, stray, size, roots[size], path));
      EXPECT_FALSE(is_consistent(kSha, old, roots[old], size, stray, path));
      for (std::size_t other = 1; other <= kSmall; ++other) {
        if (other == old) continue;
        EXPECT_FALSE(is_consistent(kSha, old, roots[other], size, roots[size], path)) << other;
        EXPECT_FALSE(is_consistent(kSha, other, roots[other], size, roots[size], path)) << other;
        if (other == size) continue;
        EXPECT_FALSE(is_consistent(kSha, old, roots[old], other, roots[other], path)) << other;
      }
      path.push_back(stray);
      EXPECT_FALSE(is_consistent(kSha, old, roots[old], size, roots[size], path));
      path.pop_back();
      for (Digest32& hash : path) {
        hash[31] ^= 1;
        EXPECT_FALSE(is_consistent(kSha, old, roots[old], size, roots[size], path));
        hash[31] ^= 1;
      }
      if (path.empty()) continue;
      path.pop_back();
      EXPECT_FALSE(is_consistent(kSha, old, roots[old], size, roots[size], path));
    }
  }
}

TEST(Rfc6962, TheEmptyTreeIsConsistentWithAllByItsOneRoot) {
  const auto leaves = numbered_leaves(kSha, 3);
  const Digest32 some_root = root(kSha, leaves);
  EXPECT_TRUE(is_consistent(kSha, 0, empty_root(kSha), 3, some_root, {}));
  EXPECT_TRUE(is_consistent(kSha, 0, empty_root(kSha), 0, empty_root(kSha), {}));
  EXPECT_FALSE(is_consistent(kSha, 0, some_root, 3, some_root, {}));
  EXPECT_FALSE(is_consistent(kSha, 0, empty_root(kSha), 0, some_root, {}));
  EXPECT_FALSE(is_consistent(kSha, 0, empty_root(kSha), 3, some_root, std::span(leaves).first(1)));
}

TEST(Rfc6962, PathsOutsideTheTreeAreUsageErrors) {
  const auto leaves = numbered_leaves(kSha, 3);
  EXPECT_EQ(thrown_code([&] { inclusion_path(kSha, leaves, 3); }), "usage");
  EXPECT_EQ(thrown_code([&] { inclusion_path(kSha, {}, 0); }), "usage");
  EXPECT_EQ(thrown_code([&] { consistency_path(kSha, leaves, 0); }), "usage");
  EXPECT_EQ(thrown_code([&] { consistency_path(kSha, leaves, 4); }), "usage");
}

}  // namespace
}  // namespace mlprov::rfc6962
