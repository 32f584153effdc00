// Documents that say the same in other bytes, or that no canonical reader may take.
#include <gtest/gtest.h>

#include "forger/expect.h"
#include "mlprov/support/hex.h"

namespace mlprov::forge {
namespace {

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(std::string::npos, at) << from;
  return text.replace(at, from.size(), to);
}

TEST(JsonForm, OtherBytesForTheSameDocument) {
  const std::string good = sample_text();
  ASSERT_TRUE(holds(good));
  const std::vector<std::string> others = {
      good + "\n",
      " " + good,
      "\xef\xbb\xbf" + good,
      parse_json(good).dump(1),
      replaced(good, "\"format\":", "\"format\" :"),
      replaced(good, "mlprov-bundle-v1", "mlprov-bundle-v\\u0031"),
      replaced(good, "\\n", "\\u000a"),
      replaced(good, "vnd.in-toto", "vnd\\u002ein-toto"),
      replaced(good, "application/", "application\\/"),
      good + good,
      good + std::string(1, '\0'),
      "[" + good + "]\n",
  };
  for (const std::string& other : others) {
    EXPECT_TRUE(is_refused(other, Refusal::kNotCanonical)) << other.substr(0, 80);
  }
}

TEST(JsonForm, KeysTwiceOrOutOfOrder) {
  const std::string good = sample_text();
  const std::string format = "\"format\":\"mlprov-bundle-v1\",";
  const std::string without = replaced(good, format, "");
  EXPECT_TRUE(is_refused("{" + format + without.substr(1), Refusal::kNotCanonical)) << "order";
  EXPECT_TRUE(is_refused(replaced(good, format, format + format), Refusal::kNotCanonical))
      << "twice";
  EXPECT_TRUE(is_refused(replaced(good, "\"kind\":\"json\"", "\"kind\":\"file\",\"kind\":\"json\""),
                         Refusal::kNotCanonical));
}

TEST(JsonForm, NumbersOutsideTheProfile) {
  const std::string good = sample_text();
  const std::size_t at = good.find("\"size\":");
  ASSERT_NE(std::string::npos, at);
  const std::size_t from = at + 7;
  const std::size_t to = good.find('}', from);
  for (const char* number :
       {"9007199254740992", "-9007199254740992", "18446744073709551616", "1e400", "-0", "-0.0",
        "0.5", "1.0", "1e2", "1E2", "NaN", "Infinity", "-Infinity", "01", "+1", "0x10", ".5"}) {
    std::string bad = good;
    bad.replace(from, to - from, number);
    EXPECT_TRUE(is_refused(bad, Refusal::kNotCanonical)) << number;
  }
}

TEST(JsonForm, IntegersInPayloadsOutsideTheProfile) {
  for (const char* number : {"9007199254740992", "-0", "1.0", "1e0", "NaN"}) {
    Forgery forgery = sample_forgery();
    std::string payload = to_canonical(forgery.payload(0));
    const std::size_t at = payload.find("\"entries\":") + 10;
    payload.replace(at, payload.find(',', at) - at, number);
    forgery.sign_bytes(0, payload, author_key());
    EXPECT_TRUE(is_refused(forgery.text(), Refusal::kMalformed)) << number;
  }
}

TEST(JsonForm, StringsThatAreNoText) {
  const std::string good = sample_text();
  for (const char* bad : {"\\ud800", "\\udc00\\ud800", "\xed\xa0\x80", "\x01", "\\x", "\xc0\x80"}) {
    EXPECT_TRUE(is_refused(replaced(good, "Linear(10, 5)", bad), Refusal::kNotCanonical)) << bad;
  }
}

TEST(JsonForm, KeysAndShapesOfTheBundle) {
  const auto reject = [](const std::function<void(Json&)>& change) {
    Forgery forgery = sample_forgery();
    change(forgery.document());
    return is_refused(forgery.text(), Refusal::kMalformed);
  };
  EXPECT_TRUE(reject([](Json& d) { d["extra"] = 1; }));
  EXPECT_TRUE(reject([](Json& d) { d.erase("log"); }));
  EXPECT_TRUE(reject([](Json& d) { d["format"] = "mlprov-bundle-v2"; }));
  EXPECT_TRUE(reject([](Json& d) { d["statements"] = Json::array(); }));
  EXPECT_TRUE(reject([](Json& d) { d["statements"] = Json::object(); }));
  EXPECT_TRUE(reject([](Json& d) { d["statements"][0] = "statement"; }));
  EXPECT_TRUE(reject([](Json& d) { d["statements"][0]["extra"] = nullptr; }));
  EXPECT_TRUE(reject([](Json& d) { d["statements"][0]["inclusion"] = Json::object(); }));
  EXPECT_TRUE(reject([](Json& d) { d["statements"][0]["receipts"] = nullptr; }));
  EXPECT_TRUE(reject([](Json& d) { d["directories"] = Json::array(); }));
  EXPECT_TRUE(reject([](Json& d) { d["directories"]["root"] = Json::array(); }));
  EXPECT_TRUE(reject([](Json& d) { d["directories"].begin().value() = "list"; }));
  EXPECT_TRUE(reject([](Json& d) { d["objects"]["x"] = {{"text", ""}}; }));
  EXPECT_TRUE(reject([](Json& d) { d["log"] = Json::array(); }));
  EXPECT_TRUE(reject([](Json& d) { d["log"] = {{"checkpoint", 1}, {"vkey", ""}}; }));
  EXPECT_TRUE(reject([](Json& d) { d["statements"][0]["envelope"]["payloadType"] = "text"; }));
  EXPECT_TRUE(reject([](Json& d) { d = Json::array({d}); }));
  EXPECT_TRUE(reject([](Json& d) { d = nullptr; }));
}

TEST(JsonForm, Receipts) {
  const Json good = {{"driver", "ethereum"}, {"name", "sepolia"}, {"receipt", {{"block", 7}}}};
  const auto with = [](const Json& list) {
    Forgery forgery = sample_forgery();
    forgery.statement(0)["receipts"] = list;
    return forgery.text();
  };
  Json later = good;
  later["name"] = "zora";
  EXPECT_TRUE(holds(with(Json::array({good, later}))));
  EXPECT_TRUE(is_refused(with(Json::array({good, good})), Refusal::kMalformed)) << "twice";
  EXPECT_TRUE(is_refused(with(Json::array({later, good})), Refusal::kMalformed)) << "order";
  for (const char* key : {"driver", "name"}) {
    Json empty = good;
    empty[key] = "";
    EXPECT_TRUE(is_refused(with(Json::array({empty})), Refusal::kMalformed)) << key;
  }
  Json flat = good;
  flat["receipt"] = "0x00";
  EXPECT_TRUE(is_refused(with(Json::array({flat})), Refusal::kMalformed));
}

}  // namespace
}  // namespace mlprov::forge
