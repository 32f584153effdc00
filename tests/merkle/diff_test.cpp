#include "mlprov/merkle/diff.h"

#include <gtest/gtest.h>

#include "merkle/make.h"
#include "mlprov/merkle/content.h"
#include "mlprov/merkle/rfc6962.h"

namespace mlprov {
namespace {

using testing::make_file;
using testing::make_salt;
using testing::make_tree;
using testing::Shelf;
using testing::thrown_code;
using testing::with_salt;

constexpr Algorithm kSha = Algorithm::kSha256;
constexpr DiffOptions kContent{true};
constexpr DiffOptions kAll{false};

/// Differences as lines such as `< path`, `> path`, `! path` (changed), `? path` (unknown).
std::vector<std::string> diff(const MerkleTree& left, const MerkleTree& right,
                              const DiffOptions& options = kContent) {
  std::vector<std::string> lines;
  diff_trees(
      left, right,
      [&](const TreeDifference& found) {
        lines.push_back(std::string(1, "<>!?"[static_cast<int>(found.kind)]) + " " + found.path);
        if (found.left != nullptr && found.kind != TreeDifference::Kind::kUnknown) {
          EXPECT_TRUE(found.path.ends_with(found.left->name)) << found.path;
        }
        return true;
      },
      options);
  return lines;
}

using Lines = std::vector<std::string>;
using Files = std::vector<std::pair<std::string, Entry>>;

MerkleTree tree_of(const Files& files) {
  MerkleTreeBuilder builder(kSha);
  for (const auto& [folder, entry] : files) builder.add(folder, entry);
  return builder.build();
}

TEST(TreeDiff, FindsNothingBetweenEqualTrees) {
  const MerkleTree tree = tree_of({{"a", make_file("f")}, {"", make_file("g")}});
  EXPECT_EQ(diff(tree, tree), Lines{});
  EXPECT_EQ(diff(tree, tree_of({{"", make_file("g")}, {"a", make_file("f")}}), kAll), Lines{});
}

TEST(TreeDiff, NamesEachPlaceInOrderOfPaths) {
  const MerkleTree left = tree_of({{"a", make_file("same")},
                                   {"a", make_file("x", "1")},
                                   {"a/deep", make_file("only")},
                                   {"b", make_file("f")},
                                   {"both", make_file("f")},
                                   {"", make_file("kind")},
                                   {"", make_file("z", "old")}});
  Entry text = make_file("kind");
  text.kind = EntryKind::kText;
  const MerkleTree right = tree_of({{"a", make_file("same")},
                                    {"a", make_file("x", "2")},
                                    {"a.b", make_file("f")},
                                    {"", make_file("both")},
                                    {"", text},
                                    {"", make_file("z", "new")}});
  const Lines expected = {"< a/deep", "! a/x", "> a.b", "< b", "! both", "! kind", "! z"};
  EXPECT_EQ(diff(left, right), expected);
  EXPECT_EQ(diff(left, right, kAll), expected);
  const Lines turned = {"> a/deep", "! a/x", "< a.b", "> b", "! both", "! kind", "! z"};
  EXPECT_EQ(diff(right, left), turned);
}

TEST(TreeDiff, GivesTheEntriesOfBothTrees) {
  const MerkleTree left = tree_of({{"a", make_file("f", "1")}});
  const MerkleTree right = tree_of({{"a", make_file("f", "2")}});
  diff_trees(left, right, [&](const TreeDifference& found) {
    EXPECT_EQ(found.left, left.find("a/f"));
    EXPECT_EQ(found.right, right.find("a/f"));
    return true;
  });
}

TEST(TreeDiff, StopsWhenToldTo) {
  const MerkleTree left = tree_of({{"a", make_file("f")}, {"b", make_file("f")}});
  const MerkleTree right = tree_of({{"c", make_file("f")}});
  int calls = 0;
  diff_trees(left, right, [&](const TreeDifference&) { return ++calls < 2; });
  EXPECT_EQ(calls, 2);
}

TEST(TreeDiff, LooksThroughSaltsAndCircumstances) {
  const MerkleTree left =
      tree_of({{"a", with_salt(make_file("f"), 1)}, {"a/circumstances", make_file("host", "l")}});
  const MerkleTree right = tree_of({{"a", with_salt(make_file("f"), 2)}});
  EXPECT_EQ(diff(left, right), Lines{});
  EXPECT_EQ(content_root(left), content_root(right));
  EXPECT_EQ(diff(left, right, kAll), (Lines{"< a/circumstances", "! a/f"}));
}

TEST(TreeDiff, TakesTheSaltOfADirectoryAsADifferenceOnlyInFull) {
  MerkleTreeBuilder salted(kSha);
  salted.add("a", make_file("f"));
  salted.add_folder("a", make_salt(1));
  const MerkleTree left = salted.build();
  const MerkleTree right = tree_of({{"a", make_file("f")}});
  EXPECT_EQ(diff(left, right), Lines{});
  EXPECT_EQ(diff(left, right, kAll), Lines{"! a"});
}

/// `folders` folders of as many files; one file's content is `content`.
MerkleTree wide_tree(int folders, const std::string& content) {
  MerkleTreeBuilder builder(kSha);
  for (int i = 0; i < folders; ++i) {
    const std::string folder = "f" + std::to_string(i) + "/sub";
    for (int j = 0; j < folders; ++j) {
      const bool is_the_one = i == folders / 2 && j == folders / 3;
      builder.add(folder, make_file("n" + std::to_string(j), is_the_one ? content : "x"));
    }
  }
  return builder.build();
}

TEST(TreeDiff, ReadsOnlyWhatDiffers) {
  const MerkleTree left = wide_tree(60, "old");
  const MerkleTree right = wide_tree(60, "new");
  Lines found;
  const std::size_t read = diff_trees(left, right, [&](const TreeDifference& difference) {
    found.push_back(difference.path);
    return true;
  });
  EXPECT_EQ(found, Lines{"f30/sub/n20"});
  EXPECT_EQ(read, 6u) << "top, folder and sub of each side";
  const auto nothing = [](const TreeDifference&) { return true; };
  EXPECT_EQ(diff_trees(left, left, nothing), 0u);
}

/// `d/f`, where the directory is left out of the tree.
MerkleTree unread(bool salted, const std::string& content) {
  Shelf shelf;
  Entry file = make_file("f", content);
  if (salted) file.salt = make_salt(1);
  const Directory& child = shelf.put({file});
  const Directory& top = shelf.put({make_tree("d", child)});
  shelf.drop(child.root());
  return shelf.tree(top);
}

TEST(TreeDiff, SaysWhatItCannotSay) {
  EXPECT_EQ(diff(unread(false, "1"), unread(false, "1")), Lines{});
  EXPECT_EQ(diff(unread(false, "1"), unread(false, "2")), Lines{"! d"}) << "surely another";
  EXPECT_EQ(diff(unread(true, "1"), unread(false, "1")), Lines{"? d"}) << "salt or content";
  EXPECT_EQ(diff(unread(true, "1"), unread(false, "1"), kAll), Lines{"! d"});
  const MerkleTree whole = tree_of({{"d", with_salt(make_file("f", "1"), 1)}});
  EXPECT_EQ(diff(whole, unread(true, "1")), Lines{}) << "the same root needs no reading";
  EXPECT_EQ(diff(whole, unread(false, "1")), Lines{}) << "the same content root";
  EXPECT_EQ(diff(whole, unread(false, "2")), Lines{"! d"});
  EXPECT_EQ(diff(unread(false, "1"), whole), Lines{});
}

Digest32 leaf_of(const Entry& entry) {
  return rfc6962::leaf_hash(kSha, as_bytes(encode_entry(entry)));
}

TEST(TreeDiff, KnowsAWithheldEntryByItsLeaf) {
  const Entry a = make_file("a");
  const Entry b = with_salt(make_file("b"), 1);
  const Entry c = make_file("c", "left");
  Shelf shelf;
  const MerkleTree hides = shelf.tree(shelf.put_slots({a, WithheldLeaf{leaf_of(b)}, c}));
  const MerkleTree shows = tree_of({{"", a}, {"", b}, {"", make_file("c", "right")}});
  EXPECT_EQ(diff(hides, shows), Lines{"! c"});
  EXPECT_EQ(diff(shows, hides), Lines{"! c"});
  const MerkleTree hides_too =
      shelf.tree(shelf.put_slots({make_file("A"), WithheldLeaf{leaf_of(b)}, c}));
  EXPECT_EQ(diff(hides, hides_too), (Lines{"> A", "< a"}));
}

TEST(TreeDiff, IsUnsureWhereAnotherEntryIsWithheld) {
  const Entry a = make_file("a");
  const Entry b = with_salt(make_file("b"), 1);
  Shelf shelf;
  const Directory& hiding = shelf.put_slots({a, WithheldLeaf{leaf_of(b)}});
  const MerkleTree hides = shelf.tree(shelf.put({make_tree("d", hiding)}));
  const MerkleTree other = tree_of({{"d", a}, {"d", with_salt(make_file("b"), 2)}});
  EXPECT_EQ(diff(hides, other), (Lines{"? d", "? d/b"}));
  EXPECT_EQ(diff(other, hides), (Lines{"? d", "? d/b"}));
  EXPECT_EQ(diff(hides, tree_of({{"d", a}})), Lines{"? d"});
  EXPECT_EQ(diff(shelf.tree(hiding), tree_of({{"", a}})), Lines{"? "}) << "the top has no name";
}

TEST(TreeDiff, DoesNotCallTreesEqualForTheOrderOfWithheldEntries) {
  const WithheldLeaf hidden{leaf_of(with_salt(make_file("b"), 1))};
  Shelf shelf;
  const MerkleTree first = shelf.tree(shelf.put_slots({make_file("a"), hidden}));
  const MerkleTree second = shelf.tree(shelf.put_slots({hidden, make_file("a")}));
  EXPECT_EQ(diff(first, second, kAll), Lines{"? "});
}

TEST(TreeDiff, ComparesOneAlgorithmOnly) {
  const MerkleTree other = MerkleTreeBuilder(Algorithm::kBlake3).build();
  EXPECT_EQ(thrown_code([&] { diff(tree_of({}), other); }), "usage");
}

}  // namespace
}  // namespace mlprov
