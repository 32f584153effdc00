#include "mlprov/json/schema.h"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "support/error_of.h"

namespace mlprov {
namespace {

using testing::error_of;

/// "pointer: message" a line.
std::string explain(const JsonSchema& schema, const char* document) {
  std::string text;
  for (const auto& [pointer, message] : schema.validate(parse_json(document))) {
    text += pointer + ": " + message + "\n";
  }
  return text;
}

JsonSchema compile(const char* schema) { return JsonSchema(parse_json(schema)); }

TEST(JsonSchema, NamesTheValueByPointer) {
  const JsonSchema schema = compile(R"({
    "type": "object",
    "required": ["name"],
    "additionalProperties": false,
    "properties": {
      "name": {"type": "string", "minLength": 2},
      "a/b~c": {"type": "object", "properties": {"list": {"type": "array", "maxItems": 12,
                "items": {"type": "integer", "minimum": 1, "maximum": 9007199254740991}}}},
      "mode": {"enum": ["fast", "slow", null]},
      "one": {"const": 1},
      "hex": {"type": "string", "pattern": "^[0-9a-f]{4}$"}}})");
  EXPECT_EQ(explain(schema, R"({"name":"ok","hex":"00ff","mode":null,"one":1})"), "");
  EXPECT_EQ(explain(schema, "[]"), ": is of type array, not object\n");
  EXPECT_EQ(explain(schema, "{}"), ": lacks the key `name`\n");
  EXPECT_EQ(explain(schema, R"({"name":1})"), "/name: is of type integer, not string\n");
  EXPECT_EQ(explain(schema, R"({"name":"x"})"),
            "/name: should be no fewer than 2 characters in length\n");
  EXPECT_EQ(explain(schema, R"({"name":"ok","extra":1})"), "/extra: is not a known key\n");
  EXPECT_EQ(explain(schema, R"({"name":"ok","mode":"medium"})"),
            "/mode: is not \"fast\", \"slow\" or null\n");
  EXPECT_EQ(explain(schema, R"({"name":"ok","one":2})"), "/one: is not 1\n");
  EXPECT_EQ(explain(schema, R"({"name":"ok","hex":"00fg"})"),
            "/hex: is not of the form ^[0-9a-f]{4}$\n");
  EXPECT_EQ(explain(schema, R"({"name":"ok","a/b~c":{"list":[1,0,1.0,"x",9007199254740992]}})"),
            "/a~1b~0c/list/1: is less than 1\n"
            "/a~1b~0c/list/2: is of type number, not integer\n"
            "/a~1b~0c/list/3: is of type string, not integer\n"
            "/a~1b~0c/list/4: is more than 9007199254740991\n");
}

TEST(JsonSchema, ReportsInDocumentOrder) {
  const JsonSchema schema = compile(
      R"({"additionalProperties": {"type": "array", "items": {"type": "null"}}, "maxProperties": 1})");
  EXPECT_EQ(explain(schema, R"({"b":[null,1],"a":[0,null,2,null,null,null,null,null,null,9,10]})"),
            ": should have no more than 1 properties\n"
            "/a/0: is of type integer, not null\n"
            "/a/2: is of type integer, not null\n"
            "/a/9: is of type integer, not null\n"
            "/a/10: is of type integer, not null\n"
            "/b/1: is of type integer, not null\n");
}

TEST(JsonSchema, FollowsConditionsAndAlternatives) {
  const JsonSchema schema = compile(R"({
    "properties": {
      "if": {"if": {"type": "string"}, "then": {"pattern": "^a*$"}, "else": {"type": "null"}},
      "any": {"anyOf": [{"type": "null"}, {"type": "object", "required": ["x"]}]},
      "one": {"oneOf": [{"type": "integer"}, {"minimum": 3}]},
      "not": {"not": {"enum": [1, 2]}},
      "keys": {"propertyNames": {"pattern": "^(a|b)+$"}},
      "no": false,
      "has": {"contains": {"const": "y"}},
      "needs": {"dependencies": {"a": ["b"]}}}})");
  EXPECT_EQ(explain(schema, R"({"if":"aaa","any":{"x":1},"one":1,"not":3,"keys":{"ab":1},
                               "has":["y"],"needs":{"a":1,"b":1}})"),
            "");
  EXPECT_EQ(explain(schema, R"({"if":"b"})"), "/if: is not of the form ^a*$\n");
  EXPECT_EQ(explain(schema, R"({"if":1})"), "/if: is of type integer, not null\n");
  EXPECT_EQ(explain(schema, R"({"any":{}})"),
            "/any: is of type object, not null\n/any: lacks the key `x`\n");
  EXPECT_EQ(explain(schema, R"({"one":3})"), "/one: fits more than one of the forms\n");
  EXPECT_EQ(explain(schema, R"({"not":1})"), "/not: has a form that is not allowed here\n");
  EXPECT_EQ(explain(schema, R"({"keys":{"c":1}})"), "/keys: does not fit its schema\n");
  EXPECT_EQ(explain(schema, R"({"no":1})"), "/no: does not fit its schema\n");
  EXPECT_EQ(explain(schema, R"({"has":["x"]})"),
            "/has: holds no element of the form that one must have\n");
  EXPECT_NE(explain(schema, R"({"needs":{"a":1}})"), "");
  EXPECT_EQ(explain(compile("false"), "1"), ": does not fit its schema\n");
  EXPECT_EQ(explain(compile("true"), "1"), "");
}

