#include "mlprov/record/bundle.h"

#include <gtest/gtest.h>

#include "forger/samples.h"
#include "mlprov/digest/hasher.h"
#include "mlprov/inspect/verify.h"
#include "mlprov/record/proof_document.h"
#include "mlprov/support/error.h"
#include "record/random_bundle.h"

namespace mlprov {
namespace {

Bundle sample(const forge::SampleOptions& options = {}) {
  const PrivateKey key = forge::author_key();
  return forge::sample_training(key, options).bundle();
}

TEST(Bundle, EncodingIsCanonicalAndComesBack) {
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    const std::string text = encode_bundle(forge::random_bundle(seed));
    ASSERT_EQ(text, to_canonical(parse_canonical(text))) << seed;
    ASSERT_EQ(text, encode_bundle(parse_bundle(text))) << seed;
  }
}

TEST(Bundle, RandomBundlesHold) {
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    const Verdict verdict = verify_bundle(encode_bundle(forge::random_bundle(seed)));
    EXPECT_NE(Outcome::kRefused, verdict.outcome) << seed << ": " << verdict.detail;
  }
}

TEST(Bundle, AnObjectThatNothingRefersToIsNotWritten) {
  Bundle bundle = sample();
  const Bytes stray = {1, 2, 3};
  bundle.objects[digest32(bundle.algorithm, stray)] = stray;
  EXPECT_THROW(encode_bundle(bundle), Error);
}

TEST(Bundle, JsonThatIsNotCanonicalIsNotWritten) {
  const PrivateKey key = forge::author_key();
  RunBuilder run({forge::run_id_of(1), Algorithm::kBlake3, std::nullopt}, key);
  run.add_json("before", "a", {{"x", 1}});
  run.seal_before();
  Bundle bundle = run.bundle();
  for (auto& [digest, content] : bundle.objects) content.push_back(' ');
  EXPECT_THROW(encode_bundle(bundle), Error);
}

TEST(Bundle, ReadingRefusesWhatEachPartShows) {
  const auto code_of = [](const std::string& text) {
    try {
      (void)parse_bundle(text);
      return std::string("none");
    } catch (const Error& error) {
      return std::string(to_string(error.code()));
    }
  };
  forge::Forgery forgery(encode_bundle(sample()));
  EXPECT_EQ("none", code_of(forgery.text()));
  forgery.put_bytes("stray");
  EXPECT_EQ("malformed", code_of(forgery.text()));
  forgery = forge::Forgery(encode_bundle(sample()));
  forgery.document()["objects"].begin().value() = {{"text", "other"}};
  EXPECT_EQ("malformed", code_of(forgery.text()));
  forgery = forge::Forgery(encode_bundle(sample()));
  forgery.resign(forge::thief_key());
  EXPECT_EQ("crypto", code_of(forgery.text()));
  EXPECT_EQ("too-large", code_of(std::string(50, '[')));
}

class Select : public ::testing::Test {
 protected:
  static Bundle selected(const BundleSelection& selection,
                         const forge::SampleOptions& options = {}) {
    Bundle result = select(sample(options), selection);
    const Verdict verdict = verify_bundle(encode_bundle(result));
    EXPECT_EQ(Outcome::kHolds, verdict.outcome) << verdict.detail;
    return result;
  }

  static bool has_directory(const Bundle& bundle, const std::string& path) {
    const Bundle full = sample();
    return bundle.directories.contains(entry_at(full, path)->digest);
  }
  static bool has_object(const Bundle& bundle, const std::string& path) {
    return bundle.objects.contains(entry_at(sample(), path)->digest);
  }

  /// The entry at a path of the whole run.
  static std::optional<Entry> entry_at(const Bundle& bundle, const std::string& path) {
    const MerkleTree tree(bundle.statements.back().statement.root,
                          std::make_shared<const DirectoryMap>(bundle.directories));
    const Entry* entry = tree.find(path);
    return entry == nullptr ? std::nullopt : std::optional<Entry>(*entry);
  }

  static void expect_usage(const BundleSelection& selection, const std::string& path) {
    forge::SampleOptions options;
    options.salts_config = true;
    try {
      (void)select(sample(options), selection);
      ADD_FAILURE() << path << " was taken";
    } catch (const Error& error) {
      EXPECT_EQ(ErrorCode::kUsage, error.code());
      EXPECT_NE(std::string::npos, std::string(error.what()).find(path)) << error.what();
    }
  }
};

TEST_F(Select, NothingSelectedLeavesSmallRunsWhole) {
  EXPECT_EQ(encode_bundle(sample()), encode_bundle(selected({})));
}

