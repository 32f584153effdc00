#include <gtest/gtest.h>

#include <set>

#include "forger/expect.h"
#include "mlprov/digest/hasher.h"
#include "mlprov/merkle/content.h"

namespace mlprov {
namespace {

using forge::author_key;
using forge::demand_author;
using forge::is_refused;
using forge::sample_text;

TEST(Verdict, SaysWhatTheBundleSays) {
  const PrivateKey key = author_key();
  const Bundle bundle = forge::sample_training(key).bundle();
  const Verdict verdict = verify_bundle(encode_bundle(bundle), demand_author());
  ASSERT_EQ(Outcome::kHolds, verdict.outcome) << verdict.detail;
  EXPECT_EQ(0, verdict.exit_code());
  EXPECT_FALSE(verdict.refusal);
  EXPECT_EQ(forge::run_id_of(1), verdict.run);
  EXPECT_EQ(Algorithm::kBlake3, verdict.algorithm);
  EXPECT_EQ(key.address(), verdict.author);
  ASSERT_EQ(bundle.statements.size(), verdict.statements.size());
  for (std::size_t i = 0; i < bundle.statements.size(); ++i) {
    const StatementReport& line = verdict.statements[i];
    EXPECT_EQ(bundle.statements[i].statement.path, line.path);
    EXPECT_EQ(bundle.statements[i].statement.root, line.root);
    EXPECT_EQ(bundle.statements[i].id(), line.id);
    EXPECT_EQ("none", line.log);
  }
  const MerkleTree tree(bundle.statements.back().statement.root,
                        std::make_shared<const DirectoryMap>(bundle.directories));
  EXPECT_EQ(content_root(tree)->root, verdict.content_root);
}

TEST(Verdict, TwoRunsOfTheSameContentHaveOneContentRoot) {
  forge::SampleOptions other;
  other.seed = 99;
  const PrivateKey key = forge::thief_key();
  const Verdict mine = verify_bundle(sample_text());
  const Verdict theirs = verify_bundle(encode_bundle(forge::sample_training(key, other).bundle()));
  EXPECT_NE(mine.root, theirs.root);
  EXPECT_EQ(mine.content_root, theirs.content_root);
  other.learning_rate = 0.02;
  EXPECT_NE(mine.content_root, verify_bundle(sample_text(other)).content_root);
}

TEST(Verdict, ARunOfStepsHasTheContentRootOfItsSteps) {
  const PrivateKey key = author_key();
  const PrivateKey other = forge::thief_key();
  const auto verdict_of = [](const PrivateKey& author, std::uint64_t steps, std::uint64_t seed) {
    return verify_bundle(encode_bundle(forge::sample_steps(author, steps, seed).bundle()));
  };
  const Verdict two = verdict_of(key, 2, 2);
  ASSERT_EQ(Outcome::kHolds, two.outcome) << two.detail;
  ASSERT_TRUE(two.content_root);
  EXPECT_EQ(two.content_root, verdict_of(other, 2, 8).content_root);
  EXPECT_NE(two.content_root, verdict_of(key, 3, 2).content_root);
  EXPECT_EQ(two.statements.back().root, two.root);
}

TEST(Verdict, StepsAfterTrainingDoNotChangeItsContentRoot) {
  forge::SampleOptions options;
  options.trailing_steps = 2;
  EXPECT_EQ(verify_bundle(sample_text()).content_root,
            verify_bundle(sample_text(options)).content_root);
}

TEST(Verdict, WordsCountEntries) {
  const PrivateKey key = author_key();
  RunBuilder run({forge::run_id_of(1), Algorithm::kBlake3, std::nullopt}, key);
  run.add_file("before/files", "here", as_bytes("here"));
  run.add_file_digest("before/files", "there", Digest32{}, 5);
  run.add_text("before/circumstances", "secret", "secret", Salting::kSalted);
  run.seal_before();
  BundleSelection hide;
  hide.hide = {"before/circumstances/secret"};
  const Verdict verdict = verify_bundle(encode_bundle(select(run.bundle(), hide)));
  ASSERT_EQ(Outcome::kUnfinished, verdict.outcome) << verdict.detail;
  // before: circumstances, files; circumstances: run and the leaf; files: here, there.
  EXPECT_EQ(4u, verdict.digests.at(DigestWord::kRecomputed));
  EXPECT_EQ(1u, verdict.digests.at(DigestWord::kBound));
  EXPECT_EQ(1u, verdict.digests.at(DigestWord::kWithheld));
}

class Artifacts : public ::testing::Test {
 protected:
  Artifacts() : key_(author_key()), run_({forge::run_id_of(1), kHash, std::nullopt}, key_) {
    run_.add_file_digest("before/data", "train.bin", digest("train"), 5);
    run_.add_tensor("before/model", "w", "F32", {2}, digest("12345678"));
    run_.seal_before();
    run_.add_file_digest("result", "copy.bin", digest("train"), 5);
    run_.seal_after();
    text_ = encode_bundle(run_.bundle());
  }

