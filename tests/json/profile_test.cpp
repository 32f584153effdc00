// The strict profile of docs/format.md section 1: one byte string for one value.
#include <gtest/gtest.h>

#include <limits>
#include <string>

#include "mlprov/json/canonical.h"
#include "support/error_of.h"

namespace mlprov {
namespace {

using namespace std::string_literals;
using testing::error_of;

std::string nested(std::size_t depth, const std::string& core = "") {
  return std::string(depth, '[') + core + std::string(depth, ']');
}

TEST(Canonical, TakesItsOwnForm) {
  const std::string texts[] = {
      "{}",
      "[]",
      "null",
      "true",
      "\"\"",
      "0",
      "-1",
      "9007199254740991",
      "-9007199254740991",
      R"({"A":[1,2,{"b":null}],"a":"x","a-b":false,"a.b":0,"a:b":"","a_b":[[]]})",
      R"("\b\t\n\f\r\"\\\u0000\u001f/")",
      "\"\x7F\xC3\xA9\xE2\x80\xA8\xF0\x9F\x98\x82\"",
      nested(32),
      nested(31, R"({"a":1})"),
  };
  for (const std::string& text : texts) {
    EXPECT_EQ(error_of([&] { EXPECT_EQ(to_canonical(parse_canonical(text)), text); }), "") << text;
  }
}

TEST(Canonical, RefusesEveryOtherSpelling) {
  const struct {
    const char* what;
    std::string text;
  } rows[] = {
      {"empty", ""},
      {"only space", " "},
      {"leading space", " {}"},
      {"trailing newline", "{}\n"},
      {"space after comma", "[1, 2]"},
      {"space after colon", R"({"a": 1})"},
      {"byte order mark", "\xEF\xBB\xBF{}"},
      {"UTF-16", "[\0]\0"s},
      {"NUL at the end", "{}\0"s},
      {"NUL and more", "{}\0{}"s},
      {"two values", "{}{}"},
      {"truncated", R"({"a":)"},
      {"trailing comma", "[1,]"},
      {"comment", "[1/**/]"},
      {"single quotes", "'a'"},
      {"unsorted keys", R"({"b":1,"a":2})"},
      {"duplicate keys", R"({"a":1,"a":1})"},
      {"duplicate keys by escape", R"({"a":1,"\u0061":1})"},
      {"duplicate keys below", R"({"a":[{"x":null,"x":{}}]})"},
      {"2^53", "9007199254740992"},
      {"-2^53", "-9007199254740992"},
      {"2^53 + 1", "9007199254740993"},
      {"2^64 - 1", "18446744073709551615"},
      {"2^64", "18446744073709551616"},
      {"minus zero", "-0"},
      {"minus zero as float", "-0.0"},
      {"fraction of zero", "1.0"},
      {"fraction", "0.5"},
      {"exponent", "1e3"},
      {"upper-case exponent", "1E3"},
      {"large exponent", "1e400"},
      {"leading zero", "01"},
      {"leading plus", "+1"},
      {"hex", "0x1"},
      {"NaN", "NaN"},
      {"infinity", "Infinity"},
      {"minus infinity", "-Infinity"},
      {"null in capitals", "NULL"},
      {"escaped slash", R"("\/")"},
      {"escaped letter", R"("\u0061")"},
      {"escaped letter beyond ASCII", R"("\u00e9")"},
      {"escaped newline by number", R"("\u000a")"},
      {"upper-case hex in an escape", R"("\u001F")"},
      {"escaped delete", R"("\u007f")"},
      {"escaped pair", R"("\ud83d\ude02")"},
      {"lone high surrogate", R"("\ud800")"},
      {"lone low surrogate", R"("\udc00")"},
      {"surrogates the wrong way round", R"("\udc00\ud800")"},
      {"high surrogate and a letter", R"("\ud800a")"},
      {"surrogate in UTF-8", "\"\xED\xA0\x80\""},
      {"overlong", "\"\xC0\xAF\""},
      {"beyond U+10FFFF", "\"\xF4\x90\x80\x80\""},
      {"truncated UTF-8", "\"\xE2\x82\""},
      {"raw newline", "\"\n\""},
      {"raw control", "\"\x01\""},
      {"invalid escape", R"("\x41")"},
      {"empty key", R"({"":1})"},
      {"key with a space", R"({"a b":1})"},
      {"key with a slash", R"({"a/b":1})"},
      {"key beyond ASCII", "{\"\xC3\xA9\":1}"},
      {"key with an escape", R"({"\n":1})"},
      {"33 deep", nested(33)},
      {"100,000 deep", nested(100000)},
      {"never closed", std::string(100000, '[')},
      {"objects never closed",
       [] {
         std::string text;
         for (int i = 0; i < 10000; ++i) text += "{\"a\":";
         return text;
       }()},
  };
  for (const auto& row : rows) {
    EXPECT_NE(error_of([&] { parse_canonical(row.text); }), "") << row.what;
  }
}

TEST(Canonical, SaysWhereTheFormIsLeft) {
  const auto reason = [](const char* text) { return error_of([&] { parse_canonical(text); }); };
  EXPECT_EQ(reason("[1, 2]"), "malformed: JSON is not in canonical form from byte 3 on");
  EXPECT_EQ(reason("{}\n"), "malformed: JSON is not in canonical form from byte 2 on");
  EXPECT_EQ(reason(R"({"a":{"b":[0,1.5]}})"),
            "malformed: JSON at /a/b/1: only integers are allowed as numbers");
  EXPECT_EQ(reason(R"({"a":9007199254740992})"),
            "malformed: JSON at /a: an integer beyond 2^53 - 1 must be a decimal string");
  EXPECT_EQ(reason(R"({"a":[{"~b/":1}]})"),
            "malformed: JSON at /a/0: a key is not of the form [A-Za-z0-9_.:-]+");
  EXPECT_EQ(reason(R"({"a":1,"a":1})"), "malformed: JSON has the key a twice in one object");
  EXPECT_NE(reason("{\"a\":\n x}").find("line 2, column 2"), std::string::npos);
}

TEST(Canonical, FindsADifferenceAnywhereInALongText) {
  Json value;
  for (int i = 0; i < 30000; ++i) value.push_back("element " + std::to_string(i));
  const std::string text = to_canonical(value);
  ASSERT_GT(text.size(), std::size_t{5} << 16);
  EXPECT_EQ(parse_canonical(text), value);
  for (std::size_t at : {std::size_t{1}, std::size_t{65535}, text.size() / 2, text.size() - 1}) {
    at = text.find_first_of(",]", at);
    std::string altered = text;
    altered.insert(at, " ");
    EXPECT_EQ(error_of([&] { parse_canonical(altered); }),
              "malformed: JSON is not in canonical form from byte " + std::to_string(at) + " on");
  }
}

TEST(Canonical, WritesOnlyItsProfile) {
  const auto reason = [](const Json& value) { return error_of([&] { to_canonical(value); }); };
  EXPECT_EQ(reason(9007199254740991), "");
  EXPECT_EQ(reason(-9007199254740991), "");
  EXPECT_NE(reason(9007199254740992), "");
  EXPECT_NE(reason(-9007199254740992), "");
  EXPECT_NE(reason(std::numeric_limits<std::int64_t>::min()), "");
  EXPECT_NE(reason(std::numeric_limits<std::uint64_t>::max()), "");
  EXPECT_NE(reason(0.0), "");
  EXPECT_NE(reason(std::numeric_limits<double>::quiet_NaN()), "");
  EXPECT_NE(reason("\xFF"), "");
  EXPECT_NE(reason({{"", 1}}), "");
  EXPECT_NE(reason(Json(Json::value_t::discarded)), "");
  EXPECT_EQ(reason(parse_json(nested(32))), "");
  EXPECT_NE(reason(Json::array({parse_json(nested(32))})), "");
}

TEST(OrdinaryJson, IsReadAsPeopleWriteIt) {
  const Json value =
      parse_json("\xEF\xBB\xBF { \"b\" : 1.50e1,\n\t\"a b\": [ \"\\u00e9\\/\" ] }\r\n");
  EXPECT_EQ(value, Json({{"b", 15.0}, {"a b", {"\xC3\xA9/"}}}));
  EXPECT_TRUE(parse_json("-0.0").is_number_float());
}

TEST(OrdinaryJson, StillRefusesWhatIsNotJson) {
  for (const std::string& text :
       {""s, "{"s, "[1,]"s, "{} {}"s, "{}\0garbage"s, "[\0]"s, R"({"a":1,"a":2})"s, "1e400"s,
        "-1e400"s, "\"\xFF\""s, "\"\xED\xA0\x80\""s, R"("\ud800")"s, "NaN"s, "// x\n1"s,
        "\"\t\""s}) {
    EXPECT_EQ(error_of([&] { parse_json(text); }).substr(0, 10), "malformed:") << text;
  }
}

TEST(OrdinaryJson, NeverRepeatsTheTextInAnError) {
  for (const char* text : {R"({"key": "s3cret)", R"({"key": "s3cret" x)", R"({"key": s3cret})",
                           R"({"key": "s3cret\x"})"}) {
    const std::string error = error_of([&] { parse_json(text); });
    EXPECT_NE(error, "");
    EXPECT_EQ(error.find("s3cret"), std::string::npos) << error;
  }
}

}  // namespace
}  // namespace mlprov
