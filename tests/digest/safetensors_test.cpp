#include "mlprov/digest/safetensors.h"

#include <gtest/gtest.h>

#include <fstream>

#include "digest/pattern.h"
#include "support/error_of.h"
#include "support/temp_folder.h"

namespace mlprov {
namespace {

using testing::error_of;
using testing::TempFolder;
using Metadata = std::map<std::string, std::string>;

/// A file with this header and so many bytes of data.
Bytes make(std::string_view header, std::size_t data_bytes) {
  Bytes file;
  for (int i = 0; i < 8; ++i) {
    file.push_back(static_cast<std::uint8_t>(std::uint64_t{header.size()} >> (8 * i)));
  }
  file.insert(file.end(), header.begin(), header.end());
  const Bytes data = testing::pattern(data_bytes);
  file.insert(file.end(), data.begin(), data.end());
  return file;
}

std::string parse_error(const Bytes& file) {
  return error_of([&] { parse_safetensors(file, nullptr); });
}

TEST(SafetensorsRead, TensorsComeByOffset) {
  const Bytes file =
      make(R"( {"b":{"dtype":"F32","shape":[2,1],"data_offsets":[4,12]},)"
           R"("__metadata__":{"k":"v","":""},)"
           R"("\u00e4 \ud83d\ude00":{"data_offsets":[0,4],"shape":[],"dtype":"I32"},)"
           R"("zero":{"dtype":"BF16","shape":[3,0],"data_offsets":[12,12]}}  )",
           12);
  Metadata metadata;
  const auto tensors = parse_safetensors(file, &metadata);
  ASSERT_EQ(tensors.size(), 3u);
  EXPECT_EQ(tensors[0].name, "ä 😀");
  EXPECT_EQ(tensors[0].dtype, "I32");
  EXPECT_TRUE(tensors[0].shape.empty());
  EXPECT_EQ(tensors[1].name, "b");
  EXPECT_EQ(tensors[1].shape, (std::vector<std::uint64_t>{2, 1}));
  EXPECT_EQ(Bytes(tensors[1].data.begin(), tensors[1].data.end()),
            (Bytes{4, 5, 6, 7, 8, 9, 10, 11}));
  EXPECT_EQ(tensors[2].name, "zero");
  EXPECT_TRUE(tensors[2].data.empty());
  EXPECT_EQ(metadata, (Metadata{{"k", "v"}, {"", ""}}));
}

TEST(SafetensorsRead, WhatTheOriginalTakesToo) {
  for (const char* header :
       {"{}", "\t\n{}\r ", R"({"__metadata__":{}})", R"({"__metadata__":null})"}) {
    EXPECT_EQ(parse_error(make(header, 0)), "") << header;
  }
}

struct Malformed {
  const char* header;
  std::size_t data_bytes;
  const char* reason;
};

constexpr Malformed kMalformed[] = {
    {"", 0, "not JSON"},
    {"[]", 0, "the header has an array"},
    {"null", 0, "the header has a null"},
    {"{", 0, "not JSON"},
    {"{}x", 0, "not JSON"},
    {"{} {}", 0, "not JSON"},
    {"{}", 1, "speaks for 0 bytes of data, there are 1"},
    {"\xef\xbb\xbf{}", 0, "byte order mark"},
    {R"({"\xff":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}})", 1, "not JSON"},
    {"{\"\xff\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]}}", 1, "not JSON"},
    {R"({"\ud800":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}})", 1, "not JSON"},
    {R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},})", 1, "not JSON"},
    {R"({"a":1})", 0, "tensor 'a' has a number"},
    {R"({"a":null})", 0, "tensor 'a' has a null"},
    {R"({"a":"U8"})", 0, "tensor 'a' has a string"},
    {R"({"a":["U8",[1],[0,1]]})", 1, "tensor 'a' has an array"},
    {R"({"a":{}})", 0, "needs dtype, shape and data_offsets"},
    {R"({"a":{"dtype":"U8","shape":[1]}})", 1, "needs dtype, shape and data_offsets"},
    {R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1],"more":1}})", 1, "unknown key 'more'"},
    {R"({"a":{"dtype":"U8","dtype":"U8","shape":[1],"data_offsets":[0,1]}})", 1, "dtype twice"},
    {R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},
         "a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}})",
     2, "'a' stands twice"},
    {R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},
         "\u0061":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}})",
     2, "'a' stands twice"},
    {R"({"__metadata__":{},"__metadata__":{}})", 0, "__metadata__ stands twice"},
    {R"({"__metadata__":{"k":"1","k":"2"}})", 0, "the key 'k' twice"},
    {R"({"__metadata__":{"k":1}})", 0, "__metadata__ has a number"},
    {R"({"__metadata__":{"k":{}}})", 0, "__metadata__ has an object"},
    {R"({"__metadata__":{"k":null}})", 0, "__metadata__ has a null"},
    {R"({"__metadata__":[]})", 0, "__metadata__ has an array"},
    {R"({"a":{"dtype":"u8","shape":[1],"data_offsets":[0,1]}})", 1, "unknown dtype 'u8'"},
    {R"({"a":{"dtype":"torch:qint8","shape":[1],"data_offsets":[0,1]}})", 1, "unknown dtype"},
    {R"({"a":{"dtype":8,"shape":[1],"data_offsets":[0,1]}})", 1, "has a number"},
    {R"({"a":{"dtype":["U8"],"shape":[1],"data_offsets":[0,1]}})", 1, "has an array"},
    {R"({"a":{"dtype":"U8","shape":1,"data_offsets":[0,1]}})", 1, "has a number"},
    {R"({"a":{"dtype":"U8","shape":"1","data_offsets":[0,1]}})", 1, "has a string"},
    {R"({"a":{"dtype":"U8","shape":[[1]],"data_offsets":[0,1]}})", 1, "has an array"},
    {R"({"a":{"dtype":"U8","shape":["1"],"data_offsets":[0,1]}})", 1, "has a string"},
    {R"({"a":{"dtype":"U8","shape":[true],"data_offsets":[0,1]}})", 1, "has a boolean"},
    {R"({"a":{"dtype":"U8","shape":[1.0],"data_offsets":[0,1]}})", 1, "no 64-bit integer"},
    {R"({"a":{"dtype":"U8","shape":[1e0],"data_offsets":[0,1]}})", 1, "no 64-bit integer"},
    {R"({"a":{"dtype":"U8","shape":[-1],"data_offsets":[0,1]}})", 1, "negative"},
    {R"({"a":{"dtype":"U8","shape":[-0],"data_offsets":[0,0]}})", 0, "negative"},
    {R"({"a":{"dtype":"U8","shape":[NaN],"data_offsets":[0,1]}})", 1, "not JSON"},
    {R"({"a":{"dtype":"U8","shape":[18446744073709551616],"data_offsets":[0,1]}})", 1,
     "no 64-bit integer"},
    {R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0]}})", 1, "two data_offsets"},
    {R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1,2]}})", 1, "third offset"},
    {R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[1,0]}})", 1, "no gap"},
    {R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}})", 2, "no gap"},
    {R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}})", 0, "there are 0"},
    {R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}})", 2, "there are 2"},
    {R"({"a":{"dtype":"U8","shape":[2],"data_offsets":[0,1]}})", 1, "dtype and shape make 2"},
    {R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,3]}})", 3, "dtype and shape make 4"},
    {R"({"a":{"dtype":"F4","shape":[3],"data_offsets":[0,2]}})", 2, "inside a byte"},
    {R"({"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},
         "b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}})",
     3, "tensor 'b' begins at 1"},
    {R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},
         "b":{"dtype":"U8","shape":[1],"data_offsets":[2,3]}})",
     3, "tensor 'b' begins at 2"},
    {R"({"a":{"dtype":"U8","shape":[4294967296,4294967296],"data_offsets":[0,0]}})", 0,
     "no memory holds"},
    {R"({"a":{"dtype":"U8","shape":[4294967296,4294967296,0],"data_offsets":[0,0]}})", 0,
     "no memory holds"},
    {R"({"a":{"dtype":"U64","shape":[2305843009213693952],"data_offsets":[0,0]}})", 0,
     "no memory holds"},
    {R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[18446744073709551615,0]}})", 0, "no gap"},
};

