// Lies inside the trees: by strangers, who cannot sign, and by authors, who can.
#include <gtest/gtest.h>

#include "forger/expect.h"
#include "mlprov/digest/hasher.h"
#include "mlprov/merkle/name.h"
#include "mlprov/support/error.h"
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

TEST(Altered, AnObjectInBefore) {
  Forgery forgery = sample_forgery();
  for (auto& [digest, object] : forgery.document()["objects"].items()) {
    if (!object.contains("json") || !object["json"].contains("lr")) continue;
    object["json"]["lr"] = to_bits(0.02);
  }
  EXPECT_TRUE(is_refused(forgery.text(), Refusal::kDigestMismatch));
}

TEST(Altered, AnEntryInBefore) {
  Forgery forgery = sample_forgery();
  const std::string config = forgery.root_at(0, "config");
  slot_named(forgery.document()["directories"][config], "parameters")["digest"] =
      std::string(64, 'a');
  EXPECT_TRUE(is_refused(forgery.text(), Refusal::kRootMismatch));
}

TEST(Altered, BeforeSealedAgainByItsAuthor) {
  Forgery forgery = sample_forgery();
  forgery.edit(0, "config", [](Json& slots) {
    slot_named(slots, "parameters")["digest"] = std::string(64, 'a');
  });
  forgery.resign(author_key());
  EXPECT_TRUE(is_refused(forgery.text(), Refusal::kStatementMismatch));
}

TEST(Altered, EntriesOfAnotherRun) {
  SampleOptions options;
  options.seed = 5;
  options.learning_rate = 0.02;
  Forgery other = sample_forgery(options);
  Forgery forgery = sample_forgery();
  Json& directories = forgery.document()["directories"];
  directories[forgery.root_at(0, "config")] = other.slots(other.root_at(0, "config"));
  EXPECT_TRUE(is_refused(forgery.text(), Refusal::kRootMismatch));
}

TEST(Altered, ADirectoryLeftOutThatMustBeThere) {
  for (const char* path :
       {"", "before", "training", "training/epoch-00000002", "result", "before/circumstances"}) {
    Forgery forgery = sample_forgery();
    forgery.document()["directories"].erase(forgery.root_at(3, path));
    forgery.prune();
    EXPECT_TRUE(is_refused(forgery.text(), Refusal::kSkeleton)) << path;
  }
}

TEST(Altered, ADirectoryOrObjectLeftOutIsBound) {
  Forgery forgery = sample_forgery();
  const Verdict full = verify_bundle(forgery.text());
  forgery.document()["directories"].erase(forgery.root_at(0, "model"));
  forgery.prune();
  const Verdict verdict = verify_bundle(forgery.text(), demand_author());
  EXPECT_EQ(Outcome::kHolds, verdict.outcome);
  EXPECT_EQ(full.content_root, verdict.content_root);
  EXPECT_LT(verdict.digests.at(DigestWord::kRecomputed), full.digests.at(DigestWord::kRecomputed));
  VerifyPolicy strict = demand_author();
  strict.strict = true;
  EXPECT_TRUE(is_refused(forgery.text(), Refusal::kNotRecomputed, strict));
}

TEST(Altered, UnreferencedMaterial) {
  Forgery forgery = sample_forgery();
  forgery.put_bytes("flattering");
  EXPECT_TRUE(is_refused(forgery.text(), Refusal::kUnreferenced));

  forgery = sample_forgery();
  forgery.put(Json::array({file_entry("accuracy-99-percent")}));
  EXPECT_TRUE(is_refused(forgery.text(), Refusal::kUnreferenced));
}

TEST(Altered, MaterialReachedOnlyByTheWrongKind) {
  // An object whose digest is a directory's root is not that directory, and the other way round.
  Forgery forgery = sample_forgery();
  const Json entry = file_entry("x");
  const std::string leaf(to_canonical(entry));
  const std::string bytes = std::string(1, '\0') + leaf;
  const std::string digest = forgery.put_bytes(bytes);
  ASSERT_EQ(digest, forgery.put(Json::array({entry})));
  forgery.edit_run("before",
                   [&](Json& slots) { insert_slot(slots, forgery.tree_entry("t", digest)); });
  forgery.resign(author_key());
  EXPECT_TRUE(is_refused(forgery.text(), Refusal::kUnreferenced)) << "object without a file entry";
  forgery.prune();
  EXPECT_TRUE(holds(forgery.text()));

  forgery = sample_forgery();
  forgery.put_bytes(bytes);
  forgery.put(Json::array({entry}));
  Json file = file_entry("t", bytes.size());
  file["digest"] = digest;
  forgery.edit_run("before", [&](Json& slots) { insert_slot(slots, file); });
  forgery.resign(author_key());
  EXPECT_TRUE(is_refused(forgery.text(), Refusal::kUnreferenced)) << "directory without a tree";
}

