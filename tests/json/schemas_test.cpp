// The schemas of configs/schemas, each with a document that fits and the ways to spoil it.
#include "mlprov/json/schemas.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "support/error_of.h"

namespace mlprov {
namespace {

const std::string kHex32(32, 'a');
const std::string kHex64(64, 'b');
const std::string kAddress = "0x" + std::string(40, 'c');
const std::string kVkey = "log.example/a+deadbeef+A" + std::string(43, 'Z');

Json entry() { return {{"digest", kHex64}, {"kind", "file"}, {"name", "x"}, {"size", 3}}; }

Json tensor() {
  return {{"digest", kHex64}, {"dtype", "BF16"}, {"kind", "tensor"},
          {"name", "w"},      {"salt", kHex32},  {"shape", {2, 0}}};
}

Json tree() {
  return {{"digest", kHex64}, {"entries", 0}, {"kind", "tree"}, {"name", "%2E"}, {"salted", true}};
}

Json statement() {
  return {{"_type", "https://in-toto.io/Statement/v1"},
          {"predicate",
           {{"author", kAddress},
            {"entries", 2},
            {"log", kVkey},
            {"path", "training/epoch-00000001"},
            {"phase", "epoch"},
            {"previous", kHex64},
            {"run", kHex32},
            {"time", "2026-11-21T00:00:00Z"}}},
          {"predicateType", "urn:mlprov:statement:v1"},
          {"subject",
           Json::array({{{"digest", {{"mlprov-tree-v1-blake3", kHex64}}}, {"name", kHex32}}})}};
}

Json envelope() {
  return {
      {"payload", "e30="},
      {"payloadType", "application/vnd.in-toto+json"},
      {"signatures", Json::array({{{"keyid", kAddress}, {"sig", std::string(85, 'A') + "Bs="}}})}};
}

Json bundle() {
  return {
      {"directories", {{kHex64, {entry(), kHex64, tensor(), tree()}}}},
      {"format", "mlprov-bundle-v1"},
      {"log", {{"checkpoint", "x\n"}, {"vkey", kVkey}}},
      {"objects", {{kHex64, {{"json", {{"free", 1.5}}}}}}},
      {"statements",
       Json::array(
           {{{"cosignatures", Json::array({{{"address", kAddress},
                                            {"signature", "0x" + std::string(128, '0') + "1b"}}})},
             {"envelope", envelope()},
             {"inclusion", {{"index", 0}, {"path", {kHex64}}}},
             {"receipts",
              Json::array({{{"driver", "d"}, {"name", "n"}, {"receipt", {{"free", 1}}}}})}}})}};
}

Json proof() {
  return {{"chain", Json::array({{{"entry", entry()}, {"index", 0}, {"path", {kHex64}}}})},
          {"format", "mlprov-proof-v1"},
          {"statement", envelope()}};
}

Json policy() {
  return {{"allow_unfinished", false},
          {"cosigners", {{"addresses", {kAddress}}, {"min", 1}}},
          {"log", kVkey},
          {"networks", {"local"}},
          {"not_before", "2026-01-01T00:00:00Z"},
          {"root", kHex64},
          {"signers", {"0xAbCdEf" + std::string(34, '0')}},
          {"strict", true}};
}

/// The places that break the schema, one behind the other.
std::string places(const char* name, const Json& document) {
  std::string text;
  for (const auto& violation : schema_for(name).validate(document)) {
    const std::string place = violation.pointer.empty() ? "top" : violation.pointer;
    if (!(" " + text).ends_with(" " + place + " ")) text += place + " ";
  }
  if (!text.empty()) text.pop_back();
  return text;
}

TEST(Schemas, AreThoseOfTheFolder) {
  const auto names = schema_names();
  for (const char* name : {"bundle", "entry", "envelope", "policy", "proof", "statement"}) {
    EXPECT_NE(std::find(names.begin(), names.end(), name), names.end()) << name;
    EXPECT_EQ(parse_json(schema_text(name))["$id"], std::string(name) + ".schema.json");
  }
  EXPECT_EQ(testing::error_of([] { schema_for("nothing"); }).substr(0, 39),
            "not-found: there is no schema `nothing`");
}

TEST(Schemas, TakeWhatTheFormatGives) {
  EXPECT_EQ(places("entry", entry()), "");
  EXPECT_EQ(places("entry", tensor()), "");
  EXPECT_EQ(places("entry", tree()), "");
  EXPECT_EQ(places("statement", statement()), "");
  EXPECT_EQ(places("envelope", envelope()), "");
  EXPECT_EQ(places("bundle", bundle()), "");
  EXPECT_EQ(places("proof", proof()), "");
  EXPECT_EQ(places("policy", policy()), "");
  EXPECT_EQ(places("policy", Json::object()), "");
}

struct Spoiling {
  const char* schema;
  Json document;
  std::string pointer;  ///< Where a value is put ...
  Json value;
  std::string place;  ///< ... and what is complained about.
};

class SpoiledDocument : public ::testing::TestWithParam<Spoiling> {};

TEST_P(SpoiledDocument, IsRefusedAtTheRightPlace) {
  const Spoiling& row = GetParam();
  Json document = row.document;
  document[Json::json_pointer(row.pointer)] = row.value;
  EXPECT_EQ(places(row.schema, document), row.place)
      << row.schema << " with " << row.value << " at " << row.pointer;
}

INSTANTIATE_TEST_SUITE_P(
    Entry, SpoiledDocument,
    ::testing::Values(Spoiling{"entry", entry(), "/extra", 1, "/extra"},
                      Spoiling{"entry", entry(), "/kind", "folder", "/kind"},
                      Spoiling{"entry", entry(), "/kind", "tensor", "top /size"},
                      Spoiling{"entry", entry(), "/salted", true, "/salted"},
                      Spoiling{"entry", entry(), "/digest", std::string(64, 'B'), "/digest"},
                      Spoiling{"entry", entry(), "/digest", std::string(63, 'b'), "/digest"},
                      Spoiling{"entry", entry(), "/size", -1, "/size"},
                      Spoiling{"entry", entry(), "/size", "3", "/size"},
                      Spoiling{"entry", entry(), "/size", true, "/size"},
                      Spoiling{"entry", entry(), "/size", 9007199254740992, "/size"},
                      Spoiling{"entry", entry(), "/salt", kHex64, "/salt"},
                      Spoiling{"entry", entry(), "/name", "", "/name"},
                      Spoiling{"entry", entry(), "/name", ".", "/name"},
                      Spoiling{"entry", entry(), "/name", "..", "/name"},
                      Spoiling{"entry", entry(), "/name", "a/b", "/name"},
                      Spoiling{"entry", entry(), "/name", "a~", "/name"},
                      Spoiling{"entry", entry(), "/name", "%2f", "/name"},
                      Spoiling{"entry", entry(), "/name", "%41", "/name"},
                      Spoiling{"entry", entry(), "/name", "a\n", "/name"},
                      Spoiling{"entry", tensor(), "/dtype", "F31", "/dtype"},
                      Spoiling{"entry", tensor(), "/shape/1", -1, "/shape/1"},
                      Spoiling{"entry", tensor(), "/shape", 2, "/shape"},
                      Spoiling{"entry", tensor(), "/size", 2, "/size"},
                      Spoiling{"entry", tree(), "/salted", false, "/salted"},
                      Spoiling{"entry", tree(), "/entries", nullptr, "/entries"}));

INSTANTIATE_TEST_SUITE_P(
    Statement, SpoiledDocument,
    ::testing::Values(
        Spoiling{"statement", statement(), "/_type", "https://in-toto.io/Statement/v0.1", "/_type"},
        Spoiling{"statement", statement(), "/extra", 1, "/extra"},
        Spoiling{"statement", statement(), "/subject/1", statement()["subject"][0], "/subject"},
        Spoiling{"statement", statement(), "/subject", Json::array(), "/subject"},
        Spoiling{"statement", statement(), "/subject/0/digest/mlprov-tree-v1-sha256", kHex64,
                 "/subject/0/digest"},
        Spoiling{"statement",
                 statement(),
                 "/subject/0/digest",
                 {{"sha256", kHex64}},
                 "/subject/0/digest/sha256"},
        Spoiling{"statement", statement(), "/subject/0/name", kHex64, "/subject/0/name"},
        Spoiling{"statement", statement(), "/predicate/extra", 1, "/predicate/extra"},
        Spoiling{"statement", statement(), "/predicate/phase", "before", "/predicate/path"},
        Spoiling{"statement", statement(), "/predicate/phase", "after", "/predicate/path"},
        Spoiling{"statement", statement(), "/predicate/phase", "during", "/predicate/phase"},
        Spoiling{"statement", statement(), "/predicate/path", "training/epoch-1",
                 "/predicate/path"},
        Spoiling{"statement", statement(), "/predicate/previous", 1, "/predicate/previous"},
        Spoiling{"statement", statement(), "/predicate/previous", "", "/predicate/previous"},
        Spoiling{"statement", statement(), "/predicate/log", "x", "/predicate/log"},
        Spoiling{"statement", statement(), "/predicate/author", "0x" + std::string(40, 'C'),
                 "/predicate/author"},
        Spoiling{"statement", statement(), "/predicate/time", "2026-11-21T00:00:60Z",
                 "/predicate/time"},
        Spoiling{"statement", statement(), "/predicate/time", "2026-11-21 00:00:00Z",
                 "/predicate/time"}));

INSTANTIATE_TEST_SUITE_P(
    Document, SpoiledDocument,
    ::testing::Values(
        Spoiling{"envelope", envelope(), "/payload", "e30", "/payload"},
        Spoiling{"envelope", envelope(), "/payloadType", "text/plain", "/payloadType"},
        Spoiling{"envelope", envelope(), "/signatures/1", envelope()["signatures"][0],
                 "/signatures"},
        Spoiling{"envelope", envelope(), "/signatures/0/sig",
                 std::string(85, 'A') + "At=", "/signatures/0/sig"},
        Spoiling{"bundle", bundle(), "/format", "mlprov-bundle-v2", "/format"},
        Spoiling{"bundle", bundle(), "/log", false, "/log"},
        Spoiling{"bundle", bundle(), "/log/extra", 1, "/log/extra"},
        Spoiling{"bundle", bundle(), "/directories/x", Json::array(), "/directories"},
        Spoiling{"bundle", bundle(), "/directories/" + kHex64 + "/1", "x",
                 "/directories/" + kHex64 + "/1"},
        Spoiling{"bundle", bundle(), "/statements", Json::array(), "/statements"},
        Spoiling{"bundle", bundle(), "/statements/0/inclusion/index", "0",
                 "/statements/0/inclusion/index"},
        Spoiling{"bundle", bundle(), "/statements/0/receipts/0/receipt", 1,
                 "/statements/0/receipts/0/receipt"},
        Spoiling{"bundle", bundle(), "/statements/0/cosignatures/0/signature", "0x00",
                 "/statements/0/cosignatures/0/signature"},
        Spoiling{"bundle", bundle(), "/statements/0/envelope/payload", 1,
                 "/statements/0/envelope/payload"},
        Spoiling{"proof", proof(), "/chain", Json::array(), "/chain"},
        Spoiling{"proof", proof(), "/chain/0/entry/size", nullptr, "/chain/0/entry/size"},
        Spoiling{"proof", proof(), "/chain/0/size", 1, "/chain/0/size"},
        Spoiling{"policy", policy(), "/signer", kAddress, "/signer"},
        Spoiling{"policy", policy(), "/signers/0", "0x12", "/signers/0"},
        Spoiling{"policy", policy(), "/cosigners/min", 0, "/cosigners/min"},
        Spoiling{"policy", policy(), "/networks/0", "", "/networks/0"}));

TEST(Schemas, AllowNullWhereTheFormatDoes) {
  Json document = bundle();
  document["log"] = nullptr;
  document["statements"][0]["inclusion"] = nullptr;
  EXPECT_EQ(places("bundle", document), "");
  document = statement();
  document["predicate"]["log"] = nullptr;
  document["predicate"]["previous"] = nullptr;
  EXPECT_EQ(places("statement", document), "");
}

TEST(Schemas, LetAnObjectHaveOneFormOnly) {
  Json document = bundle();
  document["objects"][kHex64] = {{"json", 1}, {"text", "1"}};
  EXPECT_EQ(places("bundle", document), "/objects/" + kHex64);
  document["objects"][kHex64] = Json::object();
  EXPECT_EQ(places("bundle", document), "/objects/" + kHex64);
  document["objects"][kHex64] = {{"base64", "AAA"}};
  EXPECT_EQ(places("bundle", document), "/objects/" + kHex64 + "/base64");
}

}  // namespace
}  // namespace mlprov