TEST(SafetensorsRead, MalformedHeadersAreRefused) {
  for (const auto& [header, data_bytes, reason] : kMalformed) {
    const std::string error = parse_error(make(header, data_bytes));
    EXPECT_TRUE(error.starts_with("malformed: ")) << header << "\n -> " << error;
    EXPECT_NE(error.find(reason), error.npos) << header << "\n -> " << error;
  }
}

TEST(SafetensorsRead, AZeroByteDoesNotEndTheHeader) {
  const std::string header("{}\0,,,", 6);
  EXPECT_NE(parse_error(make(header, 0)).find("zero byte"), std::string::npos);
}

TEST(SafetensorsRead, HeaderLengths) {
  EXPECT_TRUE(parse_error({}).starts_with("malformed: ")) << "empty";
  EXPECT_TRUE(parse_error(Bytes(7)).starts_with("malformed: ")) << "seven bytes";
  const auto with_length = [](std::uint64_t length) {
    Bytes file = make("{}", 0);
    for (std::size_t i = 0; i < 8; ++i) file[i] = static_cast<std::uint8_t>(length >> (8 * i));
    return parse_error(file);
  };
  EXPECT_EQ(with_length(2), "");
  EXPECT_TRUE(with_length(3).starts_with("malformed: ")) << "past the end";
  EXPECT_TRUE(with_length(100'000'000).starts_with("malformed: ")) << "past the end";
  EXPECT_TRUE(with_length(100'000'001).starts_with("too-large: "));
  EXPECT_TRUE(with_length(~std::uint64_t{0}).starts_with("too-large: "));
}

