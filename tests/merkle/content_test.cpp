#include "mlprov/merkle/content.h"

#include <gtest/gtest.h>

#include "merkle/make.h"
#include "mlprov/merkle/rfc6962.h"

namespace mlprov {
namespace {

using testing::make_file;
using testing::make_salt;
using testing::make_tensor;
using testing::make_tree;
using testing::Shelf;
using testing::thrown_code;
using testing::with_salt;

constexpr Algorithm kSha = Algorithm::kSha256;

/// What makes two runs of one training different, and what is none of its content.
struct Surroundings {
  std::uint8_t salt = 0;  ///< 0: none anywhere.
  std::string host;       ///< Empty: no circumstances at all.
};

void add_circumstances(MerkleTreeBuilder& builder, const std::string& folder,
                       const Surroundings& around) {
  if (around.host.empty()) return;
  builder.add(folder + "circumstances", make_file("host", around.host));
  builder.add(folder + "circumstances/deeper", with_salt(make_file("argv", around.host), 9));
}

MerkleTree training_run(const Surroundings& around, const std::string& weights = "w") {
  const auto salted = [&](Entry entry) {
    return around.salt == 0 ? entry : with_salt(std::move(entry), around.salt);
  };
  MerkleTreeBuilder builder(kSha);
  builder.add("before/config", salted(make_file("rate", "0.1")));
  builder.add("training/epoch-00000001/model", salted(make_tensor("fc", "F32", {2, 2})));
  builder.add("training/epoch-00000001", make_file("rng"));
  builder.add("result", salted(make_file("weights", weights)));
  if (around.salt != 0) builder.add_folder("before/config", make_salt(around.salt));
  for (const char* folder : {"", "before/", "result/", "training/epoch-00000001/"}) {
    add_circumstances(builder, folder, around);
  }
  return builder.build();
}

TEST(ContentRoot, IsThePlainRootWhereThereIsNothingToLeaveOut) {
  const MerkleTree plain = training_run({});
  EXPECT_EQ(content_root(plain), (ContentRoot{plain.root(), plain.entries()}));
}

TEST(ContentRoot, DoesNotSeeSaltsOrCircumstances) {
  const std::optional<ContentRoot> plain = content_root(training_run({}));
  std::set<Digest32> roots;
  for (const std::uint8_t salt : {0, 1, 2}) {
    for (const char* host : {"", "host a", "host b"}) {
      const MerkleTree tree = training_run({salt, host});
      EXPECT_EQ(content_root(tree), plain) << int{salt} << " " << host;
      roots.insert(tree.root());
    }
  }
  EXPECT_EQ(roots.size(), 9u) << "the plain roots all differ";
}

TEST(ContentRoot, SeesEverythingElse) {
  const std::optional<ContentRoot> plain = content_root(training_run({}));
  EXPECT_NE(content_root(training_run({}, "W")), plain);
  EXPECT_NE(content_root(training_run({1, "host"}, "W")), plain);
  const Entry base = make_tensor("t", "F32", {2, 3});
  std::vector<Entry> others(4, base);
  others[0].name = "u";
  others[1].digest[0] ^= 0x80;
  others[2].shape = {3, 2};
  others[3].dtype = "I32";
  const auto root_of = [](const Entry& entry) {
    Shelf shelf;
    return content_root(shelf.tree(shelf.put({entry})))->root;
  };
  for (const Entry& other : others) EXPECT_NE(root_of(other), root_of(base)) << encode_entry(other);
}

TEST(ContentRoot, KeepsADirectoryOfWhichNothingRemains) {
  MerkleTreeBuilder builder(kSha);
  builder.add("result/circumstances", make_file("host"));
  MerkleTreeBuilder expected(kSha);
  expected.add_folder("result");
  const MerkleTree remains = expected.build();
  EXPECT_EQ(content_root(builder.build()), (ContentRoot{remains.root(), 1}));
}

TEST(ContentRoot, AnEscapedCircumstancesIsContent) {
  const auto root_of = [](const std::string& content) {
    MerkleTreeBuilder builder(kSha);
    builder.add("data", make_file(escape_name("circumstances"), content));
    return content_root(builder.build());
  };
  EXPECT_NE(root_of("a"), root_of("b"));
}

/// A tree `a/b/f`, with what is said of `b`, which is left out.
MerkleTree without_b(bool salted, const std::string& place = "a") {
  Shelf shelf;
  Entry file = make_file("f");
  if (salted) file.salt = make_salt(1);
  const Directory& b = shelf.put({file});
  const Directory& a = shelf.put({make_tree("b", b)});
  const Directory& top = shelf.put({make_tree(place, a)});
  shelf.drop(b.root());
  return shelf.tree(top);
}

TEST(ContentRoot, TakesADirectoryNotAtHandAtItsWordUnlessSalted) {
  const MerkleTree plain = without_b(false);
  EXPECT_EQ(content_root(plain), (ContentRoot{plain.root(), 1}));
  EXPECT_FALSE(content_root(without_b(true)));
  EXPECT_TRUE(content_root(without_b(true, "circumstances")));
}

TEST(ContentRoot, IsUnknownBesideAWithheldEntry) {
  for (const char* place : {"a", "circumstances"}) {
    Shelf shelf;
    const Directory& part = shelf.put_slots({make_file("f"), WithheldLeaf{}});
    const MerkleTree tree = shelf.tree(shelf.put({make_tree(place, part), make_file("z")}));
    EXPECT_EQ(content_root(tree).has_value(), std::string(place) == "circumstances") << place;
  }
  Shelf shelf;
  EXPECT_FALSE(content_root(shelf.tree(shelf.put_slots({WithheldLeaf{}}))));
}

TEST(ContentRoot, CountsWhatIsThereAndNotWhatAnEntrySays) {
  Shelf shelf;
  const Directory& child = shelf.put({make_file("f"), make_file("g")});
  Entry lie = make_tree("child", child);
  const Digest32 honest = content_root(shelf.tree(shelf.put({lie})))->root;
  lie.entries = 5;
  EXPECT_EQ(content_root(shelf.tree(shelf.put({lie})))->root, honest);
}

}  // namespace
}  // namespace mlprov
