#include <gtest/gtest.h>

#include "identity/error_name.h"
#include "mlprov/digest/hasher.h"
#include "mlprov/log/tiles.h"
#include "mlprov/merkle/rfc6962.h"

namespace mlprov::tiles {
namespace {

using mlprov::testing::error_name;

Digest32 leaf(std::uint64_t i) {
  return rfc6962::leaf_hash(Algorithm::kSha256, as_bytes(std::to_string(i)));
}

std::vector<Digest32> leaves_of(std::uint64_t count) {
  std::vector<Digest32> leaves;
  for (std::uint64_t i = 0; i < count; ++i) leaves.push_back(leaf(i));
  return leaves;
}

TEST(TilePath, SpellsEveryTile) {
  const struct {
    TileId tile;
    const char* path;
  } kRows[] = {{{0, 0}, "tile/0/000"},
               {{0, 273, 112}, "tile/0/273.p/112"},
               {{-1, 999}, "tile/entries/999"},
               {{-1, 1000, 1}, "tile/entries/x001/000.p/1"},
               {{0, 1234067}, "tile/0/x001/x234/067"},
               {{2, 0, 255}, "tile/2/000.p/255"},
               {{63, 0}, "tile/63/000"},
               {{0, 18446744073709551615U}, "tile/0/x018/x446/x744/x073/x709/x551/615"}};
  for (const auto& row : kRows) {
    EXPECT_EQ(tile_path(row.tile), row.path);
    ASSERT_TRUE(parse_tile_path(row.path)) << row.path;
    EXPECT_EQ(*parse_tile_path(row.path), row.tile) << row.path;
  }
}

TEST(TilePath, RefusesEveryOtherSpelling) {
  for (const char* path : {"",
                           "tile",
                           "tile/",
                           "tile/0",
                           "tile/0/",
                           "tile/0/0",
                           "tile/0/00",
                           "tile/0/0000",
                           "tile/00/000",
                           "tile/+0/000",
                           "tile/-1/000",
                           "tile/64/000",
                           "tile/x/000",
                           "tile/0/x000",
                           "tile/0/x000/000",
                           "tile/0/x000/001",
                           "tile/0/001/000",
                           "tile/0/x001",
                           "tile/0/x001/",
                           "tile/0/x1/000",
                           "tile/0/x001//000",
                           "tile/0/x001/x000",
                           "tile/0/1000",
                           "tile/0/000.p",
                           "tile/0/000.p/",
                           "tile/0/000.p/0",
                           "tile/0/000.p/256",
                           "tile/0/000.p/01",
                           "tile/0/000.p/-1",
                           "tile/0/000.p/1/",
                           "tile/0/000.p/1 ",
                           "tile/0/000.P/1",
                           "tile/0/000/",
                           "/tile/0/000",
                           "tile/entries",
                           "tile/entries/",
                           "tile/entries/0",
                           "tile/data/000",
                           "tile/8/0/000",
                           "tile/0/ 00",
                           "tile/0/-01",
                           "tile/0/x018/x446/x744/x073/x709/x551/616",
                           "tile/0/x999/x999/x999/x999/x999/x999/x999/999",
                           "tile/99999999999999999999/000"}) {
    EXPECT_FALSE(parse_tile_path(path)) << path;
  }
}

std::vector<std::string> paths(std::uint64_t old_size, std::uint64_t new_size) {
  std::vector<std::string> all;
  for (const TileId& tile : new_tiles(old_size, new_size)) all.push_back(tile_path(tile));
  return all;
}

TEST(NewTiles, AreThoseOfTheSpecification) {
  using Paths = std::vector<std::string>;
  EXPECT_EQ(paths(0, 0), Paths());
  EXPECT_EQ(paths(0, 1), (Paths{"tile/entries/000.p/1", "tile/0/000.p/1"}));
  EXPECT_EQ(paths(0, 255), (Paths{"tile/entries/000.p/255", "tile/0/000.p/255"}));
  EXPECT_EQ(paths(0, 256), (Paths{"tile/entries/000", "tile/0/000", "tile/1/000.p/1"}));
  EXPECT_EQ(paths(256, 257), (Paths{"tile/entries/001.p/1", "tile/0/001.p/1"}));
  EXPECT_EQ(paths(255, 257), (Paths{"tile/entries/000", "tile/entries/001.p/1", "tile/0/000",
                                    "tile/0/001.p/1", "tile/1/000.p/1"}));
  EXPECT_EQ(paths(300, 300), Paths());
  EXPECT_EQ(paths(300, 700), (Paths{"tile/entries/001", "tile/entries/002.p/188", "tile/0/001",
                                    "tile/0/002.p/188", "tile/1/000.p/2"}));
  const Paths large = paths(0, 70000);
  EXPECT_EQ(large.size(), 274U + 274U + 2U + 1U);
  EXPECT_EQ(large[273], "tile/entries/273.p/112");
  EXPECT_EQ(Paths(large.end() - 4, large.end()),
            (Paths{"tile/0/273.p/112", "tile/1/000", "tile/1/001.p/17", "tile/2/000.p/1"}));
}

TEST(NewTiles, ReachTheLargestSizes) {
  const std::uint64_t most = ~std::uint64_t{0};
  const auto all = new_tiles(most - 1, most);
  EXPECT_EQ(tile_path(all.back()), "tile/0/x072/x057/x594/x037/x927/935.p/255");
  EXPECT_EQ(all.size(), 2U);
  EXPECT_EQ(new_tiles(most - 255, most - 254).size(), 2U);
  EXPECT_EQ(new_tiles(most - 256, most - 255).size(), 3U);
}

TEST(HashTile, HoldsTheHashesOfItsLevel) {
  const auto leaves = leaves_of(700);
  const auto first = parse_hash_tile(hash_tile({0, 0}, leaves), 256);
  EXPECT_EQ(first, std::vector<Digest32>(leaves.begin(), leaves.begin() + 256));
  const auto partial = parse_hash_tile(hash_tile({0, 2, 188}, leaves), 188);
  EXPECT_EQ(partial.back(), leaves.back());
  const auto above = parse_hash_tile(hash_tile({1, 0, 2}, leaves), 2);
  EXPECT_EQ(above[1], rfc6962::root(Algorithm::kSha256, std::span(leaves).subspan(256, 256)));
  EXPECT_EQ(above[1], full_tile_root(hash_tile({0, 1}, leaves)));
}

TEST(HashTile, RefusesTilesThatTheLogHasNot) {
  const auto leaves = leaves_of(300);
  for (const TileId& tile :
       {TileId{0, 1, 45}, TileId{0, 1}, TileId{0, 2, 1}, TileId{1, 0, 2}, TileId{2, 0, 1},
        TileId{-1, 0}, TileId{8, 0, 1}, TileId{63, 0, 1}, TileId{0, 0, 0}, TileId{0, 0, 257},
        TileId{0, ~std::uint64_t{0}, 1}, TileId{0, std::uint64_t{1} << 56, 1}}) {
    EXPECT_EQ(error_name([&] { hash_tile(tile, leaves); }), "usage") << tile_path(tile);
  }
}

TEST(ParseHashTile, DemandsTheExactLength) {
  EXPECT_EQ(parse_hash_tile(Bytes(32 * 256), 256).size(), 256U);
  const struct {
    std::size_t bytes;
    unsigned width;
  } kRows[] = {{0, 0}, {0, 1}, {31, 1}, {33, 1}, {64, 1}, {32 * 257, 257}, {32, 256}};
  for (const auto& row : kRows) {
    EXPECT_EQ(error_name([&] { parse_hash_tile(Bytes(row.bytes), row.width); }), "malformed")
        << row.bytes << " for " << row.width;
  }
  EXPECT_EQ(error_name([] { full_tile_root(Bytes(32)); }), "malformed");
}

TEST(EntryBundle, RoundTrips) {
  const std::vector<Bytes> entries = {Bytes(), Bytes(1, 7), Bytes(32, 1), Bytes(65535, 2)};
  const Bytes bundle = encode_entry_bundle(entries);
  EXPECT_EQ(bundle.size(), 4 * 2 + 1 + 32 + 65535U);
  EXPECT_EQ(parse_entry_bundle(bundle, 4), entries);
  EXPECT_EQ(error_name([] { encode_entry_bundle({Bytes(65536)}); }), "too-large");
}

TEST(EntryBundle, DemandsExactlyItsEntries) {
  const Bytes good = encode_entry_bundle({Bytes(32, 1), Bytes(32, 2)});
  EXPECT_EQ(parse_entry_bundle(good, 2).size(), 2U);
  for (const unsigned width : {0U, 1U, 3U, 257U}) {
    EXPECT_EQ(error_name([&] { parse_entry_bundle(good, width); }), "malformed") << width;
  }
  for (std::size_t cut = 0; cut < good.size(); ++cut) {
    EXPECT_EQ(error_name([&] { parse_entry_bundle(ByteView(good).first(cut), 2); }), "malformed")
        << "cut at " << cut;
  }
}

}  // namespace
}  // namespace mlprov::tiles