TEST(JsonSchema, LeavesPropertiesNamedLikeKeywordsAlone) {
  const JsonSchema schema = compile(R"({"properties": {
    "pattern": {"type": "string"}, "type": {"type": "integer"}, "enum": {"$ref": "#/definitions/const"},
    "$ref": {"type": "null"}}, "definitions": {"const": {"type": "array"}}})");
  EXPECT_EQ(explain(schema, R"({"pattern":"x","type":1,"enum":[],"$ref":null})"), "");
  EXPECT_EQ(explain(schema, R"({"pattern":1,"type":"x","enum":{},"$ref":1})"),
            "/$ref: is of type integer, not null\n/enum: is of type object, not array\n"
            "/pattern: is of type integer, not string\n/type: is of type string, not integer\n");
}

TEST(JsonSchema, TakesReferencedDocumentsFromTheLoaderOnly) {
  const char* const text = R"({"items": {"$ref": "leaf.json#/definitions/small"}, "definitions":
                               {"small": {"type": "null"}}, "contains": {"$ref": "leaf.json"}})";
  const auto loader = [](const std::string& name) {
    EXPECT_EQ(name, "leaf.json");
    // `small` means the document's own, and documents may refer to each other.
    return parse_json(R"({"allOf": [{"$ref": "#/definitions/any"}],
      "definitions": {"any": {"anyOf": [{"$ref": "#/definitions/small"}, {"type": "string"}]},
                      "small": {"type": "integer", "maximum": 9}}})");
  };
  const JsonSchema schema(parse_json(text), loader);
  EXPECT_EQ(explain(schema, "[1,9]"), "");
  EXPECT_EQ(explain(schema, "[10,1]"), "/0: is more than 9\n");
  EXPECT_EQ(explain(schema, "[null,1]"), "/0: is of type null, not integer\n");
  EXPECT_NE(error_of([&] { compile(text); }).find("leads to another document"), std::string::npos);
}

TEST(JsonSchema, FollowsReferencesToItself) {
  const JsonSchema schema =
      compile(R"({"type": ["object", "integer"], "additionalProperties": {"$ref": "#"}})");
  EXPECT_EQ(explain(schema, R"({"a":{"b":{"c":1}}})"), "");
  EXPECT_EQ(explain(schema, R"({"a":{"b":{"c":null}}})"),
            "/a/b/c: is of type null, not object or integer\n");
}

TEST(JsonSchema, RefusesWhatItDoesNotKnow) {
  for (const char* text : {"1",
                           "null",
                           "\"x\"",
                           R"({"type": "text"})",
                           R"({"type": 1})",
                           R"({"pattern": "a"})",
                           R"({"pattern": "^a|b$"})",
                           R"({"pattern": "^a\\$"})",
                           R"({"pattern": "^($"})",
                           R"({"pattern": "^[z-a]$"})",
                           R"({"pattern": 1})",
                           R"({"patternProperties": {"^a$": true}})",
                           R"({"properties": []})",
                           R"({"properties": {"a": 1}})",
                           R"({"items": 1})",
                           R"({"$ref": 1})",
                           R"({"$ref": "#x"})",
                           R"({"$ref": "#/definitions/none"})",
                           R"({"$ref": "other.json"})",
                           R"({"allOf": {}})",
                           R"({"required": 1})"}) {
    EXPECT_EQ(error_of([&] { compile(text); }).substr(0, 10), "malformed:") << text;
  }
}

TEST(JsonSchema, MatchesLongStringsWithoutRecursion) {
  const JsonSchema schema = compile(
      R"({"properties": {"a": {"pattern": "^([a-z]{4})*$"}, "b": {"pattern": "^(a+)+b$"}}})");
  const std::string letters(std::size_t{1} << 20, 'a');
  const auto start = std::chrono::steady_clock::now();
  EXPECT_TRUE(schema.validate({{"a", letters}, {"b", letters + "b"}}).empty());
  EXPECT_EQ(schema.validate({{"a", letters + "a"}, {"b", letters}}).size(), 2U);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(60));
}

TEST(JsonSchema, BoundsWhatItReports) {
  const JsonSchema schema = compile(R"({"items": {"type": "null"}})");
  Json document = Json::array();
  for (int i = 0; i < 1'000'000; ++i) document.push_back(i);
  const std::size_t count = schema.validate(document).size();
  EXPECT_GE(count, 100U);
  EXPECT_LE(count, 1000U);
}

TEST(JsonSchema, RequireNamesTheDocumentAndTheFirstPlaces) {
  const JsonSchema schema = compile(R"({"additionalProperties": {"type": "null"}})");
  EXPECT_EQ(error_of([&] { schema.require(parse_json(R"({"a":null})"), "run.json"); }), "");
  EXPECT_EQ(error_of([&] { schema.require(parse_json(R"({"a":1,"b":2})"), "run.json"); }),
            "config: run.json: /a is of type integer, not null; /b is of type integer, not null");
  EXPECT_NE(error_of([&] {
              schema.require(parse_json(R"({"a":1,"b":2,"c":3,"d":4,"e":5,"f":6,"g":7})"), "x");
            }).find("; and 2 more"),
            std::string::npos);
}

TEST(JsonSchema, ServesSeveralThreads) {
  const JsonSchema schema = compile(R"({"items": {"type": "string", "pattern": "^[ab]+$"}})");
  const Json good = {"a", "ab", "b"};
  const Json bad = {"a", "c"};
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 200; ++i) {
        EXPECT_TRUE(schema.validate(good).empty());
        EXPECT_EQ(schema.validate(bad).size(), 1U);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace mlprov
