#include "mlprov/merkle/tree.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "merkle/make.h"

namespace mlprov {
namespace {

using testing::make_file;
using testing::make_salt;
using testing::make_tree;
using testing::Shelf;
using testing::thrown_code;
using testing::with_salt;

constexpr Algorithm kSha = Algorithm::kSha256;

MerkleTree small_tree() {
  MerkleTreeBuilder builder(kSha);
  builder.add("before/config", make_file("parameters"));
  builder.add("before", make_file("note"));
  builder.add("training/epoch-00000001/model", make_file("fc.weight"));
  builder.add("", make_file("top"));
  builder.add_folder("result");
  return builder.build();
}

TEST(TreeBuilder, MakesTheDirectoriesThatOneWouldMakeByHand) {
  const Directory config = Directory::from_entries(kSha, {make_file("parameters")});
  const Directory before =
      Directory::from_entries(kSha, {make_tree("config", config), make_file("note")});
  const Directory model = Directory::from_entries(kSha, {make_file("fc.weight")});
  const Directory epoch = Directory::from_entries(kSha, {make_tree("model", model)});
  const Directory training = Directory::from_entries(kSha, {make_tree("epoch-00000001", epoch)});
  const Directory result = Directory::from_entries(kSha, {});
  const Directory top =
      Directory::from_entries(kSha, {make_tree("before", before), make_tree("result", result),
                                     make_file("top"), make_tree("training", training)});
  const MerkleTree tree = small_tree();
  EXPECT_EQ(tree.root(), top.root());
  EXPECT_EQ(tree.entries(), 4u);
  EXPECT_EQ(tree.directories().size(), 7u);
}

TEST(TreeBuilder, OrderOfAddingDoesNotMatter) {
  std::vector<std::pair<std::string, std::string>> places;
  for (int i = 0; i < 60; ++i) {
    places.emplace_back("d" + std::to_string(i % 7) + "/e" + std::to_string(i % 3),
                        "f" + std::to_string(i));
  }
  std::optional<Digest32> root;
  auto generator = testing::seeded_generator();
  for (int round = 0; round < 20; ++round) {
    std::shuffle(places.begin(), places.end(), generator);
    MerkleTreeBuilder builder(Algorithm::kBlake3);
    for (const auto& [folder, name] : places) builder.add(folder, make_file(name));
    if (!root) root = builder.build().root();
    EXPECT_EQ(builder.build().root(), *root) << round;
  }
}

TEST(TreeBuilder, MayGrowAfterBuilding) {
  MerkleTreeBuilder builder(kSha);
  builder.add("a", make_file("1"));
  const MerkleTree first = builder.build();
  EXPECT_EQ(builder.build().root(), first.root());
  builder.add("a", make_file("2"));
  const MerkleTree second = builder.build();
  EXPECT_NE(second.root(), first.root());
  EXPECT_EQ(first.find("a/2"), nullptr);
  EXPECT_NE(second.find("a/2"), nullptr);
}

TEST(TreeBuilder, TakesANameOnce) {
  MerkleTreeBuilder builder(kSha);
  builder.add("a/b", make_file("c"));
  EXPECT_EQ(thrown_code([&] { builder.add("a/b", make_file("c", "other")); }), "conflict");
  EXPECT_EQ(thrown_code([&] { builder.add("a", make_file("b")); }), "conflict");
  EXPECT_EQ(thrown_code([&] { builder.add("a/b/c", make_file("d")); }), "conflict");
  EXPECT_EQ(thrown_code([&] { builder.add_folder("a/b/c"); }), "conflict");
  EXPECT_EQ(thrown_code([&] { builder.add_tree("a/b", small_tree()); }), "conflict");
  EXPECT_EQ(thrown_code([&] { builder.add_tree("a/b/c", small_tree()); }), "conflict");
  builder.add_folder("a/b");
  builder.add("a", make_file("B"));
  EXPECT_EQ(builder.build().directory_at("a/b")->size(), 1u);
}

TEST(TreeBuilder, RefusesBadNamesPathsAndKinds) {
  MerkleTreeBuilder builder(kSha);
  EXPECT_EQ(thrown_code([&] { builder.add("", make_file("..")); }), "malformed");
  EXPECT_EQ(thrown_code([&] { builder.add("", make_file("a/b")); }), "malformed");
  EXPECT_EQ(thrown_code([&] { builder.add("a/../b", make_file("x")); }), "malformed");
  EXPECT_EQ(thrown_code([&] { builder.add("/a", make_file("x")); }), "malformed");
  EXPECT_EQ(thrown_code([&] { builder.add("a//b", make_file("x")); }), "malformed");
  EXPECT_EQ(thrown_code([&] { builder.add_folder("a/\xFF"); }), "malformed");
  Entry tree = make_file("t");
  tree.kind = EntryKind::kTree;
  EXPECT_EQ(thrown_code([&] { builder.add("", tree); }), "usage");
  EXPECT_EQ(thrown_code([] { MerkleTreeBuilder(Algorithm::kSha512); }), "usage");
}

TEST(TreeBuilder, SaltsTheEntriesOfFolders) {
  MerkleTreeBuilder builder(kSha);
  builder.add("a/b", make_file("c"));
  builder.add_folder("a/b", make_salt(7));
  const MerkleTree tree = builder.build();
  EXPECT_EQ(tree.find("a/b")->salt, make_salt(7));
  EXPECT_FALSE(tree.find("a/b")->salted) << "its own salt does not count";
  EXPECT_TRUE(tree.find("a")->salted);
  EXPECT_EQ(thrown_code([&] { builder.add_folder("a/b", make_salt(8)); }), "conflict");
  EXPECT_EQ(thrown_code([&] { builder.add_folder("", make_salt(8)); }), "usage");
  builder.add_folder("a/b", make_salt(7));
  builder.add_folder("a/b");
  EXPECT_EQ(builder.build().root(), tree.root());
}

TEST(TreeBuilder, MarksSaltedAllTheWayUp) {
  MerkleTreeBuilder builder(kSha);
  builder.add("a/b/c", with_salt(make_file("d"), 1));
  builder.add("x/y", make_file("z"));
  const MerkleTree tree = builder.build();
  for (const char* path : {"a", "a/b", "a/b/c"}) EXPECT_TRUE(tree.find(path)->salted) << path;
  for (const char* path : {"x", "x/y"}) EXPECT_FALSE(tree.find(path)->salted) << path;
}

TEST(TreeBuilder, HangsInFinishedTreesWhole) {
  const MerkleTree part = small_tree();
  MerkleTreeBuilder builder(kSha);
  builder.add_tree("p/q", part, make_salt(3));
  const MerkleTree tree = builder.build();
  EXPECT_EQ(tree.find("p/q")->digest, part.root());
  EXPECT_EQ(tree.find("p/q")->entries, part.entries());
  EXPECT_EQ(tree.find("p/q")->salt, make_salt(3));
  EXPECT_EQ(tree.directory(part.root()), &part.top()) << "directories are shared";
  EXPECT_NE(tree.find("p/q/before/config/parameters"), nullptr);
  EXPECT_EQ(thrown_code([&] { builder.add("p/q", make_file("x")); }), "conflict");
  EXPECT_EQ(thrown_code([&] { builder.add("p/q/before", make_file("x")); }), "conflict");
  EXPECT_EQ(thrown_code([&] { builder.add_tree("", part); }), "usage");
  MerkleTreeBuilder other(Algorithm::kBlake3);
  EXPECT_EQ(thrown_code([&] { other.add_tree("p", part); }), "usage");
}

TEST(TreeBuilder, TakesOnlyWhatATreeReaches) {
  Shelf shelf;
  shelf.put({make_file("unrelated")});
  const MerkleTree part = shelf.tree(shelf.put({make_file("a")}));
  EXPECT_EQ(part.directories().size(), 2u);
  MerkleTreeBuilder builder(kSha);
  builder.add_tree("p", part);
  EXPECT_EQ(builder.build().directories().size(), 2u);
}

TEST(Tree, FindsByPath) {
  const MerkleTree tree = small_tree();
  EXPECT_EQ(tree.directory_at(""), &tree.top());
  EXPECT_EQ(tree.directory_at("before/config")->size(), 1u);
  EXPECT_EQ(tree.find("before")->kind, EntryKind::kTree);
  EXPECT_EQ(tree.find("before/config/parameters")->name, "parameters");
  for (const char* path : {"", "/", "before/", "/before", "before//config", "befor", "before/x",
                           "top/x", "before/note/x", "before/config/parameters/"}) {
    EXPECT_EQ(tree.find(path), nullptr) << path;
  }
  for (const char* path : {"/", "top", "x", "before/", "before/note"}) {
    EXPECT_EQ(tree.directory_at(path), nullptr) << path;
  }
}

TEST(Tree, NeedsItsTop) {
  const auto none = std::make_shared<const DirectoryMap>();
  EXPECT_EQ(thrown_code([&] { MerkleTree(Digest32{}, none); }), "not-found");
}

TEST(Tree, TrustsNoKeyOfTheMap) {
  const auto child =
      std::make_shared<const Directory>(Directory::from_entries(kSha, {make_file("a")}));
  const auto alien = std::make_shared<const Directory>(
      Directory::from_entries(Algorithm::kBlake3, {make_file("a")}));
  const auto top = std::make_shared<const Directory>(
      Directory::from_entries(kSha, {make_tree("alien", *alien), make_tree("child", *child)}));
  auto map = std::make_shared<DirectoryMap>();
  (*map)[top->root()] = top;
  (*map)[child->root()] = top;  // Would be a cycle.
  (*map)[alien->root()] = alien;
  const MerkleTree tree(top->root(), map);
  EXPECT_EQ(tree.directory(child->root()), nullptr);
  EXPECT_EQ(tree.directory(alien->root()), nullptr) << "another algorithm";
  EXPECT_EQ(reachable_directories(tree).size(), 1u);
  EXPECT_EQ(thrown_code([&] { MerkleTree(child->root(), map); }), "not-found");
}

TEST(Tree, ReachesEachDirectoryOnceChildrenFirst) {
  MerkleTreeBuilder builder(kSha);
  for (const char* path : {"a/x", "b/x", "c/d/x"}) builder.add(path, make_file("same"));
  const MerkleTree tree = builder.build();
  const auto reached = reachable_directories(tree);
  EXPECT_EQ(reached.size(), 4u) << "x, a = b = d, c, top";
  EXPECT_EQ(reached.back().get(), &tree.top());
  std::set<Digest32> seen;
  for (const auto& directory : reached) {
    for (const Slot& slot : directory->slots()) {
      const Entry& entry = std::get<Entry>(slot);
      EXPECT_TRUE(entry.kind != EntryKind::kTree || seen.contains(entry.digest)) << entry.name;
    }
    EXPECT_TRUE(seen.insert(directory->root()).second);
  }
}

TEST(Tree, PathsHaveAtMostSixtyFourNames) {
  const std::vector<std::string> names(kMaxTreeDepth - 1, "d");
  MerkleTreeBuilder builder(kSha);
  builder.add(join_path(names), make_file("f"));
  const MerkleTree deepest = builder.build();
  EXPECT_EQ(reachable_directories(deepest).size(), kMaxTreeDepth);
  EXPECT_EQ(thrown_code([&] { builder.add(join_path(names) + "/d", make_file("f")); }),
            "too-large");
  builder.add_folder(join_path(names) + "/d");
  EXPECT_NO_THROW(builder.build());
  EXPECT_EQ(thrown_code([&] { builder.add_folder(join_path(names) + "/d/d"); }), "too-large");
  MerkleTreeBuilder outer(kSha);
  EXPECT_EQ(thrown_code([&] { outer.add_tree("d", deepest); }), "too-large");
  const Directory& top = deepest.top();
  Shelf shelf;
  for (const auto& directory : reachable_directories(deepest)) shelf.put(*directory);
  const MerkleTree too_deep = shelf.tree(shelf.put({make_tree("d", top)}));
  EXPECT_EQ(thrown_code([&] { reachable_directories(too_deep); }), "too-large");
}

// A smaller sibling of what timing.cpp measures.
TEST(TreeBuilder, BuildsALargeFlatDirectory) {
  MerkleTreeBuilder builder(Algorithm::kBlake3);
  constexpr int kEntries = 20000;
  for (int i = kEntries; i > 0; --i) builder.add("data/train", make_file(std::to_string(i)));
  const MerkleTree tree = builder.build();
  EXPECT_EQ(tree.find("data/train")->entries, static_cast<std::uint64_t>(kEntries));
  EXPECT_NE(tree.find("data/train/12345"), nullptr);
}

}  // namespace
}  // namespace mlprov
