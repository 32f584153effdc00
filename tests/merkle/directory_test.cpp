#include "mlprov/merkle/directory.h"

#include <gtest/gtest.h>

#include "merkle/make.h"
#include "mlprov/merkle/rfc6962.h"

namespace mlprov {
namespace {

using testing::make_file;
using testing::make_tree;
using testing::thrown_code;
using testing::with_salt;

constexpr Algorithm kBlake = Algorithm::kBlake3;

Digest32 leaf_of(const Entry& entry) {
  return rfc6962::leaf_hash(kBlake, as_bytes(encode_entry(entry)));
}

std::vector<std::string> names_of(const Directory& directory) {
  std::vector<std::string> names;
  for (const Slot& slot : directory.slots()) names.push_back(std::get<Entry>(slot).name);
  return names;
}

TEST(Directory, AnEmptyOneHasTheRootOfNothing) {
  for (const Algorithm algorithm : all_algorithms()) {
    if (!is_tree_algorithm(algorithm)) continue;
    const Directory directory = Directory::from_entries(algorithm, {});
    EXPECT_EQ(directory.root(), digest32(algorithm, ByteView())) << to_string(algorithm);
    EXPECT_EQ(directory.size(), 0u);
    EXPECT_FALSE(directory.salted());
    EXPECT_EQ(directory.find("a"), nullptr);
  }
}

TEST(Directory, LongAlgorithmsBuildNone) {
  EXPECT_EQ(thrown_code([] { Directory::from_entries(Algorithm::kSha512, {}); }), "usage");
  EXPECT_EQ(thrown_code([] { Directory::from_slots(Algorithm::kBlake2b512, {}); }), "usage");
}

TEST(Directory, SortsByTheBytesOfNames) {
  const std::vector<std::string> sorted = {
      "A",   "B",  "Z", "a",  "a%00",     "a-",           "a.",
      "a.b", "aa", "b", "~0", "\xC3\xA9", "\xEF\xBF\xBD", "\xF0\x9F\x98\x80"};
  std::vector<Entry> entries;
  for (auto name = sorted.rbegin(); name != sorted.rend(); ++name) {
    entries.push_back(make_file(*name));
  }
  EXPECT_EQ(names_of(Directory::from_entries(kBlake, entries)), sorted);
}

TEST(Directory, RootIsThatOfItsEntriesLeaves) {
  const std::vector<Entry> entries = {make_file("a"), make_file("b"), make_file("c")};
  const Directory directory = Directory::from_entries(kBlake, entries);
  const std::vector<Digest32> leaves = {leaf_of(entries[0]), leaf_of(entries[1]),
                                        leaf_of(entries[2])};
  EXPECT_EQ(directory.leaves(), leaves);
  EXPECT_EQ(directory.root(), rfc6962::root(kBlake, leaves));
}

TEST(Directory, NamesStandOnce) {
  EXPECT_EQ(thrown_code([] {
              Directory::from_entries(kBlake, {make_file("b"), make_file("a"), make_file("b")});
            }),
            "conflict");
  EXPECT_EQ(thrown_code([] {
              Directory::from_slots(kBlake, {make_file("a"), make_file("a")});
            }),
            "malformed");
}

TEST(Directory, CarriedSlotsKeepTheirOrderOrAreRefused) {
  EXPECT_EQ(thrown_code([] {
              Directory::from_slots(kBlake, {make_file("b"), make_file("a")});
            }),
            "malformed");
  const WithheldLeaf hidden{leaf_of(make_file("x"))};
  EXPECT_EQ(thrown_code([&] {
              Directory::from_slots(kBlake, {make_file("b"), hidden, make_file("a")});
            }),
            "malformed");
  EXPECT_EQ(thrown_code([&] {
              Directory::from_slots(kBlake, {make_file("a"), hidden, make_file("a")});
            }),
            "malformed");
  EXPECT_EQ(thrown_code([] { Directory::from_slots(kBlake, {make_file("a/b")}); }), "malformed");
}

TEST(Directory, WithholdingKeepsTheRoot) {
  const std::vector<Entry> entries = {make_file("a"), with_salt(make_file("b"), 1), make_file("c"),
                                      make_file("d"), with_salt(make_file("e"), 2)};
  const Directory whole = Directory::from_entries(kBlake, entries);
  for (unsigned hidden = 0; hidden < 32; ++hidden) {
    std::vector<Slot> slots;
    for (std::size_t i = 0; i < entries.size(); ++i) {
      if ((hidden >> i & 1) != 0) {
        slots.emplace_back(WithheldLeaf{leaf_of(entries[i])});
      } else {
        slots.emplace_back(entries[i]);
      }
    }
    const Directory part = Directory::from_slots(kBlake, slots);
    ASSERT_EQ(part.root(), whole.root()) << hidden;
    EXPECT_EQ(part.withheld(), static_cast<std::uint64_t>(std::popcount(hidden)));
    EXPECT_TRUE(part.salted());
    for (std::size_t i = 0; i < entries.size(); ++i) {
      const Entry* found = part.find(entries[i].name);
      ASSERT_EQ(found == nullptr, (hidden >> i & 1) != 0) << hidden << " " << i;
      if (found != nullptr) {
        EXPECT_EQ(part.index_of(entries[i].name), i);
      }
    }
    EXPECT_EQ(part.find("bb"), nullptr);
  }
}

TEST(Directory, FindsByTheWholeName) {
  std::vector<Entry> entries;
  for (int i = 0; i < 1000; ++i) entries.push_back(make_file("n" + std::to_string(i)));
  const Directory directory = Directory::from_entries(kBlake, entries);
  for (int i = 0; i < 1000; ++i) {
    const std::string name = "n" + std::to_string(i);
    ASSERT_NE(directory.find(name), nullptr) << name;
    ASSERT_EQ(directory.find(name)->name, name);
    ASSERT_EQ(std::get<Entry>(directory.slots()[directory.index_of(name)]).name, name);
  }
  for (const char* name : {"", "n", "n1000", "N1", "n1 "}) {
    EXPECT_EQ(directory.find(name), nullptr) << name;
    EXPECT_EQ(thrown_code([&] { directory.index_of(name); }), "usage") << name;
  }
}

TEST(Directory, IsSaltedWhenAnythingInItIs) {
  const Directory plain = Directory::from_entries(kBlake, {make_file("a")});
  EXPECT_FALSE(plain.salted());
  const Directory salted = Directory::from_entries(kBlake, {with_salt(make_file("a"), 1)});
  EXPECT_TRUE(salted.salted());
  EXPECT_TRUE(Directory::from_entries(kBlake, {make_tree("t", salted)}).salted());
  EXPECT_FALSE(Directory::from_entries(kBlake, {make_tree("t", plain)}).salted());
  EXPECT_TRUE(Directory::from_entries(kBlake, {with_salt(make_tree("t", plain), 1)}).salted());
  EXPECT_TRUE(Directory::from_slots(kBlake, {WithheldLeaf{}}).salted());
}

// Why directories and contents are two maps: the digests of both can be made equal.
TEST(Directory, AFileCanHaveTheDigestOfADirectory) {
  const Entry entry = make_file("a");
  const std::string content = std::string(1, '\0') + encode_entry(entry);
  EXPECT_EQ(Directory::from_entries(kBlake, {entry}).root(), digest32(kBlake, as_bytes(content)));
}

TEST(Directory, EveryFieldOfAnEntryMovesTheRoot) {
  const Entry base = make_file("a");
  std::vector<Entry> others(5, base);
  others[0].name = "b";
  others[1].digest[31] ^= 1;
  others[2].size += 1;
  others[3].kind = EntryKind::kText;
  others[4].salt = Salt{};
  for (const Entry& other : others) {
    EXPECT_NE(Directory::from_entries(kBlake, {base}).root(),
              Directory::from_entries(kBlake, {other}).root())
        << encode_entry(other);
  }
}

}  // namespace
}  // namespace mlprov
