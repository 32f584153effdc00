// RFC 8785 with the vectors that its authors publish (tests/json/vectors/README.md).
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <limits>
#include <string>

#include "json/writer.h"
#include "mlprov/json/canonical.h"
#include "support/error_of.h"

namespace mlprov {
namespace {

using testing::error_of;

std::string read_vector(const std::string& name) {
  std::ifstream file(std::string(MLPROV_TEST_DATA) + "/vectors/jcs/" + name, std::ios::binary);
  EXPECT_TRUE(file) << name;
  return {std::istreambuf_iterator<char>(file), {}};
}

class JcsVector : public ::testing::TestWithParam<const char*> {};

TEST_P(JcsVector, GivesThePublishedBytes) {
  const std::string name = std::string(GetParam()) + ".json";
  const Json value = parse_json(read_vector("input/" + name));
  EXPECT_EQ(to_jcs(value), read_vector("output/" + name));
}

TEST_P(JcsVector, IsAFixedPoint) {
  const std::string output = read_vector("output/" + std::string(GetParam()) + ".json");
  EXPECT_EQ(to_jcs(parse_json(output)), output);
}

INSTANTIATE_TEST_SUITE_P(Published, JcsVector,
                         ::testing::Values("arrays", "french", "structures", "unicode", "values",
                                           "weird"));

TEST(Jcs, EscapesEveryControlCharacterAsTheRfcSays) {
  const std::string expected[32] = {
      "\\u0000", "\\u0001", "\\u0002", "\\u0003", "\\u0004", "\\u0005", "\\u0006", "\\u0007",
      "\\b",     "\\t",     "\\n",     "\\u000b", "\\f",     "\\r",     "\\u000e", "\\u000f",
      "\\u0010", "\\u0011", "\\u0012", "\\u0013", "\\u0014", "\\u0015", "\\u0016", "\\u0017",
      "\\u0018", "\\u0019", "\\u001a", "\\u001b", "\\u001c", "\\u001d", "\\u001e", "\\u001f"};
  for (int c = 0; c < 32; ++c) {
    EXPECT_EQ(to_jcs(std::string(1, static_cast<char>(c))), "\"" + expected[c] + "\"") << c;
  }
}

TEST(Jcs, LeavesEverythingElseAlone) {
  for (const char* text : {"/", "\x7F", "\xC2\x80", "\xE2\x80\xA8", "<>&'", "\xF0\x9F\x98\x82"}) {
    EXPECT_EQ(to_jcs(text), "\"" + std::string(text) + "\"");
  }
  EXPECT_EQ(to_jcs("\"\\"), R"("\"\\")");
}

TEST(Jcs, OrdersKeysByUtf16CodeUnits) {
  // U+1F602 is D83D DE02 in UTF-16: after U+D7FF, before U+E000 and U+FFFD, unlike in UTF-8.
  const Json value = {{"\xEF\xBF\xBD", 5},
                      {"\xF0\x9F\x98\x82", 3},
                      {"\xEE\x80\x80", 4},
                      {"\xED\x9F\xBF", 2},
                      {"z", 1},
                      {"", 0},
                      {"\xF4\x8F\xBF\xBF", 3.5}};
  EXPECT_EQ(to_jcs(value),
            "{\"\":0,\"z\":1,\"\xED\x9F\xBF\":2,\"\xF0\x9F\x98\x82\":3,\"\xF4\x8F\xBF\xBF\":3.5,"
            "\"\xEE\x80\x80\":4,\"\xEF\xBF\xBD\":5}");
}

/// UTF-16 code units of a code point, as numbers.
std::vector<int> utf16_of(int code_point) {
  if (code_point < 0x10000) return {code_point};
  return {0xD800 + ((code_point - 0x10000) >> 10), 0xDC00 + (code_point & 0x3FF)};
}

std::string utf8_of(int c) {
  const auto byte = [](int value) { return static_cast<char>(value); };
  if (c < 0x80) return {byte(c)};
  if (c < 0x800) return {byte(0xC0 | c >> 6), byte(0x80 | (c & 63))};
  if (c < 0x10000) return {byte(0xE0 | c >> 12), byte(0x80 | (c >> 6 & 63)), byte(0x80 | (c & 63))};
  return {byte(0xF0 | c >> 18), byte(0x80 | (c >> 12 & 63)), byte(0x80 | (c >> 6 & 63)),
          byte(0x80 | (c & 63))};
}

TEST(Jcs, ComparesEveryPairOfEdgeCodePointsAsUtf16) {
  const int edges[] = {0x0,     0x7F,    0x80,    0x7FF,    0x800,   0xCFFF,  0xD7FF,
                       0xE000,  0xEFFF,  0xF000,  0xFFFD,   0xFFFF,  0x10000, 0x10FFF,
                       0x3FFFF, 0x40000, 0xFFFFF, 0x100000, 0x10FFFF};
  for (const int a : edges) {
    for (const int b : edges) {
      EXPECT_EQ(json::utf16_less("x" + utf8_of(a), "x" + utf8_of(b)), utf16_of(a) < utf16_of(b))
          << std::hex << a << " " << b;
      EXPECT_TRUE(json::utf16_less(utf8_of(a), utf8_of(a) + utf8_of(b)));
    }
  }
}

TEST(Jcs, RefusesWhatHasNoForm) {
  const auto reason = [](const Json& value) { return error_of([&] { to_jcs(value); }); };
  EXPECT_EQ(reason(std::numeric_limits<double>::quiet_NaN()),
            "malformed: JSON at its top: NaN and infinity have no JSON form");
  EXPECT_NE(reason({{"a", {1, -std::numeric_limits<double>::infinity()}}}).find("/a/1"),
            std::string::npos);
  EXPECT_NE(reason("\xED\xA0\x80").find("UTF-8"), std::string::npos) << "a lone surrogate";
  EXPECT_NE(reason({{"\xFF", 1}}).find("a key is not valid UTF-8"), std::string::npos);
  EXPECT_NE(reason(Json::binary({1})).find("binary"), std::string::npos);
  EXPECT_NE(reason(9007199254740993).find("no double"), std::string::npos);
  EXPECT_NE(reason(18446744073709551615U).find("no double"), std::string::npos);
  EXPECT_NE(reason(std::numeric_limits<std::int64_t>::max()).find("no double"), std::string::npos);
}

TEST(Jcs, WritesLargeIntegersAsEcmascriptDoes) {
  EXPECT_EQ(to_jcs(9007199254740992), "9007199254740992");
  EXPECT_EQ(to_jcs(std::numeric_limits<std::int64_t>::min()), "-9223372036854776000");
  EXPECT_EQ(to_jcs(9223372036854775808U), "9223372036854776000");
}

TEST(Jcs, TakesTheDigitsThatItPrintsForLargeDoubles) {
  // A double's shortest digits may be an integer that is not the double's exact value.
  for (const char* text : {"92592547404741000", "9223372036854776000", "18446744073709552000",
                           "-92592547404741000", "295147905179352830000"}) {
    EXPECT_EQ(to_jcs(parse_json(text)), text);
  }
  EXPECT_NE(error_of([] { to_jcs(parse_json("92592547404741001")); }), "");
}

TEST(Jcs, BoundsItsRecursion) {
  Json nested = 1;
  for (int i = 0; i < 1000; ++i) nested = Json::array({std::move(nested)});
  EXPECT_EQ(to_jcs(nested).size(), 2001U);
  nested = Json::array({std::move(nested)});
  EXPECT_NE(error_of([&] { to_jcs(nested); }).find("deeper than 1000"), std::string::npos);
}

}  // namespace
}  // namespace mlprov
