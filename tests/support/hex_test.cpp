#include "mlprov/support/hex.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace mlprov {
namespace {

using namespace std::string_literals;

Bytes bytes_of(std::string_view text) {
  const ByteView view = as_bytes(text);
  return {view.begin(), view.end()};
}

TEST(Hex, WritesLowerCase) {
  EXPECT_EQ(to_hex({}), "");
  EXPECT_EQ(to_hex(bytes_of("\x00\x0F\xF0\xAB\xFF"s)), "000ff0abff");
}

TEST(Hex, ReadsEveryByteBack) {
  Bytes all(256);
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<std::uint8_t>(i);
  EXPECT_EQ(from_hex(to_hex(all)), all);
  EXPECT_EQ(from_hex(""), Bytes());
}

TEST(Hex, RefusesEverythingElse) {
  for (const std::string& text :
       {"0"s, "000"s, "0g"s, "AB"s, "aB"s, "0x"s, "0x00"s, " 00"s, "00 "s, "0 "s, "\n0"s, "-1"s,
        "+1"s, "\xC3\xA9"s, "0\0"s, "@@"s, "``"s, "::"s, "//"s}) {
    EXPECT_EQ(from_hex(text), std::nullopt) << text;
  }
}

TEST(Hex, TakesADigestOfExactly64Characters) {
  const std::string hex = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
  const auto digest = digest_from_hex(hex);
  ASSERT_TRUE(digest);
  EXPECT_EQ(to_hex(*digest), hex);
  for (const std::string& text :
       {hex.substr(1), hex.substr(2), hex + "00", hex + "0", ""s, "0x" + hex.substr(2),
        hex.substr(0, 63) + "F", hex.substr(0, 63) + " "}) {
    EXPECT_EQ(digest_from_hex(text), std::nullopt) << text;
  }
}

TEST(Base64, IsThatOfRfc4648) {
  const std::pair<const char*, const char*> rows[] = {{"", ""},
                                                      {"f", "Zg=="},
                                                      {"fo", "Zm8="},
                                                      {"foo", "Zm9v"},
                                                      {"foob", "Zm9vYg=="},
                                                      {"fooba", "Zm9vYmE="},
                                                      {"foobar", "Zm9vYmFy"},
                                                      {"\xFF\xFE\xFD", "//79"},
                                                      {"\xFB\xEF", "++8="}};
  for (const auto& [bytes, text] : rows) {
    EXPECT_EQ(to_base64(as_bytes(bytes)), text);
    EXPECT_EQ(from_base64(text), bytes_of(bytes)) << text;
  }
}

TEST(Base64, ReadsEveryLengthBack) {
  Bytes bytes;
  for (int length = 0; length < 300; ++length) {
    const std::string text = to_base64(bytes);
    EXPECT_EQ(text.size(), (bytes.size() + 2) / 3 * 4);
    EXPECT_EQ(from_base64(text), bytes) << length;
    bytes.push_back(static_cast<std::uint8_t>(length * 37 + 251));
  }
}

TEST(Base64, RefusesEverySecondSpelling) {
  for (const std::string& text : {"Zg"s,       "Zg="s,          "Zg==="s,
                                  "Zh=="s,     "Zm9="s,         "Zm9v "s,
                                  " Zm9v"s,    "Zm9v\n"s,       "Zm9v\nZm9v"s,
                                  "Zm9v===="s, "===="s,         "="s,
                                  "=Zg="s,     "Zg=g"s,         "Z==="s,
                                  "Zm-_"s,     "Zm9v\0\0\0\0"s, "Zm9\0"s,
                                  "Zg==Zg=="s, "Zm9vZg"s,       "\xC3\xA9\xC3\xA9"s,
                                  "    "s,     "Zm9v    "s,     "-BEGIN--"s}) {
    EXPECT_EQ(from_base64(text), std::nullopt) << text;
  }
}

/// Decodes by the definition: groups of four characters of the alphabet, canonical padding.
bool is_strict_base64(const std::string& text) {
  static const std::string kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with("=") ? 1 : 0;
  const std::string body = text.substr(0, text.size() - padding);
  if (text.size() % 4 != 0 || body.find_first_not_of(kAlphabet) != std::string::npos) return false;
  if (padding == 0) return true;
  return kAlphabet.find(body.back()) % (padding == 2 ? 16 : 4) == 0;
}

TEST(Base64, TakesExactlyTheStrictTextsOfFourCharacters) {
  const std::string some = "AZaz09+/=Qgw- \n";
  std::size_t taken = 0;
  for (const char a : some) {
    for (const char b : some) {
      for (const char c : some) {
        for (const char d : some) {
          const std::string text = {a, b, c, d};
          EXPECT_EQ(from_base64(text).has_value(), is_strict_base64(text)) << text;
          taken += from_base64(text).has_value() ? 1U : 0U;
        }
      }
    }
  }
  EXPECT_GT(taken, 10000U);
}

}  // namespace
}  // namespace mlprov