TEST(SafetensorsRead, DepthAndRankAreBounded) {
  EXPECT_TRUE(parse_error(make(std::string(50'000'000, '['), 0)).starts_with("malformed: "));
  std::string deep = R"({"a":)";
  for (int i = 0; i < 1'000'000; ++i) deep += R"({"dtype":)";
  EXPECT_TRUE(parse_error(make(deep, 0)).starts_with("malformed: "));
  std::string shape = "1";
  for (int i = 0; i < 1024; ++i) shape += ",1";
  const std::string wide =
      R"({"a":{"dtype":"U8","shape":[)" + shape + R"(],"data_offsets":[0,1]}})";
  EXPECT_NE(parse_error(make(wide, 1)).find("1024 dimensions"), std::string::npos);
}

TEST(SafetensorsRead, HostileNamesAreShortInMessages) {
  const std::string name = "\\u0000\\u001b[2J" + std::string(1'000'000, 'x');
  const std::string error = parse_error(make("{\"" + name + "\":1}", 0));
  EXPECT_LT(error.size(), 200u);
  EXPECT_NE(error.find("'??[2Jxxx"), error.npos) << error;
}

TEST(SafetensorsRead, EveryFlippedHeaderByteIsSeenOrHarmless) {
  // A flip may give another valid file (a name, white space); it must never crash or read outside.
  const Bytes good = make(R"({"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}})", 2);
  for (std::size_t i = 0; i < good.size(); ++i) {
    for (int bit = 0; bit < 8; ++bit) {
      Bytes file = good;
      file[i] ^= static_cast<std::uint8_t>(1 << bit);
      if (!parse_error(file).empty()) continue;
      const auto tensors = parse_safetensors(file, nullptr);
      ASSERT_EQ(tensors.size(), 1u) << "byte " << i;
      ASSERT_EQ(tensors[0].data.size(), 2u) << "byte " << i;
      ASSERT_EQ(tensors[0].data.data() + 2, file.data() + file.size()) << "byte " << i;
    }
  }
}

SafetensorsView view(std::string name, std::string dtype, std::vector<std::uint64_t> shape,
                     ByteView data) {
  return {std::move(name), std::move(dtype), std::move(shape), data};
}

