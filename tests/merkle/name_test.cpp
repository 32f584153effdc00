#include "mlprov/merkle/name.h"

#include <gtest/gtest.h>

#include "merkle/make.h"
#include "mlprov/support/bytes.h"

namespace mlprov {
namespace {

using testing::seeded_generator;
using testing::thrown_code;

struct Escaped {
  std::string outside;
  std::string name;
};

const std::vector<Escaped> kGood = {
    {"a", "a"},
    {"model.layer1.0.weight", "model.layer1.0.weight"},
    {"with space", "with space"},
    {"\"quoted\\\"", "\"quoted\\\""},
    {"a/b", "a~1b"},
    {"a~b", "a~0b"},
    {"~1", "~01"},
    {"100%", "100%25"},
    {"%41", "%2541"},
    {".", "%2E"},
    {"..", "%2E."},
    {"...", "..."},
    {".hidden", ".hidden"},
    {"circumstances", "%63ircumstances"},
    {"%63ircumstances", "%2563ircumstances"},
    {"circumstances ", "circumstances "},
    {"Circumstances", "Circumstances"},
    {std::string("a\0b", 3), "a%00b"},
    {"tab\tnew\nline", "tab%09new%0Aline"},
    {"\x1F\x7F", "%1F%7F"},
    {"caf\xC3\xA9", "caf\xC3\xA9"},
    {"cafe\xCC\x81", "cafe\xCC\x81"},
    {"\xC2\x80", "\xC2\x80"},                  // U+0080 is UTF-8 and not in the list of controls
    {"\xED\x9F\xBF", "\xED\x9F\xBF"},          // U+D7FF, the last before the surrogates
    {"\xF4\x8F\xBF\xBF", "\xF4\x8F\xBF\xBF"},  // U+10FFFF
    {"\xF0\x9F\x98\x80", "\xF0\x9F\x98\x80"},  // an emoji
    {"\xFF\xFE", "%FF%FE"},                    // never in UTF-8
    {"\x80", "%80"},                           // a stray continuation
    {"\xC3", "%C3"},                           // cut short
    {"\xE2\x82", "%E2%82"},                    // cut short
    {"\xE2\x82x", "%E2%82x"},                  // broken off
    {"\xC3\xC3\xA9", "%C3\xC3\xA9"},           // a stray byte before a character
    {"\xC0\xAF", "%C0%AF"},                    // overlong slash
    {"\xE0\x80\xAF", "%E0%80%AF"},             // overlong slash
    {"\xED\xA0\x80", "%ED%A0%80"},             // a surrogate
    {"\xF4\x90\x80\x80", "%F4%90%80%80"},      // above U+10FFFF
    {"\xF8\x88\x80\x80\x80", "%F8%88%80%80%80"}};  // five bytes

TEST(Name, EscapesAndUnescapes) {
  for (const Escaped& row : kGood) {
    EXPECT_EQ(escape_name(row.outside), row.name);
    EXPECT_EQ(unescape_name(row.name), row.outside) << row.name;
    EXPECT_TRUE(is_valid_name(row.name)) << row.name;
  }
}

TEST(Name, RefusesEveryOtherSpelling) {
  const std::vector<std::string> bad = {"",
                                        ".",
                                        "..",
                                        "a/b",
                                        "/",
                                        "~",
                                        "~2",
                                        "a~",
                                        "%",
                                        "%4",
                                        "%41",
                                        "%zz",
                                        "%2f",
                                        "%2F",
                                        "%7E",
                                        "%ff",
                                        "%2e",
                                        "%2E%2E",
                                        ".%2E",
                                        "%63ircumstance",
                                        "c%69rcumstances",
                                        "%C3%A9",
                                        "%C3\xA9",
                                        "\xC3%A9",
                                        "\xFF",
                                        "\x80",
                                        "\xC0\xAF",
                                        "\xED\xA0\x80",
                                        "\xE2\x82",
                                        "a\n",
                                        "\x7F",
                                        std::string("\0", 1),
                                        "%250%",
                                        "%25%",
                                        "%E2%82%AC",
                                        "%2E.."};
  for (const std::string& name : bad) {
    EXPECT_FALSE(is_valid_name(name)) << quote_name(name);
    EXPECT_FALSE(unescape_name(name)) << quote_name(name);
  }
}

TEST(Name, CircumstancesIsTheFormatsOwn) {
  EXPECT_TRUE(is_valid_name("circumstances"));
  EXPECT_EQ(unescape_name("circumstances"), "circumstances");
  EXPECT_NE(escape_name("circumstances"), "circumstances");
}

TEST(Name, AnEmptyNameIsNoName) {
  EXPECT_EQ(thrown_code([] { escape_name(""); }), "usage");
}

/// Bytes of which escapes, UTF-8 and plain letters are often made.
std::string random_bytes(std::mt19937_64& generator) {
  static constexpr std::string_view kOften = "%~/.cAF019\xC3\xA9\xE2\x82\xAC\xED\xA0\x00";
  std::string bytes(generator() % 12 + 1, '\0');
  for (char& byte : bytes) {
    byte =
        generator() % 2 == 0 ? static_cast<char>(generator()) : kOften[generator() % kOften.size()];
  }
  return bytes;
}

TEST(Name, AnyBytesGoRoundAndNoTwoMeet) {
  auto generator = seeded_generator();
  std::map<std::string, std::string> outside_of;
  for (int i = 0; i < 200000; ++i) {
    const std::string outside = random_bytes(generator);
    const std::string name = escape_name(outside);
    ASSERT_EQ(unescape_name(name), outside) << quote_name(outside);
    ASSERT_TRUE(is_valid_name(name) && is_utf8(name)) << quote_name(outside);
    ASSERT_EQ(name.find('/'), std::string::npos);
    ASSERT_EQ(outside_of.emplace(name, outside).first->second, outside) << quote_name(name);
  }
}

TEST(Name, WhatIsAcceptedIsWhatEscapingGives) {
  auto generator = seeded_generator();
  int accepted = 0;
  for (int i = 0; i < 200000; ++i) {
    const std::string name = random_bytes(generator);
    const std::optional<std::string> outside = unescape_name(name);
    ASSERT_EQ(outside.has_value(), is_valid_name(name)) << quote_name(name);
    if (!outside || name == kCircumstances) continue;
    ++accepted;
    ASSERT_EQ(escape_name(*outside), name) << quote_name(name);
  }
  EXPECT_GT(accepted, 1000);
}

TEST(Path, JoinsAndSplits) {
  EXPECT_EQ(split_path(""), std::vector<std::string>{});
  EXPECT_EQ(split_path("a"), std::vector<std::string>{"a"});
  const std::vector<std::string> names = {"training", "epoch-00000001", "model", "a~1b"};
  EXPECT_EQ(join_path(names), "training/epoch-00000001/model/a~1b");
  EXPECT_EQ(split_path(join_path(names)), names);
}

TEST(Path, EmptyNamesAreRefused) {
  for (const char* path : {"/", "/a", "a/", "a//b", "//"}) {
    EXPECT_EQ(thrown_code([&] { split_path(path); }), "malformed") << path;
  }
}

TEST(Path, HasAtMostAsManyNamesAsATreeHasLevels) {
  std::vector<std::string> names(kMaxTreeDepth, "d");
  EXPECT_EQ(split_path(join_path(names)), names);
  names.push_back("d");
  EXPECT_EQ(thrown_code([&] { split_path(join_path(names)); }), "too-large");
}

TEST(QuotedName, IsShortAndHarmless) {
  EXPECT_EQ(quote_name("a b"), "`a b`");
  EXPECT_EQ(quote_name("\x1B[31m\xFF"), "`%1B[31m%FF`");
  const std::string longest = quote_name(std::string(1000000, 'x'));
  EXPECT_LT(longest.size(), 220u);
  EXPECT_TRUE(longest.ends_with("...`"));
  EXPECT_TRUE(is_utf8(quote_name(std::string(199, 'x') + "\xE2\x82\xAC\xE2\x82\xAC")));
}

}  // namespace
}  // namespace mlprov
