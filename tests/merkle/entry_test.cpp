#include "mlprov/merkle/entry.h"

#include <gtest/gtest.h>

#include "merkle/make.h"

namespace mlprov {
namespace {

using testing::make_file;
using testing::make_salt;
using testing::make_tensor;
using testing::seeded_generator;
using testing::thrown_code;
using testing::with_salt;

const std::string kHex(64, 'a');

Digest32 digest_aa() {
  Digest32 digest;
  digest.fill(0xAA);
  return digest;
}

Entry make(EntryKind kind, std::string name) {
  Entry entry;
  entry.kind = kind;
  entry.name = std::move(name);
  entry.digest = digest_aa();
  return entry;
}

TEST(Entry, HasTheseBytes) {
  Entry file = make(EntryKind::kFile, "weights.bin");
  file.size = 9007199254740991;
  EXPECT_EQ(encode_entry(file), R"({"digest":")" + kHex +
                                    R"(","kind":"file","name":"weights.bin",)"
                                    R"("size":9007199254740991})");

  Entry json = with_salt(make(EntryKind::kJson, "sa\"y\\"), 0x0F);
  EXPECT_EQ(encode_entry(json), R"({"digest":")" + kHex +
                                    R"(","kind":"json","name":"sa\"y\\",)"
                                    R"("salt":"0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f","size":0})");

  Entry tensor = make(EntryKind::kTensor, "fc.weight");
  tensor.dtype = "F32";
  tensor.shape = {10, 0, 5};
  EXPECT_EQ(encode_entry(tensor), R"({"digest":")" + kHex +
                                      R"(","dtype":"F32","kind":"tensor","name":"fc.weight",)"
                                      R"("shape":[10,0,5]})");

  Entry tree = with_salt(make(EntryKind::kTree, "model"), 0x10);
  tree.entries = 3;
  tree.salted = true;
  EXPECT_EQ(encode_entry(tree), R"({"digest":")" + kHex +
                                    R"(","entries":3,"kind":"tree","name":"model",)"
                                    R"("salt":"10101010101010101010101010101010","salted":true})");
}

TEST(Entry, KindsHaveTheirNames) {
  for (const char* name : {"json", "file", "text", "tensor", "tree"}) {
    const auto kind = entry_kind_from_name(name);
    ASSERT_TRUE(kind) << name;
    EXPECT_EQ(to_string(*kind), name);
  }
  for (const char* name : {"", "File", "blob", "files", "tensor "}) {
    EXPECT_FALSE(entry_kind_from_name(name)) << name;
  }
}

std::string random_name(std::mt19937_64& generator) {
  std::string outside(generator() % 24 + 1, '\0');
  for (char& byte : outside) byte = static_cast<char>(generator());
  return escape_name(outside);
}

std::uint64_t random_integer(std::mt19937_64& generator) {
  return (generator() & kMaxEntryInteger) >> (generator() % 54);
}

Entry random_entry(std::mt19937_64& generator) {
  Entry entry = make(static_cast<EntryKind>(generator() % 5), random_name(generator));
  for (std::uint8_t& byte : entry.digest) byte = static_cast<std::uint8_t>(generator());
  if (generator() % 2 == 0) entry.salt = make_salt(static_cast<std::uint8_t>(generator()));
  if (entry.kind == EntryKind::kTensor) {
    static constexpr const char* kTypes[] = {"F32", "BF16", "BOOL", "I64", "F4"};
    entry.dtype = kTypes[generator() % 5];
    for (std::uint64_t i = generator() % 5; i > 0; --i) entry.shape.push_back(generator() % 1000);
  } else if (entry.kind == EntryKind::kTree) {
    entry.entries = random_integer(generator);
    entry.salted = generator() % 2 == 0;
  } else {
    entry.size = random_integer(generator);
  }
  return entry;
}

// The fast writer against the general one, and the reader against both.
TEST(Entry, AnyEntryIsWrittenCanonicallyAndReadBack) {
  auto generator = seeded_generator();
  for (int i = 0; i < 20000; ++i) {
    const Entry entry = random_entry(generator);
    const std::string bytes = encode_entry(entry);
    ASSERT_EQ(bytes, to_canonical(entry_to_json(entry)));
    ASSERT_EQ(parse_entry(bytes), entry) << bytes;
  }
}

