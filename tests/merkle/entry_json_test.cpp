#include <gtest/gtest.h>

#include "merkle/make.h"
#include "mlprov/merkle/entry.h"

namespace mlprov {
namespace {

using testing::thrown_code;

const std::string kHex(64, 'b');
const std::string kSalt(32, '5');

Json file_json() { return {{"digest", kHex}, {"kind", "file"}, {"name", "a"}, {"size", 3}}; }
Json tree_json() { return {{"digest", kHex}, {"kind", "tree"}, {"name", "a"}, {"entries", 3}}; }
Json tensor_json() {
  return {{"digest", kHex},
          {"kind", "tensor"},
          {"name", "a"},
          {"dtype", "F32"},
          {"shape", Json::array({2, 3})}};
}

Json with(Json object, const char* key, Json value) {
  object[key] = std::move(value);
  return object;
}

Json without(Json object, const char* key) {
  object.erase(key);
  return object;
}

TEST(EntryJson, ReadsEachKind) {
  EXPECT_EQ(entry_from_json(file_json()).size, 3u);
  EXPECT_EQ(entry_from_json(tree_json()).entries, 3u);
  EXPECT_FALSE(entry_from_json(tree_json()).salted);
  EXPECT_TRUE(entry_from_json(with(tree_json(), "salted", true)).salted);
  EXPECT_EQ(entry_from_json(tensor_json()).shape, (std::vector<std::uint64_t>{2, 3}));
  EXPECT_EQ(entry_from_json(with(tensor_json(), "shape", Json::array())).shape.size(), 0u);
  EXPECT_EQ(entry_from_json(with(file_json(), "salt", kSalt)).salt, testing::make_salt(0x55));
}

struct Row {
  const char* key;  ///< That the message must name.
  Json value;
};

std::vector<Row> refused_files() {
  const std::uint64_t over = kMaxEntryInteger + 1;
  return {{"size", without(file_json(), "size")},
          {"size", with(file_json(), "size", over)},
          {"size", with(file_json(), "size", ~std::uint64_t{0})},
          {"size", with(file_json(), "size", -1)},
          {"size", with(file_json(), "size", 1.0)},
          {"size", with(file_json(), "size", "3")},
          {"size", with(file_json(), "size", true)},
          {"size", with(file_json(), "size", nullptr)},
          {"name", without(file_json(), "name")},
          {"name", with(file_json(), "name", 7)},
          {"..", with(file_json(), "name", "..")},
          {"a/b", with(file_json(), "name", "a/b")},
          {"digest", without(file_json(), "digest")},
          {"digest", with(file_json(), "digest", std::string(64, 'B'))},
          {"digest", with(file_json(), "digest", std::string(63, 'b'))},
          {"digest", with(file_json(), "digest", std::string(66, 'b'))},
          {"digest", with(file_json(), "digest", "0x" + std::string(62, 'b'))},
          {"digest", with(file_json(), "digest", Json::array({1}))},
          {"kind", without(file_json(), "kind")},
          {"kind", with(file_json(), "kind", "blob")},
          {"kind", with(file_json(), "kind", "File")},
          {"kind", with(file_json(), "kind", 1)},
          {"salt", with(file_json(), "salt", std::string(32, 'A'))},
          {"salt", with(file_json(), "salt", std::string(30, '5'))},
          {"salt", with(file_json(), "salt", std::string(34, '5'))},
          {"salt", with(file_json(), "salt", nullptr)},
          {"salt", with(file_json(), "salt", "")},
          {"extra", with(file_json(), "extra", 1)},
          {"salted", with(file_json(), "salted", true)},
          {"entries", with(file_json(), "entries", 1)},
          {"dtype", with(file_json(), "dtype", "F32")},
          {"shape", with(file_json(), "shape", Json::array())}};
}

std::vector<Row> refused_trees_and_tensors() {
  return {{"entries", without(tree_json(), "entries")},
          {"entries", with(tree_json(), "entries", kMaxEntryInteger + 1)},
          {"entries", with(tree_json(), "entries", -0.0)},
          {"salted", with(tree_json(), "salted", false)},
          {"salted", with(tree_json(), "salted", 1)},
          {"salted", with(tree_json(), "salted", "true")},
          {"size", with(tree_json(), "size", 1)},
          {"dtype", without(tensor_json(), "dtype")},
          {"F33", with(tensor_json(), "dtype", "F33")},
          {"dtype", with(tensor_json(), "dtype", 32)},
          {"shape", without(tensor_json(), "shape")},
          {"shape", with(tensor_json(), "shape", 3)},
          {"shape", with(tensor_json(), "shape", Json::object())},
          {"shape", with(tensor_json(), "shape", Json::array({-1}))},
          {"shape", with(tensor_json(), "shape", Json::array({1.5}))},
          {"shape", with(tensor_json(), "shape", Json::array({"2"}))},
          {"shape", with(tensor_json(), "shape", Json::array({Json::array({2})}))},
          {"shape", with(tensor_json(), "shape", Json::array({kMaxEntryInteger + 1}))},
          {"bytes", with(tensor_json(), "shape", Json::array({kMaxEntryInteger, 2}))},
          {"bytes", with(tensor_json(), "shape", Json::array({kMaxEntryInteger, 0x400, 0x400}))},
          {"size", with(tensor_json(), "size", 24)}};
}

void expect_refused(const std::vector<Row>& rows) {
  for (const Row& row : rows) {
    try {
      entry_from_json(row.value);
      ADD_FAILURE() << "accepted " << row.value;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kMalformed) << row.value;
      EXPECT_NE(std::string(error.what()).find(row.key), std::string::npos)
          << error.what() << " does not name " << row.key;
    }
  }
}

TEST(EntryJson, RefusesFilesByTheKeyThatIsWrong) { expect_refused(refused_files()); }

TEST(EntryJson, RefusesTreesAndTensorsByTheKeyThatIsWrong) {
  expect_refused(refused_trees_and_tensors());
}

TEST(EntryJson, RefusesWhatIsNoObject) {
  for (const char* text : {"null", "[]", "\"a\"", "3", "true", "{}", "[{}]"}) {
    EXPECT_EQ(thrown_code([&] { entry_from_json(Json::parse(text)); }), "malformed") << text;
  }
}

TEST(EntryJson, BytesMustBeCanonical) {
  const std::string bytes = encode_entry(entry_from_json(file_json()));
  EXPECT_EQ(encode_entry(parse_entry(bytes)), bytes);
  const std::vector<std::string> others = {
      " " + bytes,
      bytes + "\n",
      bytes.substr(0, bytes.size() - 1),
      R"({"kind":"file","digest":")" + kHex + R"(","name":"a","size":3})",
      R"({"digest":")" + kHex + R"(","kind":"file","name":"a","size":3,"size":3})",
      R"({"digest":")" + kHex + R"(","kind":"file","name":"\u0061","size":3})",
      R"({"digest":")" + kHex + R"(","kind":"file","name":"a","size":3.0})",
      R"({"digest":")" + kHex + R"(","kind":"file","name":"a","size":-0})",
      R"({"digest":")" + kHex + R"(","kind":"file","name":"a","size":9007199254740992})",
      R"({"digest":")" + kHex + R"(","kind":"file","name":"a","size":1e2})",
      R"({"digest": ")" + kHex + R"(","kind":"file","name":"a","size":3})",
      ""};
  for (const std::string& text : others) {
    EXPECT_EQ(thrown_code([&] { parse_entry(text); }), "malformed") << text;
  }
}

}  // namespace
}  // namespace mlprov
