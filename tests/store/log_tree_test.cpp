#include "store/log_tree.h"

#include <gtest/gtest.h>

#include "mlprov/digest/hasher.h"
#include "mlprov/merkle/rfc6962.h"

namespace mlprov::store {
namespace {

Digest32 entry(std::uint64_t index) {
  return digest32(Algorithm::kSha256, as_bytes(std::to_string(index)));
}

TEST(LogTree, RootsAndPathsAreThoseOfRfc6962) {
  LogTree tree;
  std::vector<Digest32> leaves;
  for (std::uint64_t size = 0; size <= 70; ++size) {
    EXPECT_EQ(tree.root(size), rfc6962::root(Algorithm::kSha256, leaves)) << size;
    for (std::uint64_t index = 0; index < size; ++index) {
      EXPECT_EQ(tree.inclusion(index, size),
                rfc6962::inclusion_path(Algorithm::kSha256, leaves, index))
          << index << " of " << size;
    }
    tree.append(entry(size));
    leaves.push_back(rfc6962::leaf_hash(Algorithm::kSha256, entry(size)));
  }
  // Earlier sizes stay what they were.
  EXPECT_EQ(tree.root(33), rfc6962::root(Algorithm::kSha256, std::span(leaves).first(33)));
}

TEST(LogTree, TilesAreThoseOfTheLayout) {
  LogTree tree;
  std::vector<Digest32> leaves;
  constexpr std::uint64_t kSize = 256 * 256 + 300;
  for (std::uint64_t i = 0; i < kSize; ++i) {
    tree.append(entry(i));
    leaves.push_back(rfc6962::leaf_hash(Algorithm::kSha256, entry(i)));
  }
  for (const tiles::TileId& id : tiles::new_tiles(kSize - 700, kSize)) {
    if (id.level < 0) continue;
    EXPECT_EQ(tree.tile(id), tiles::hash_tile(id, leaves)) << tile_path(id);
  }
  const auto read = [&](const tiles::TileId& id) { return tree.tile(id); };
  EXPECT_EQ(tiles::tree_root(read, kSize), tree.root(kSize));
  EXPECT_EQ(tiles::prove_inclusion(read, kSize, tree.root(kSize), 65'537),
            tree.inclusion(65'537, kSize));
}

}  // namespace
}  // namespace mlprov::store