TEST(Entry, AppendsToWhatIsThere) {
  std::string bytes = "before";
  append_entry(bytes, make_file("a"));
  EXPECT_EQ(bytes, "before" + encode_entry(make_file("a")));
}

struct Refused {
  const char* why;
  Entry entry;
};

std::vector<Refused> refused_entries() {
  const auto file = [](auto change) {
    Entry entry = make_file("a");
    change(entry);
    return entry;
  };
  const auto tree = [](auto change) {
    Entry entry = make(EntryKind::kTree, "a");
    change(entry);
    return entry;
  };
  return {
      {"empty name", make(EntryKind::kFile, "")},
      {"dots", make(EntryKind::kFile, "..")},
      {"slash", make(EntryKind::kFile, "a/b")},
      {"not UTF-8", make(EntryKind::kFile, "\xFF")},
      {"needless escape", make(EntryKind::kFile, "%41")},
      {"size", file([](Entry& e) { e.size = kMaxEntryInteger + 1; })},
      {"entries", tree([](Entry& e) { e.entries = kMaxEntryInteger + 1; })},
      {"file with dtype", file([](Entry& e) { e.dtype = "F32"; })},
      {"file with shape", file([](Entry& e) { e.shape = {1}; })},
      {"file with entries", file([](Entry& e) { e.entries = 1; })},
      {"salted file", file([](Entry& e) { e.salted = true; })},
      {"tree with size", tree([](Entry& e) { e.size = 1; })},
      {"tree with dtype", tree([](Entry& e) { e.dtype = "F32"; })},
      {"unknown dtype", make_tensor("a", "F33", {1})},
      {"lower-case dtype", make_tensor("a", "f32", {1})},
      {"no dtype", make_tensor("a", "", {1})},
      {"dimension", make_tensor("a", "U8", {kMaxEntryInteger + 1, 0})},
      {"product", make_tensor("a", "U8", {std::uint64_t{1} << 27, std::uint64_t{1} << 26})},
      {"product over 2^64",
       make_tensor("a", "U8", {std::uint64_t{1} << 32, std::uint64_t{1} << 32})},
      {"bytes", make_tensor("a", "F64", {std::uint64_t{1} << 50})},
  };
}

TEST(Entry, WhatNoReaderAcceptsIsNotWritten) {
  for (const Refused& row : refused_entries()) {
    EXPECT_EQ(thrown_code([&] { encode_entry(row.entry); }), "malformed") << row.why;
    EXPECT_EQ(thrown_code([&] { entry_to_json(row.entry); }), "malformed") << row.why;
  }
}

TEST(Entry, TensorBytesAreExactUpToTheLimit) {
  struct Row {
    const char* dtype;
    std::vector<std::uint64_t> shape;
    std::optional<std::uint64_t> bytes;
  };
  const std::uint64_t most = kMaxEntryInteger;
  const std::vector<Row> rows = {
      {"F32", {}, 4},
      {"F32", {3, 4}, 48},
      {"F64", {0}, 0},
      {"F64", {most, most, 0}, 0},
      {"U8", {most}, most},
      {"U8", {most, 2}, std::nullopt},
      {"F16", {most / 2}, most - 1},
      {"F16", {most / 2 + 1}, std::nullopt},
      {"F64", {most / 8}, most - 7},
      {"F64", {most / 8 + 1}, std::nullopt},
      {"F4", {3}, 2},
      {"F4", {}, 1},
      {"F4", {most, 2}, most},
      {"F4", {most, 2, 2}, std::nullopt},
      {"F6_E2M3", {3}, 3},
      {"F6_E2M3", {4}, 3},
      {"none", {1}, std::nullopt},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(tensor_bytes(row.dtype, row.shape), row.bytes)
        << row.dtype << " " << ::testing::PrintToString(row.shape);
  }
}

TEST(Entry, ContentSizeIsThatOfWhatIsHashed) {
  EXPECT_EQ(content_size(make_file("a", "four")), 4u);
  EXPECT_EQ(content_size(make_tensor("t", "BF16", {2, 3})), 12u);
  EXPECT_EQ(thrown_code([] { content_size(make(EntryKind::kTree, "t")); }), "usage");
  EXPECT_EQ(thrown_code([] { content_size(make_tensor("t", "X", {2})); }), "malformed");
}

}  // namespace
}  // namespace mlprov