TEST(Altered, TheEmptyFileAndTheEmptyDirectoryMeet) {
  Forgery forgery = sample_forgery();
  const std::string nothing = forgery.put(Json::array());
  ASSERT_EQ(nothing, forgery.put_bytes(""));
  forgery.edit_run("before", [&](Json& slots) {
    Json file = file_entry("empty file", 0);
    file["digest"] = nothing;
    insert_slot(slots, file);
    insert_slot(slots, forgery.tree_entry("empty folder", nothing));
  });
  forgery.resign(author_key());
  forgery.prune();
  // The diff of the sample is an empty text: that form wins.
  forgery.document()["objects"][nothing] = {{"text", ""}};
  EXPECT_TRUE(holds(forgery.text()));
}

TEST(Withheld, AnEpochHiddenAsALeaf) {
  Forgery forgery = sample_forgery();
  const std::string training = forgery.root_at(3, "training");
  Json slots = forgery.slots(training);
  slots[1] = leaf_of(forgery.algorithm(), slots[1]);
  forgery.document()["directories"][training] = slots;
  EXPECT_TRUE(is_refused(forgery.text(), Refusal::kSkeleton)) << "by a stranger";

  forgery = sample_forgery();
  forgery.document()["statements"].erase(2);
  forgery.edit_run("training",
                   [&](Json& list) { list[1] = leaf_of(forgery.algorithm(), list[1]); });
  forgery.resign(author_key());
  forgery.prune();
  EXPECT_TRUE(is_refused(forgery.text(), Refusal::kSkeleton)) << "by the author";
}

TEST(Withheld, NothingInAnyListOfTheSkeleton) {
  for (const char* path : {"", "before", "training/epoch-00000001", "result"}) {
    Forgery forgery = sample_forgery();
    forgery.edit_run(path, [&](Json& slots) {
      const bool is_shared = slots.size() == 4 || std::string(path) != "";
      if (is_shared) slots.back() = leaf_of(forgery.algorithm(), slots.back());
    });
    forgery.resign(author_key());
    forgery.prune();
    const Verdict verdict = verify_bundle(forgery.text(), demand_author());
    EXPECT_EQ(Refusal::kSkeleton, verdict.refusal) << path << ": " << verdict.detail;
  }
}

TEST(Withheld, OfAStepsList) {
  const PrivateKey key = author_key();
  Forgery forgery(encode_bundle(sample_steps(key, 1).bundle()));
  forgery.edit(0, "", [&](Json& slots) {
    Json& message = slot_named(slots, "message");
    message = leaf_of(forgery.algorithm(), message);
  });
  forgery.resign(key);
  forgery.prune();
  EXPECT_TRUE(is_refused(forgery.text(), Refusal::kSkeleton));
}

TEST(Withheld, AnUnsaltedEntryShowsInTheFlag) {
  Forgery forgery = sample_forgery();
  const std::string model = forgery.root_at(0, "model");
  Json& slots = forgery.document()["directories"][model];
  slots[0] = leaf_of(forgery.algorithm(), slots[0]);
  EXPECT_TRUE(is_refused(forgery.text(), Refusal::kKindMismatch));
}

TEST(Withheld, TheEntryThatNamesTheRun) {
  Forgery forgery = sample_forgery();
  const std::string folder = forgery.root_at(0, "circumstances");
  Json& mark = slot_named(forgery.document()["directories"][folder], "run");
  mark = leaf_of(forgery.algorithm(), mark);
  forgery.prune();
  EXPECT_TRUE(is_refused(forgery.text(), Refusal::kSkeleton));
}

TEST(Salts, TheSameSaltTwice) {
  const auto one_salt = [](Json& slots) {
    for (Json& slot : slots) {
      if (slot.contains("salt")) slot["salt"] = std::string(32, '7');
    }
  };
  EXPECT_TRUE(is_refused(signed_anew("before/circumstances", one_salt), Refusal::kSaltReuse));
}

TEST(Salts, TheSameSaltInTwoDirectories) {
  Forgery forgery = sample_forgery();
  for (const char* path : {"training/epoch-00000001/circumstances", "circumstances"}) {
    forgery.edit_run(path, [](Json& slots) { slots[0]["salt"] = std::string(32, '7'); });
  }
  forgery.resign(author_key());
  forgery.prune();
  EXPECT_TRUE(is_refused(forgery.text(), Refusal::kSaltReuse));
}

TEST(Salts, AFlagThatLies) {
  const auto set = [](Json& slots) { slot_named(slots, "config")["salted"] = true; };
  EXPECT_TRUE(is_refused(signed_anew("before", set), Refusal::kKindMismatch));
  const auto unset = [](Json& slots) { slot_named(slots, "circumstances").erase("salted"); };
  EXPECT_TRUE(is_refused(signed_anew("before", unset), Refusal::kKindMismatch));
}

TEST(Salts, TheContentRootIsNoOracle) {
  SampleOptions options;
  options.salts_config = true;
  const Verdict verdict = verify_bundle(sample_text(options), demand_author());
  EXPECT_EQ(Outcome::kHolds, verdict.outcome) << verdict.detail;
  EXPECT_FALSE(verdict.content_root);
}