TEST_F(Select, LargeDirectoriesStayBoundUnlessAskedFor) {
  BundleSelection selection;
  selection.max_entries = 1;
  const Bundle small = selected(selection);
  EXPECT_FALSE(has_directory(small, "before/code")) << "two entries";
  EXPECT_TRUE(has_directory(small, "before/config")) << "one entry";
  EXPECT_TRUE(has_directory(small, "before/circumstances")) << "names the run";
  EXPECT_TRUE(has_directory(small, "training/epoch-00000001")) << "the skeleton";

  selection.carry = {"before/code"};
  EXPECT_TRUE(has_directory(selected(selection), "before/code"));
  selection.carry = {"before"};
  EXPECT_TRUE(has_directory(selected(selection), "before/model/weights"));
  EXPECT_FALSE(has_directory(selected(selection), "training/epoch-00000001/optimizer"));
  selection.carry = {"training/epoch-00000001/optimizer/steps"};
  EXPECT_TRUE(has_directory(selected(selection), "training/epoch-00000001/optimizer"));
  selection.carry = {""};
  EXPECT_EQ(encode_bundle(sample()), encode_bundle(selected(selection)));
}

TEST_F(Select, WhatIsBelowALargeDirectoryGoesWithIt) {
  BundleSelection selection;
  selection.max_entries = 2;  // before/model has two entries, `weights` below it, too.
  selection.drop = {"before/model"};
  EXPECT_FALSE(has_directory(selected(selection), "before/model/weights"));
}

TEST_F(Select, DroppedContentsAreBound) {
  BundleSelection selection;
  selection.drop = {"before/code", "before/config/parameters"};
  const Bundle bundle = selected(selection);
  EXPECT_FALSE(has_directory(bundle, "before/code"));
  EXPECT_FALSE(has_object(bundle, "before/code/source"));
  EXPECT_TRUE(has_directory(bundle, "before/config"));
  EXPECT_FALSE(has_object(bundle, "before/config/parameters"));
  EXPECT_EQ(verify_bundle(encode_bundle(sample())).content_root,
            verify_bundle(encode_bundle(bundle)).content_root);
}

TEST_F(Select, TheSkeletonIsNeverDropped) {
  for (const char* path : {"before", "training", "training/epoch-00000002", "result",
                           "before/circumstances", "before/circumstances/run"}) {
    BundleSelection selection;
    selection.drop = {path};
    expect_usage(selection, path);
  }
}

TEST_F(Select, HiddenEntriesLeaveTheirLeafOnly) {
  forge::SampleOptions options;
  options.salts_config = true;
  BundleSelection selection;
  selection.hide = {"before/config/parameters", "before/circumstances/argv"};
  const Bundle bundle = selected(selection, options);
  EXPECT_FALSE(entry_at(bundle, "before/config/parameters"));
  EXPECT_TRUE(entry_at(bundle, "before/circumstances/host"));
  const std::string text = encode_bundle(bundle);
  EXPECT_EQ(std::string::npos, text.find("train --epochs 2"));
  EXPECT_EQ(std::string::npos, text.find("20261121\""));
}

TEST_F(Select, WhatHasNoSaltIsNotHidden) {
  for (const char* path : {"before/code/source", "before/circumstances/run", "before/config",
                           "training/epoch-00000001/metrics"}) {
    BundleSelection selection;
    selection.hide = {path};
    expect_usage(selection, path);
  }
}

TEST_F(Select, NothingInTheSkeletonIsHidden) {
  const PrivateKey key = forge::author_key();
  RunBuilder run({forge::run_id_of(1), Algorithm::kBlake3, std::nullopt}, key);
  run.add_text("before", "note", "salted", Salting::kSalted);
  run.seal_before();
  BundleSelection selection;
  selection.hide = {"before/note"};
  EXPECT_THROW(select(run.bundle(), selection), Error);
  selection = {};
  selection.drop = {"before/note"};
  EXPECT_NO_THROW(select(run.bundle(), selection));
}

TEST_F(Select, PathsThatAreNotThere) {
  for (const char* path : {"before/none", "nowhere", "before/code/source/deeper"}) {
    BundleSelection carry, hide, drop;
    carry.carry = hide.hide = drop.drop = {path};
    for (const auto& selection : {carry, hide, drop}) expect_usage(selection, path);
  }
}

TEST(ProofDocument, ComesFromTheSmallestStatement) {
  forge::SampleOptions options;
  options.leads_with_step = true;
  options.trailing_steps = 1;
  const Bundle bundle = sample(options);
  struct Row {
    const char* path;
    const char* statement;
  };
  for (const Row& row :
       {Row{"before/code/source", "before"}, Row{"before/command/message", "before"},
        Row{"training/epoch-00000002/rng", "training/epoch-00000002"},
        Row{"training/epoch-00000002", ""}, Row{"before", ""}, Row{"result/metrics", ""},
        Row{"step-00000001/message", "step-00000001"},
        Row{"step-00000002/files/notes~1read me.txt", "step-00000002"}}) {
    const ProofDocument proof = prove_entry(bundle, row.path);
    EXPECT_EQ(row.statement, proof.statement.statement.path) << row.path;
    const std::string text = encode_proof(proof);
    EXPECT_EQ(text, encode_proof(parse_proof(text)));
  }
}

TEST(ProofDocument, NothingToProve) {
  const Bundle bundle = sample();
  for (const char* path :
       {"", "nowhere", "before/none", "step-00000001/message", "before/code/x"}) {
    try {
      (void)prove_entry(bundle, path);
      ADD_FAILURE() << path;
    } catch (const Error& error) {
      EXPECT_EQ(ErrorCode::kNotFound, error.code()) << error.what();
    }
  }
}

}  // namespace
}  // namespace mlprov