  static Digest32 digest(std::string_view text) { return digest32(kHash, as_bytes(text)); }

  Verdict verify(const std::vector<ArtifactDigest>& artifacts) const {
    return verify_bundle(text_, demand_author(), artifacts);
  }

  static constexpr Algorithm kHash = Algorithm::kBlake3;
  PrivateKey key_;
  RunBuilder run_;
  std::string text_;
};

TEST_F(Artifacts, TurnBoundIntoRecomputed) {
  EXPECT_EQ(3u, verify({}).digests.at(DigestWord::kBound));
  const Verdict verdict = verify({{"before/data/train.bin", digest("train"), 5}});
  ASSERT_EQ(Outcome::kHolds, verdict.outcome) << verdict.detail;
  EXPECT_EQ(1u, verdict.digests.at(DigestWord::kBound)) << "the same bytes stand in result, too";
  VerifyPolicy strict = demand_author();
  strict.strict = true;
  const Verdict all = verify_bundle(
      text_, strict,
      {{"before/data/train.bin", digest("train"), 5}, {"before/model/w", digest("12345678"), 8}});
  EXPECT_EQ(Outcome::kHolds, all.outcome) << all.detail;
}

TEST_F(Artifacts, ThatAreNotWhatWasRecordedAreRefused) {
  const std::vector<ArtifactDigest> wrong = {
      {"before/data/train.bin", digest("other"), 5},
      {"before/data/train.bin", digest("train"), 6},
      {"before/model/w", digest("12345678"), 2},
      {"before/data/test.bin", digest("train"), 5},
      {"before/data", digest("train"), 5},
      {"before/data/train.bin/x", digest("train"), 5},
      {"nowhere", digest("train"), 5},
      {"", digest("train"), 5},
      {"before//data", digest("train"), 5},
  };
  for (const ArtifactDigest& artifact : wrong) {
    const Verdict verdict = verify({artifact});
    EXPECT_EQ(Refusal::kArtifact, verdict.refusal) << artifact.path << ": " << verdict.detail;
  }
}

TEST(Verdict, NamesOfWordsAreUnique) {
  std::set<std::string_view> names;
  for (int i = 0; i <= static_cast<int>(Refusal::kArtifact); ++i) {
    names.insert(to_string(static_cast<Refusal>(i)));
  }
  EXPECT_EQ(static_cast<std::size_t>(Refusal::kArtifact) + 1, names.size());
  EXPECT_FALSE(names.contains(""));
}

TEST(Verdict, RefusalsNameThePlace) {
  forge::Forgery forgery = forge::sample_forgery();
  forgery.edit_run("before/code",
                   [](Json& slots) { forge::slot_named(slots, "source")["size"] = 2; });
  forgery.resign(author_key());
  forgery.prune();
  const Verdict verdict = verify_bundle(forgery.text());
  EXPECT_EQ(Refusal::kKindMismatch, verdict.refusal);
  EXPECT_NE(std::string::npos, verdict.detail.find("before/code/source")) << verdict.detail;
}

}  // namespace
}  // namespace mlprov
