// Entries that no reader may take, and trees that would be endless to walk.
#include <gtest/gtest.h>

#include <chrono>

#include "forger/expect.h"
#include "mlprov/support/hex.h"

namespace mlprov::forge {
namespace {

/// The sample after a change at a path, hashed and signed again by its own author.
std::string signed_anew(std::string_view path, const Forgery::Edit& change, bool prunes = true) {
  Forgery forgery = sample_forgery();
  forgery.edit_run(path, change);
  forgery.resign(author_key());
  if (prunes) forgery.prune();
  return forgery.text();
}

Json file_entry(const std::string& name, std::uint64_t size = 1) {
  return {{"digest", std::string(64, 'a')}, {"kind", "file"}, {"name", name}, {"size", size}};
}

TEST(Entries, NamesOutOfTheirEscapedForm) {
  for (const char* name : {"", ".", "..", "a/b", "/", "~", "~2", "%", "%zz", "%61", "%2e", "%C3%A4",
                           "a\x7f", "tab\t"}) {
    const auto change = [&](Json& slots) { insert_slot(slots, file_entry(name)); };
    EXPECT_TRUE(is_refused(signed_anew("before", change), Refusal::kMalformed)) << name;
  }
}

TEST(Entries, NamesThatAreNotUtf8) {
  for (const char* bytes : {"\xff", "\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xc3"}) {
    std::string text = sample_text();
    const std::size_t at = text.find("\"determinism\"");
    ASSERT_NE(std::string::npos, at);
    text.insert(at + 1, bytes);
    EXPECT_TRUE(is_refused(text, Refusal::kNotCanonical));
  }
}

TEST(Entries, NamesTwiceOrOutOfOrder) {
  const auto twice = [](Json& slots) { slots.push_back(slots.back()); };
  EXPECT_TRUE(is_refused(signed_anew("before", twice), Refusal::kMalformed));
  const auto swapped = [](Json& slots) { std::swap(slots[0], slots[1]); };
  EXPECT_TRUE(is_refused(signed_anew("before", swapped), Refusal::kMalformed));
}

TEST(Entries, ShapesThatAreNone) {
  const auto reject = [](const std::function<void(Json&)>& change) {
    const auto edit = [&](Json& slots) {
      Json entry = file_entry("zz");
      change(entry);
      slots.push_back(entry);
    };
    return is_refused(signed_anew("before", edit, false), Refusal::kMalformed);
  };
  EXPECT_TRUE(reject([](Json& e) { e["kind"] = "link"; }));
  EXPECT_TRUE(reject([](Json& e) { e["kind"] = "tree"; }));
  EXPECT_TRUE(reject([](Json& e) { e["mode"] = 493; }));
  EXPECT_TRUE(reject([](Json& e) { e.erase("size"); }));
  EXPECT_TRUE(reject([](Json& e) { e["size"] = "1"; }));
  EXPECT_TRUE(reject([](Json& e) { e["size"] = -1; }));
  EXPECT_TRUE(reject([](Json& e) { e["size"] = true; }));
  EXPECT_TRUE(reject([](Json& e) { e["salt"] = std::string(30, '0'); }));
  EXPECT_TRUE(reject([](Json& e) { e["salted"] = true; }));
  EXPECT_TRUE(reject([](Json& e) { e["digest"] = std::string(63, 'a'); }));
  EXPECT_TRUE(reject([](Json& e) { e = "zz"; }));
  EXPECT_TRUE(reject([](Json& e) { e = nullptr; }));
  EXPECT_TRUE(reject([](Json& e) { e = Json::array(); }));
  EXPECT_TRUE(reject([](Json& e) {
    e = {{"digest", std::string(64, 'a')},
         {"entries", 0},
         {"kind", "tree"},
         {"name", "zz"},
         {"salted", false}};
  }));
  EXPECT_TRUE(reject([](Json& e) {
    e = {{"digest", std::string(64, 'a')},
         {"dtype", "F33"},
         {"kind", "tensor"},
         {"name", "zz"},
         {"shape", {1}}};
  }));
  EXPECT_TRUE(reject([](Json& e) {
    e = {{"digest", std::string(64, 'a')},
         {"dtype", "F64"},
         {"kind", "tensor"},
         {"name", "zz"},
         {"shape", {9007199254740991, 2}}};
  }));
}

TEST(Entries, CountsAndSizesThatLie) {
  const auto count = [](Json& slots) { slot_named(slots, "config")["entries"] = 2; };
  EXPECT_TRUE(is_refused(signed_anew("before", count), Refusal::kKindMismatch));
  const auto size = [](Json& slots) { slot_named(slots, "source")["size"] = 2; };
  EXPECT_TRUE(is_refused(signed_anew("before/code", size), Refusal::kKindMismatch));
  const auto tensor = [](Json& slots) {
    Json& entry = slot_named(slots, "source");
    entry = {{"digest", entry["digest"]},
             {"dtype", "F32"},
             {"kind", "tensor"},
             {"name", "source"},
             {"shape", {9}}};
  };
  EXPECT_TRUE(is_refused(signed_anew("before/code", tensor), Refusal::kKindMismatch));
}

TEST(Entries, ObjectsInAnotherForm) {
  Forgery forgery = sample_forgery();
  for (auto& [digest, object] : forgery.document()["objects"].items()) {
    if (!object.contains("text")) continue;
    object = {{"base64", to_base64(as_bytes(object["text"].get<std::string>()))}};
  }
  EXPECT_TRUE(is_refused(forgery.text(), Refusal::kKindMismatch));
}

TEST(Entries, ObjectsOfNoForm) {
  for (const Json& object : {Json::object(), Json({{"text", 1}}), Json({{"raw", ""}}), Json("x"),
                             Json({{"base64", "A"}}), Json({{"json", 1}, {"text", "1"}})}) {
    Forgery forgery = sample_forgery();
    forgery.document()["objects"].begin().value() = object;
    EXPECT_TRUE(is_refused(forgery.text(), Refusal::kMalformed)) << object.dump();
  }
  Forgery forgery = sample_forgery();
  forgery.put_bytes(std::string(kMaxObjectBytes + 1, 'x'));
  EXPECT_TRUE(is_refused(forgery.text(), Refusal::kMalformed)) << "too large an object";
}

/// Directories of two entries that lead to the same next one, `depth` times.
std::string bomb(Forgery& forgery, int depth) {
  std::string root = forgery.put(Json::array({file_entry("x")}));
  for (int i = 0; i < depth; ++i) {
    root = forgery.put(Json::array({forgery.tree_entry("a", root), forgery.tree_entry("b", root)}));
  }
  return root;
}

TEST(Bomb, DoublingDirectoriesCostTheirNumberOnly) {
  for (const int depth : {18, 60}) {
    Forgery forgery = sample_forgery();
    const std::string root = bomb(forgery, depth);
    forgery.edit_run("before/data",
                     [&](Json& slots) { insert_slot(slots, forgery.tree_entry("bomb", root)); });
    forgery.resign(author_key());
    forgery.prune();
    const std::string text = forgery.text();
    const auto start = std::chrono::steady_clock::now();
    const Verdict verdict = verify_bundle(text, demand_author());
    const auto spent = std::chrono::steady_clock::now() - start;
    EXPECT_EQ(Outcome::kHolds, verdict.outcome) << verdict.detail;
    EXPECT_TRUE(verdict.content_root);
    EXPECT_LT(spent, std::chrono::seconds(2)) << depth;
  }
}

TEST(Bomb, PathsWithoutEnd) {
  for (const int depth : {70, 20'000}) {
    Forgery forgery = sample_forgery();
    std::string root = forgery.put(Json::array({file_entry("x")}));
    for (int i = 0; i < depth; ++i)
      root = forgery.put(Json::array({forgery.tree_entry("a", root)}));
    forgery.edit_run("before/data",
                     [&](Json& slots) { insert_slot(slots, forgery.tree_entry("deep", root)); });
    forgery.resign(author_key());
    forgery.prune();
    EXPECT_TRUE(is_refused(forgery.text(), Refusal::kTooLarge)) << depth;
  }
}

TEST(Bomb, OneDirectoryInManyRoles) {
  // The same list as user material and as circumstances is looked at once in each role.
  Forgery forgery = sample_forgery();
  const std::string epoch = forgery.root_at(1, "");
  forgery.edit_run("before/data",
                   [&](Json& slots) { insert_slot(slots, forgery.tree_entry("stolen", epoch)); });
  forgery.resign(author_key());
  forgery.prune();
  EXPECT_TRUE(is_refused(forgery.text(), Refusal::kSkeleton))
      << "an epoch's circumstances may not stand in user material";
}

}  // namespace
}  // namespace mlprov::forge
