#include <gtest/gtest.h>

#include "merkle/make.h"
#include "mlprov/merkle/content.h"
#include "mlprov/merkle/diff.h"
#include "mlprov/merkle/proof.h"

// Trees that only an attacker would make: small to carry, endless to walk path by path.
namespace mlprov {
namespace {

using testing::make_file;
using testing::make_tree;
using testing::Shelf;
using testing::thrown_code;
using testing::with_salt;

/// `levels` directories, each referring `width` times to the one below: width^levels paths.
MerkleTree bomb(int levels, int width, const Entry& core) {
  Shelf shelf;
  const Directory* below = &shelf.put({core});
  for (int level = 0; level < levels; ++level) {
    std::vector<Entry> entries;
    for (int i = 0; i < width; ++i) entries.push_back(make_tree("d" + std::to_string(i), *below));
    below = &shelf.put(entries);
  }
  return shelf.tree(*below);
}

constexpr int kDeepest = static_cast<int>(kMaxTreeDepth) - 1;

TEST(HostileTree, ABombIsReadOncePerDirectory) {
  const MerkleTree tree = bomb(kDeepest, 200, make_file("f"));
  EXPECT_EQ(reachable_directories(tree).size(), kMaxTreeDepth);
  EXPECT_EQ(content_root(tree)->root, tree.root());
  const MerkleTree salted = bomb(kDeepest, 200, with_salt(make_file("f"), 1));
  EXPECT_EQ(content_root(salted)->root, tree.root());
  MerkleTreeBuilder builder(tree.algorithm());
  builder.add_tree("copy", bomb(18, 2, make_file("f")));
  EXPECT_EQ(builder.build().directories().size(), 20u);
}

TEST(HostileTree, BombsOfEqualContentAreComparedAtOnce) {
  const MerkleTree left = bomb(kDeepest, 20, with_salt(make_file("f"), 1));
  const MerkleTree right = bomb(kDeepest, 20, with_salt(make_file("f"), 2));
  const auto unexpected = [](const TreeDifference& found) {
    ADD_FAILURE() << found.path;
    return false;
  };
  EXPECT_EQ(diff_trees(left, right, unexpected), 2 * kMaxTreeDepth);
}

TEST(HostileTree, BombsThatDifferEndWhenTheVisitorHasEnough) {
  const MerkleTree left = bomb(kDeepest, 2, make_file("f", "1"));
  const MerkleTree right = bomb(kDeepest, 2, make_file("f", "2"));
  int found = 0;
  const std::size_t read =
      diff_trees(left, right, [&](const TreeDifference&) { return ++found < 100; });
  EXPECT_EQ(found, 100);
  EXPECT_LT(read, 1000u);
}

TEST(HostileTree, DepthEighteenIsInstantEvenWhenEverythingDiffers) {
  int found = 0;
  diff_trees(bomb(12, 2, make_file("f", "1")), bomb(12, 2, make_file("f", "2")),
             [&](const TreeDifference&) { return ++found > 0; });
  EXPECT_EQ(found, 1 << 12);
}

/// A chain in which the name of each directory's child follows from its number, and the salts at
/// its end from the seed: directories of two such chains meet in very many pairs.
MerkleTree many_pairs(int size, std::uint8_t salt) {
  Shelf shelf;
  std::vector<const Directory*> level;
  for (int i = 0; i < size; ++i) {
    level.push_back(&shelf.put({with_salt(make_file("f"), static_cast<std::uint8_t>(salt + i))}));
  }
  for (int depth = 0; depth < 6; ++depth) {
    std::vector<const Directory*> above;
    for (int i = 0; i < size; ++i) {
      std::vector<Entry> entries;
      for (int j = 0; j < size; ++j) {
        const int step = salt == 0 ? i * j : i + j;
        entries.push_back(
            make_tree("d" + std::to_string(j), *level[static_cast<std::size_t>(step % size)]));
      }
      above.push_back(&shelf.put(entries));
    }
    level = above;
  }
  return shelf.tree(*level[1]);
}

TEST(HostileTree, PairsOfEqualContentStopBeingTried) {
  constexpr int kSize = 60;
  const MerkleTree left = many_pairs(kSize, 0);
  const MerkleTree right = many_pairs(kSize, 100);
  const auto unexpected = [](const TreeDifference& found) {
    ADD_FAILURE() << found.path;
    return false;
  };
  const std::size_t read = diff_trees(left, right, unexpected);
  const std::size_t directories = left.directories().size() + right.directories().size();
  EXPECT_LT(read, 5 * directories + 200) << directories;
}

TEST(HostileTree, TooDeepIsAClearError) {
  const auto deeper = [](const std::string& content) {
    Shelf shelf;
    const Directory* below = &shelf.put({make_file("f", content)});
    for (int level = 0; level < 5000; ++level) below = &shelf.put({make_tree("d", *below)});
    return shelf.tree(*below);
  };
  const MerkleTree left = deeper("1");
  const MerkleTree right = deeper("2");
  EXPECT_EQ(thrown_code([&] { content_root(left); }), "too-large");
  EXPECT_EQ(thrown_code([&] { reachable_directories(left); }), "too-large");
  const auto visit = [](const TreeDifference&) { return true; };
  EXPECT_EQ(thrown_code([&] { diff_trees(left, right, visit); }), "too-large");
  EXPECT_EQ(thrown_code([&] { MerkleTreeBuilder(left.algorithm()).add_tree("d", left); }),
            "too-large");
  std::string path = "d";
  for (int i = 0; i < 100; ++i) path += "/d";
  EXPECT_EQ(thrown_code([&] { prove_inclusion(left, path); }), "too-large");
}

// The same directory is too deep at the end of a long way, not at that of a short one.
TEST(HostileTree, DepthCountsAlongTheLongestPath) {
  Shelf shelf;
  const Directory* shared = &shelf.put({make_file("f")});
  for (int level = 0; level < 40; ++level) shared = &shelf.put({make_tree("d", *shared)});
  const Directory* detour = shared;
  for (int level = 0; level < 22; ++level) detour = &shelf.put({make_tree("d", *detour)});
  const MerkleTree fits = shelf.tree(shelf.put({make_tree("a", *shared), make_tree("b", *detour)}));
  EXPECT_NO_THROW(content_root(fits));
  const Directory& longer = shelf.put({make_tree("d", *detour)});
  const MerkleTree exceeds =
      shelf.tree(shelf.put({make_tree("a", *shared), make_tree("b", longer)}));
  EXPECT_EQ(thrown_code([&] { content_root(exceeds); }), "too-large");
}

}  // namespace
}  // namespace mlprov