TEST(SafetensorsWrite, ReadsBackAlignedAndSorted) {
  const TempFolder folder;
  const Bytes data = testing::pattern(64);
  const ByteView bytes = data;
  const std::vector<SafetensorsView> tensors = {
      view("bytes", "U8", {3}, bytes.first(3)),
      view("b", "F32", {}, bytes.first(4)),
      view("a\"\\\n\x01ä", "F32", {2, 1}, bytes.first(8)),
      view("half", "BF16", {1}, bytes.first(2)),
      view("long", "I64", {1}, bytes.first(8)),
      view("empty", "F64", {0, 7}, {}),
      view("", "BOOL", {1}, bytes.first(1)),
  };
  const Metadata metadata = {{"format", "pt"}, {"a\"", "\t"}};
  write_safetensors(folder / "file", tensors, metadata);

  const SafetensorsFile file(folder / "file");
  EXPECT_EQ(file.metadata(), metadata);
  std::vector<std::string> names;
  for (const SafetensorsView& tensor : file.tensors()) names.push_back(tensor.name);
  EXPECT_EQ(names,
            (std::vector<std::string>{"long", "empty", "a\"\\\n\x01ä", "b", "half", "bytes", ""}));
  const auto& pair = file.tensors()[2];
  EXPECT_EQ(pair.shape, (std::vector<std::uint64_t>{2, 1}));
  EXPECT_EQ(Bytes(pair.data.begin(), pair.data.end()), testing::pattern(8));
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(file.tensors()[0].data.data()) % 8, 0u);
}

TEST(SafetensorsWrite, KnownBytes) {
  const TempFolder folder;
  const Bytes data = {1, 2, 3, 4};
  write_safetensors(folder / "file", {view("t", "I16", {2}, data)});
  const std::string header = R"({"t":{"dtype":"I16","shape":[2],"data_offsets":[0,4]}}  )";
  const Bytes expected_start = make(header, 0);
  const std::string written = read_file(folder / "file", 1000);
  EXPECT_EQ(header.size() % 8, 0u);
  EXPECT_EQ(written, std::string(as_text(expected_start)) + "\x01\x02\x03\x04");
  write_safetensors(folder / "file", {});
  EXPECT_EQ(read_file(folder / "file", 1000), std::string("\x08\0\0\0\0\0\0\0{}      ", 16));
}

TEST(SafetensorsWrite, MisuseIsRefusedAndLeavesTheOldFile) {
  const TempFolder folder;
  const Bytes data(8);
  const ByteView bytes = data;
  write_safetensors(folder / "file", {});
  const std::string before = read_file(folder / "file", 1000);
  struct Case {
    std::vector<SafetensorsView> tensors;
    Metadata metadata;
    const char* reason;
  };
  const std::vector<Case> cases = {
      {{view("a", "U8", {1}, bytes.first(1)), view("a", "F32", {1}, bytes.first(4))}, {}, "twice"},
      {{view("__metadata__", "U8", {1}, bytes.first(1))}, {}, "name of the metadata"},
      {{view("\xff", "U8", {1}, bytes.first(1))}, {}, "not UTF-8"},
      {{view("a", "float32", {1}, bytes.first(4))}, {}, "'float32', which safetensors lacks"},
      {{view("a", "torch:qint8", {1}, bytes.first(1))}, {}, "which safetensors lacks"},
      {{view("a", "F32", {1}, bytes.first(5))}, {}, "has 5 bytes"},
      {{view("a", "F32", {3}, bytes)}, {}, "has 8 bytes"},
      {{view("a", "F4", {3}, bytes.first(2))}, {}, "has 2 bytes"},
      {{view("a", "U8", {std::uint64_t{1} << 40, std::uint64_t{1} << 40, 0}, {})}, {}, "0 bytes"},
      {{}, {{"k", "\xff"}}, "metadata must be UTF-8"},
  };
  for (const Case& each : cases) {
    const std::string error =
        error_of([&] { write_safetensors(folder / "file", each.tensors, each.metadata); });
    EXPECT_TRUE(error.starts_with("usage: ")) << each.reason << " -> " << error;
    EXPECT_NE(error.find(each.reason), error.npos) << each.reason << " -> " << error;
  }
  EXPECT_EQ(read_file(folder / "file", 1000), before);
  std::size_t files = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(folder.path())) {
    ++files;
  }
  EXPECT_EQ(files, 1u) << "temporary files are gone";
}

TEST(SafetensorsFileErrors, NameTheFile) {
  const TempFolder folder;
  std::ofstream(folder / "short") << "1234567";
  EXPECT_EQ(error_of([&] { SafetensorsFile file(folder / "short"); }),
            "malformed: " + (folder / "short").string() +
                ": not a safetensors file: shorter than 8 bytes");
  EXPECT_TRUE(error_of([&] { SafetensorsFile file(folder / "none"); }).starts_with("not-found: "));
}

}  // namespace
}  // namespace mlprov
