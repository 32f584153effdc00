#include "mlprov/digest/dtype.h"

#include <gtest/gtest.h>

#include <vector>

namespace mlprov {
namespace {

struct Row {
  const char* name;
  std::uint32_t bits;
  bool safetensors;
};

// Frozen with the format: a row never changes.
constexpr Row kRows[] = {
    {"BOOL", 8, true},
    {"U8", 8, true},
    {"I8", 8, true},
    {"F8_E5M2", 8, true},
    {"F8_E4M3", 8, true},
    {"F8_E8M0", 8, true},
    {"F8_E4M3FNUZ", 8, true},
    {"F8_E5M2FNUZ", 8, true},
    {"I16", 16, true},
    {"U16", 16, true},
    {"F16", 16, true},
    {"BF16", 16, true},
    {"I32", 32, true},
    {"U32", 32, true},
    {"F32", 32, true},
    {"C64", 64, true},
    {"F64", 64, true},
    {"I64", 64, true},
    {"U64", 64, true},
    {"F4", 4, true},
    {"F6_E2M3", 6, true},
    {"F6_E3M2", 6, true},
    {"torch:complex32", 32, false},
    {"torch:complex128", 128, false},
    {"torch:qint8", 8, false},
    {"torch:quint8", 8, false},
    {"torch:qint32", 32, false},
    {"torch:quint4x2", 4, false},
    {"torch:quint2x4", 2, false},
    {"torch:bits8", 8, false},
    {"torch:bits1x8", 8, false},
    {"torch:bits2x4", 8, false},
    {"torch:bits4x2", 8, false},
    {"torch:bits16", 16, false},
    {"torch:int1", 8, false},
    {"torch:int7", 8, false},
    {"torch:uint1", 8, false},
    {"torch:uint7", 8, false},
};

TEST(Dtype, NamesAndBits) {
  for (const Row& row : kRows) {
    EXPECT_TRUE(is_dtype(row.name)) << row.name;
    EXPECT_EQ(dtype_bits(row.name), row.bits) << row.name;
    EXPECT_EQ(is_safetensors_dtype(row.name), row.safetensors) << row.name;
  }
}

TEST(Dtype, NothingElse) {
  for (const char* name : {"", "f32", "F32 ", "F128", "torch:", "torch:float32", "torch:F32",
                           "torch:int8", "torch:uint8", "float32", "C128"}) {
    EXPECT_FALSE(is_dtype(name)) << name;
    EXPECT_FALSE(dtype_bits(name)) << name;
  }
}

std::optional<std::uint64_t> size_of(std::string_view dtype, std::vector<std::uint64_t> shape) {
  return tensor_size_bytes(dtype, shape);
}

TEST(Dtype, SizeInBytes) {
  EXPECT_EQ(size_of("F32", {}), 4u);
  EXPECT_EQ(size_of("F32", {2, 3}), 24u);
  EXPECT_EQ(size_of("F4", {3}), 2u) << "rounded up to a whole byte";
  EXPECT_EQ(size_of("F6_E2M3", {4}), 3u);
  EXPECT_EQ(size_of("torch:complex128", {5}), 80u);
  EXPECT_EQ(size_of("nothing", {1}), std::nullopt);
}

TEST(Dtype, SizeLimitIsOnTheProduct) {
  const std::uint64_t limit = (std::uint64_t{1} << 53) - 1;
  EXPECT_EQ(size_of("U8", {limit}), limit);
  EXPECT_EQ(size_of("U8", {limit + 1}), std::nullopt);
  EXPECT_EQ(size_of("I16", {limit / 2}), limit - 1);
  EXPECT_EQ(size_of("I16", {limit / 2 + 1}), std::nullopt);
  EXPECT_EQ(size_of("F4", {limit, 2}), limit);
  EXPECT_EQ(size_of("U64", {limit, limit, limit, limit}), std::nullopt);
  EXPECT_EQ(size_of("U64", {limit, limit, limit, 0}), 0u) << "a zero anywhere makes it empty";
  EXPECT_EQ(size_of("U64", {~std::uint64_t{0}, 2}), std::nullopt);
}

}  // namespace
}  // namespace mlprov