TEST(Circumstances, TheWriterEscapesAFolderOfThatName) {
  const auto content_root = [](const char* examples) {
    const PrivateKey key = author_key();
    RunBuilder run({run_id_of(1), Algorithm::kBlake3, std::nullopt}, key, fixed_environment(1));
    run.add_file("before/data/" + escape_name("circumstances"), "poison", as_bytes(examples));
    run.seal_before();
    run.seal_after();
    const Verdict verdict = verify_bundle(encode_bundle(run.bundle()), demand_author());
    EXPECT_EQ(Outcome::kHolds, verdict.outcome) << verdict.detail;
    return verdict.content_root;
  };
  ASSERT_TRUE(content_root("good"));
  EXPECT_NE(content_root("good"), content_root("poisoned"));

  const PrivateKey key = author_key();
  RunBuilder run({run_id_of(1), Algorithm::kBlake3, std::nullopt}, key);
  EXPECT_THROW(run.add_file("before/data/circumstances", "poison", {}), Error);
  EXPECT_THROW(run.add_folder("result/artifacts/circumstances"), Error);
}

TEST(Circumstances, AForgedFolderOfThatNameIsRefused) {
  for (const char* path : {"before/data", "before/data/train", "before/circumstances",
                           "training/epoch-00000001/model", "training", "result/weights"}) {
    Forgery forgery = sample_forgery();
    const std::string poison = forgery.put(Json::array({file_entry("poison")}));
    forgery.edit_run(path, [&](Json& slots) {
      insert_slot(slots, forgery.tree_entry("circumstances", poison));
    });
    forgery.resign(author_key());
    forgery.prune();
    EXPECT_TRUE(is_refused(forgery.text(), Refusal::kSkeleton)) << path;
  }
}

TEST(Circumstances, AFileOfThatNameIsRefused) {
  for (const char* path : {"before/data", "training/epoch-00000001", "result"}) {
    const auto change = [](Json& slots) {
      remove_slot(slots, "circumstances");
      insert_slot(slots, file_entry("circumstances"));
    };
    EXPECT_TRUE(is_refused(signed_anew(path, change), Refusal::kSkeleton)) << path;
  }
}

TEST(Circumstances, TheEntryThatNamesTheRunIsSalted) {
  const auto salt = [](Json& slots) { slot_named(slots, "run")["salt"] = std::string(32, '7'); };
  EXPECT_TRUE(is_refused(signed_anew("before/circumstances", salt), Refusal::kSkeleton));
  const auto text = [](Json& slots) { slot_named(slots, "run")["kind"] = "text"; };
  EXPECT_TRUE(is_refused(signed_anew("before/circumstances", text), Refusal::kKindMismatch))
      << "its object is written as json";
  const auto remove = [](Json& slots) { remove_slot(slots, "run"); };
  EXPECT_TRUE(is_refused(signed_anew("before/circumstances", remove), Refusal::kSkeleton));
}

TEST(Skeleton, NamesThatDoNotBelong) {
  const auto add_file = [](const char* name) {
    return [name](Json& slots) { insert_slot(slots, file_entry(name)); };
  };
  EXPECT_TRUE(is_refused(signed_anew("training", add_file("notes")), Refusal::kSkeleton));
  EXPECT_TRUE(is_refused(signed_anew("training", add_file("epoch-00000003")), Refusal::kSkeleton));
  EXPECT_TRUE(is_refused(signed_anew("before", add_file("command")), Refusal::kSkeleton));
  const auto add_to_top = [](Json& slots) {
    if (slots.size() == 4) insert_slot(slots, file_entry("extra"));
  };
  Forgery forgery = sample_forgery();
  forgery.edit(3, "", add_to_top);
  forgery.resign(author_key());
  EXPECT_TRUE(is_refused(forgery.text(), Refusal::kSkeleton));
}

TEST(Skeleton, PartsOfTheTopMissing) {
  for (const char* name : {"before", "circumstances", "result", "training"}) {
    Forgery forgery = sample_forgery();
    forgery.edit(3, "", [&](Json& slots) { remove_slot(slots, name); });
    forgery.resign(author_key());
    forgery.prune();
    EXPECT_TRUE(is_refused(forgery.text(), Refusal::kSkeleton)) << name;
  }
}

TEST(Skeleton, StepsHoldOnlyWhatTheyMay) {
  const PrivateKey key = author_key();
  const auto step_with = [&](const Json& entry) {
    Forgery forgery(encode_bundle(sample_steps(key, 1).bundle()));
    forgery.edit(0, "", [&](Json& slots) {
      remove_slot(slots, entry["name"].get<std::string>());
      insert_slot(slots, entry);
    });
    forgery.resign(key);
    forgery.prune();
    return forgery.text();
  };
  for (const char* name : {"notes", "command", "files", "message", "outputs"}) {
    EXPECT_TRUE(is_refused(step_with(file_entry(name)), Refusal::kSkeleton)) << name;
  }
}

}  // namespace
}  // namespace mlprov::forge
