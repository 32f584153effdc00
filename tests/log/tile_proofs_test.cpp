#include <gtest/gtest.h>

#include <map>

#include "identity/error_name.h"
#include "mlprov/log/tiles.h"
#include "mlprov/merkle/rfc6962.h"

namespace mlprov::tiles {
namespace {

using mlprov::testing::error_name;

constexpr Algorithm kHash = Algorithm::kSha256;

/// A log in memory: all leaf hashes, and the tiles that a reader may ask for.
class Log {
 public:
  explicit Log(std::uint64_t size) {
    for (std::uint64_t i = 0; i < size; ++i) {
      leaves_.push_back(rfc6962::leaf_hash(kHash, as_bytes(std::to_string(i))));
    }
    for (const TileId& tile : new_tiles(0, size)) {
      if (tile.level >= 0) tiles_[tile] = hash_tile(tile, leaves_);
    }
  }

  std::uint64_t size() const { return leaves_.size(); }
  const std::vector<Digest32>& leaves() const { return leaves_; }
  Digest32 root() const { return rfc6962::root(kHash, leaves_); }
  std::map<TileId, Bytes>& tiles() { return tiles_; }
  TileReader reader() {
    return [this](const TileId& tile) {
      ++reads_;
      return tiles_.at(tile);
    };
  }
  int reads() const { return reads_; }

 private:
  std::vector<Digest32> leaves_;
  std::map<TileId, Bytes> tiles_;
  int reads_ = 0;
};

std::vector<std::uint64_t> some_below(std::uint64_t size) {
  std::vector<std::uint64_t> some;
  for (const std::uint64_t i : {0UL, 1UL, 2UL, 127UL, 254UL, 255UL, 256UL, 257UL, 511UL, 512UL,
                                1000UL, 65535UL, 65536UL, 65700UL}) {
    if (i < size) some.push_back(i);
  }
  if (size > 0) some.push_back(size - 1);
  return some;
}

constexpr std::uint64_t kSizes[] = {1,   2,   3,   7,   255, 256,        257,
                                    300, 511, 512, 513, 700, 65536 + 300};

TEST(TileProofs, AreThoseOfTheWholeTree) {
  for (const std::uint64_t size : kSizes) {
    Log log(size);
    EXPECT_EQ(tree_root(log.reader(), size), log.root()) << size;
    for (const std::uint64_t i : some_below(size)) {
      EXPECT_EQ(prove_inclusion(log.reader(), size, log.root(), i),
                rfc6962::inclusion_path(kHash, log.leaves(), i))
          << i << " of " << size;
      EXPECT_EQ(prove_consistency(log.reader(), i + 1, size, log.root()),
                rfc6962::consistency_path(kHash, log.leaves(), i + 1))
          << i + 1 << " to " << size;
    }
  }
}

TEST(TileProofs, HoldForEveryIndexAndSizeOfSmallLogs) {
  for (std::uint64_t size = 1; size <= 40; ++size) {
    Log log(size);
    for (std::uint64_t i = 0; i < size; ++i) {
      const auto path = prove_inclusion(log.reader(), size, log.root(), i);
      EXPECT_EQ(rfc6962::root_from_inclusion(kHash, log.leaves()[i], i, size, path), log.root());
      const auto old_root = rfc6962::root(kHash, std::span(log.leaves()).first(i + 1));
      const auto growth = prove_consistency(log.reader(), i + 1, size, log.root());
      EXPECT_TRUE(rfc6962::is_consistent(kHash, i + 1, old_root, size, log.root(), growth))
          << i + 1 << " to " << size;
    }
  }
}

TEST(TileProofs, OfTheEmptyLog) {
  Log log(0);
  EXPECT_EQ(tree_root(log.reader(), 0), rfc6962::empty_root(kHash));
  EXPECT_TRUE(prove_consistency(log.reader(), 0, 0, log.root()).empty());
  EXPECT_EQ(error_name([&] { prove_inclusion(log.reader(), 0, log.root(), 0); }), "usage");
  EXPECT_EQ(log.reads(), 0);
}

TEST(TileProofs, RefuseWhatTheLogHasNot) {
  Log log(300);
  EXPECT_EQ(error_name([&] { prove_inclusion(log.reader(), 300, log.root(), 300); }), "usage");
  EXPECT_EQ(error_name([&] { prove_consistency(log.reader(), 301, 300, log.root()); }), "usage");
  EXPECT_TRUE(prove_consistency(log.reader(), 0, 300, log.root()).empty());
  EXPECT_TRUE(prove_consistency(log.reader(), 300, 300, log.root()).empty());
}

TEST(TileProofs, ReadOnlyTheTilesNeeded) {
  Log log(65536 + 300);
  // The right edge is one tile a level; an entry far left adds a tile of levels 0 and 1.
  (void)tree_root(log.reader(), log.size());
  EXPECT_EQ(log.reads(), 3);
  (void)prove_inclusion(log.reader(), log.size(), log.root(), 5);
  EXPECT_EQ(log.reads(), 3 + 3 + 2);
}

TEST(TileProofs, NoChangedTileGoesUnseen) {
  Log good(65536 + 300);
  const Digest32 root = good.root();
  for (const TileId& id :
       {TileId{0, 0}, TileId{0, 257, 44}, TileId{1, 0}, TileId{1, 1, 1}, TileId{2, 0, 1}}) {
    ASSERT_TRUE(good.tiles().contains(id)) << tile_path(id);
    for (const std::size_t hash : {std::size_t{0}, good.tiles()[id].size() / 32 - 1}) {
      good.tiles()[id][32 * hash + 7] ^= 1;
      EXPECT_EQ(error_name([&] { prove_inclusion(good.reader(), good.size(), root, 0); }),
                "malformed")
          << tile_path(id) << " hash " << hash;
      good.tiles()[id][32 * hash + 7] ^= 1;
    }
  }
  EXPECT_EQ(error_name([&] { prove_inclusion(good.reader(), good.size(), root, 0); }), "no error");
}

TEST(TileProofs, RefuseTilesOfAnotherLengthOrRoot) {
  Log log(700);
  const Digest32 root = log.root();
  EXPECT_EQ(error_name([&] { prove_inclusion(log.reader(), 700, Digest32{}, 0); }), "malformed");
  EXPECT_EQ(error_name([&] { prove_consistency(log.reader(), 300, 700, Digest32{}); }),
            "malformed");
  EXPECT_EQ(error_name([&] { prove_consistency(log.reader(), 0, 700, Digest32{}); }), "malformed");
  log.tiles()[{0, 2, 188}].pop_back();
  EXPECT_EQ(error_name([&] { prove_inclusion(log.reader(), 700, root, 0); }), "malformed");
  log.tiles()[{0, 2, 188}] = Bytes(256 * 32);
  EXPECT_EQ(error_name([&] { tree_root(log.reader(), 700); }), "malformed");
}

}  // namespace
}  // namespace mlprov::tiles
