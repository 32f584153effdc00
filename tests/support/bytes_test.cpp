#include "mlprov/support/bytes.h"

#include <gtest/gtest.h>

#include <string>

#include "mlprov/support/random.h"
#include "mlprov/support/secret.h"

namespace mlprov {
namespace {

using namespace std::string_literals;

/// UTF-8 by the definition of RFC 3629, from the code point's side.
std::string encode(std::uint32_t c) {
  const auto byte = [](std::uint32_t value) { return static_cast<char>(value); };
  if (c < 0x80) return {byte(c)};
  if (c < 0x800) return {byte(0xC0 | c >> 6), byte(0x80 | (c & 63))};
  if (c < 0x10000) return {byte(0xE0 | c >> 12), byte(0x80 | (c >> 6 & 63)), byte(0x80 | (c & 63))};
  return {byte(0xF0 | c >> 18), byte(0x80 | (c >> 12 & 63)), byte(0x80 | (c >> 6 & 63)),
          byte(0x80 | (c & 63))};
}

TEST(Utf8, TakesEveryCodePoint) {
  for (std::uint32_t c = 0; c <= 0x10FFFF; ++c) {
    const bool is_surrogate = c >= 0xD800 && c <= 0xDFFF;
    const std::string text = encode(c);
    ASSERT_EQ(utf8_sequence_length(text), is_surrogate ? 0 : text.size()) << std::hex << c;
    ASSERT_EQ(is_utf8(text), !is_surrogate) << std::hex << c;
  }
}

TEST(Utf8, TakesNoSequenceOfThreeBytesButThoseOfCodePoints) {
  std::size_t taken = 0;
  for (std::uint32_t i = 0; i < 0x1000000; ++i) {
    const char bytes[] = {static_cast<char>(i >> 16), static_cast<char>(i >> 8 & 255),
                          static_cast<char>(i & 255)};
    taken += utf8_sequence_length({bytes, 3}) == 3 ? 1U : 0U;
  }
  EXPECT_EQ(taken, 0x10000U - 0x800U - 0x800U);  // U+0800 to U+FFFF without surrogates
}

TEST(Utf8, RefusesWhatIsNone) {
  for (const std::string& text : {"\x80"s,
                                  "\xBF"s,
                                  "\xC0\x80"s,
                                  "\xC1\xBF"s,
                                  "\xC2"s,
                                  "\xC2\x20"s,
                                  "\xE0\x80\x80"s,
                                  "\xE0\x9F\xBF"s,
                                  "\xED\xA0\x80"s,
                                  "\xED\xBF\xBF"s,
                                  "\xE2\x82"s,
                                  "\xE2\x82\x20"s,
                                  "\xF0\x80\x80\x80"s,
                                  "\xF0\x8F\xBF\xBF"s,
                                  "\xF4\x90\x80\x80"s,
                                  "\xF5\x80\x80\x80"s,
                                  "\xF0\x9F\x98"s,
                                  "\xFE"s,
                                  "\xFF"s,
                                  "ok\xFFok"s,
                                  "ok\xC2"s}) {
    EXPECT_FALSE(is_utf8(text)) << text;
  }
  EXPECT_TRUE(is_utf8(""));
  EXPECT_TRUE(is_utf8("a\0b\x7F"s));
  EXPECT_EQ(utf8_sequence_length(""), 0U);
  EXPECT_EQ(utf8_sequence_length("ab"), 1U);
}

TEST(ConstantTime, ComparesAllBytes) {
  const Bytes a = {1, 2, 3};
  EXPECT_TRUE(equal_constant_time(a, a));
  EXPECT_TRUE(equal_constant_time({}, {}));
  EXPECT_FALSE(equal_constant_time(a, Bytes{1, 2}));
  EXPECT_FALSE(equal_constant_time(a, Bytes{1, 2, 4}));
  EXPECT_FALSE(equal_constant_time(a, Bytes{0, 2, 3}));
}

TEST(Views, BorrowTheSameBytes) {
  const std::string text = "a\0\xFF"s;
  const ByteView bytes = as_bytes(text);
  EXPECT_EQ(bytes.size(), 3U);
  EXPECT_EQ(bytes[2], 0xFF);
  EXPECT_EQ(as_text(bytes).data(), text.data());
}

TEST(Random, FillsAndDiffers) {
  Bytes a(4096);
  Bytes b(4096);
  fill_random(a);
  fill_random(b);
  EXPECT_NE(a, b);
  EXPECT_NE(a, Bytes(4096));
  fill_random({});
}

TEST(SecretBytes, WipesAndMoves) {
  Bytes memory = {1, 2, 3};
  wipe(memory);
  EXPECT_EQ(memory, Bytes(3));
  SecretBytes secret(Bytes{4, 5});
  SecretBytes moved = std::move(secret);
  EXPECT_EQ(moved.size(), 2U);
  EXPECT_EQ(secret.size(), 0U);  // NOLINT(bugprone-use-after-move): that is the contract
  SecretBytes other(3);
  other = std::move(moved);
  EXPECT_EQ(other.view()[1], 5);
}

}  // namespace
}  // namespace mlprov
