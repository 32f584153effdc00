#include <gtest/gtest.h>

#include "forger/expect.h"
#include "mlprov/support/error.h"
#include "mlprov/support/hex.h"

namespace mlprov {
namespace {

using forge::author_key;
using forge::demand_author;
using forge::has_outcome;
using forge::holds;
using forge::is_refused;
using forge::sample_text;

TEST(Policy, Signers) {
  VerifyPolicy policy;
  policy.signers = {forge::thief_key().address(), author_key().address()};
  EXPECT_TRUE(holds(sample_text(), policy)) << "any of them will do";
  policy.signers = {forge::thief_key().address()};
  EXPECT_TRUE(is_refused(sample_text(), Refusal::kWrongSigner, policy));
}

TEST(Policy, RootIsThatOfAfter) {
  forge::SampleOptions options;
  options.trailing_steps = 2;
  const std::string text = sample_text(options);
  const Verdict verdict = verify_bundle(text);
  const auto after = std::find_if(verdict.statements.begin(), verdict.statements.end(),
                                  [](const auto& each) { return each.phase == Phase::kAfter; });
  VerifyPolicy policy;
  policy.root = after->root;
  EXPECT_EQ(verdict.root, after->root);
  EXPECT_TRUE(holds(text, policy));
  EXPECT_TRUE(verify_bundle(text, policy).identity_checked);
  policy.root = verdict.statements.back().root;
  EXPECT_TRUE(is_refused(text, Refusal::kWrongRoot, policy));
}

TEST(Policy, RootWithoutAfterIsThatOfTheLastStatement) {
  forge::SampleOptions options;
  options.is_finished = false;
  const std::string text = sample_text(options);
  VerifyPolicy policy;
  policy.root = verify_bundle(text).statements.back().root;
  policy.allow_unfinished = true;
  EXPECT_TRUE(holds(text, policy));

  const PrivateKey key = author_key();
  const std::string steps = encode_bundle(forge::sample_steps(key, 2).bundle());
  policy = {};
  policy.root = verify_bundle(steps).statements.back().root;
  EXPECT_TRUE(holds(steps, policy));
}

TEST(Policy, Unfinished) {
  forge::SampleOptions options;
  options.is_finished = false;
  options.epochs = 0;
  const Verdict verdict = verify_bundle(sample_text(options), demand_author());
  EXPECT_EQ(Outcome::kUnfinished, verdict.outcome);
  EXPECT_EQ("unfinished at before", verdict.detail);
  EXPECT_EQ(4, verdict.exit_code());
  VerifyPolicy policy = demand_author();
  policy.allow_unfinished = true;
  const Verdict allowed = verify_bundle(sample_text(options), policy);
  EXPECT_EQ(Outcome::kHolds, allowed.outcome);
  EXPECT_EQ("unfinished at before", allowed.detail) << "still said";
  policy.signers = {forge::thief_key().address()};
  EXPECT_TRUE(is_refused(sample_text(options), Refusal::kWrongSigner, policy)) << "refused first";
}

TEST(Policy, Cosigners) {
  const PrivateKey key = author_key();
  Bundle bundle = forge::sample_training(key).bundle();
  forge::add_cosignature(bundle.statements.front(), forge::wallet_key());
  VerifyPolicy policy;
  policy.cosigners = {forge::wallet_key().address()};
  policy.min_cosigners = 1;
  EXPECT_TRUE(is_refused(encode_bundle(bundle), Refusal::kPolicy, policy)) << "not the last one";
  forge::add_cosignature(bundle.statements.back(), forge::wallet_key());
  EXPECT_TRUE(holds(encode_bundle(bundle), policy));
  policy.cosigners = {forge::thief_key().address()};
  EXPECT_TRUE(is_refused(encode_bundle(bundle), Refusal::kPolicy, policy)) << "not those asked for";
}

TEST(Policy, NetworksThatCannotBeChecked) {
  VerifyPolicy policy = demand_author();
  policy.networks = {"sepolia"};
  const PrivateKey key = author_key();
  Bundle bundle = forge::sample_training(key).bundle();
  bundle.statements.back().receipts = {{"ethereum", "sepolia", Json::object()}};
  EXPECT_TRUE(is_refused(encode_bundle(bundle), Refusal::kPolicy, policy));
}

TEST(Policy, Freshness) {
  // The last statement of the sample is of 00:03.
  VerifyPolicy policy = demand_author();
  policy.not_before = parse_utc("2026-11-21T00:03:00Z");
  EXPECT_TRUE(holds(sample_text(), policy));
  policy.not_before = parse_utc("2026-11-21T00:03:01Z");
  EXPECT_TRUE(is_refused(sample_text(), Refusal::kPolicy, policy));
}

TEST(Policy, StrictAllowsWhatIsBoundInCircumstancesOnly) {
  const PrivateKey key = author_key();
  RunBuilder run({forge::run_id_of(1), Algorithm::kBlake3, std::nullopt}, key);
  run.add_file("before", "a", as_bytes("a"));
  run.add_file_digest("circumstances", "large", Digest32{}, 1'000'000);
  run.seal_before();
  run.seal_after();
  VerifyPolicy strict;
  strict.strict = true;
  EXPECT_TRUE(holds(encode_bundle(run.bundle()), strict));
  BundleSelection selection;
  selection.drop = {"before/a"};
  EXPECT_TRUE(
      is_refused(encode_bundle(select(run.bundle(), selection)), Refusal::kNotRecomputed, strict));
}

TEST(Policy, FromADocument) {
  const VerifyPolicy policy = VerifyPolicy::from_json(
      {{"allow_unfinished", true},
       {"cosigners", {{"addresses", {to_string(forge::wallet_key().address())}}, {"min", 1}}},
       {"log", forge::sample_log().verifier.to_string()},
       {"networks", {"local", "sepolia"}},
       {"not_before", "2026-11-21T00:00:00Z"},
       {"root", std::string(64, 'a')},
       {"signers", {to_checksum_string(author_key().address())}},
       {"strict", true}});
  EXPECT_TRUE(policy.allow_unfinished);
  EXPECT_TRUE(policy.strict);
  EXPECT_EQ(std::vector<Address>{author_key().address()}, policy.signers);
  EXPECT_EQ(std::vector<Address>{forge::wallet_key().address()}, policy.cosigners);
  EXPECT_EQ(1u, policy.min_cosigners);
  EXPECT_EQ(forge::sample_log().verifier.to_string(), policy.log);
  EXPECT_EQ((std::vector<std::string>{"local", "sepolia"}), policy.networks);
  EXPECT_EQ(parse_utc("2026-11-21T00:00:00Z"), policy.not_before);
  EXPECT_EQ(std::string(64, 'a'), to_hex(policy.root.value()));
}

TEST(Policy, DocumentsThatAreNone) {
  const std::string address = to_string(author_key().address());
  struct Row {
    Json document;
    const char* named;
  };
  const std::vector<Row> rows = {
      {Json::array(), "policy"},
      {{{"signer", {address}}}, "signer"},
      {{{"signers", address}}, "signers"},
      {{{"signers", Json::array()}}, "signers"},
      {{{"signers", {"0x12"}}}, "signers"},
      {{{"cosigners", {{"addresses", {address}}}}}, "cosigners"},
      {{{"cosigners", {{"addresses", {address}}, {"min", 2}}}}, "min"},
      {{{"cosigners", {{"addresses", {address}}, {"min", 0}}}}, "min"},
      {{{"log", "no key"}}, "log"},
      {{{"networks", {1}}}, "networks"},
      {{{"not_before", "yesterday"}}, "not_before"},
      {{{"root", "aa"}}, "root"},
      {{{"strict", "yes"}}, "strict"},
      {{{"allow_unfinished", 1}}, "allow_unfinished"},
  };
  for (const Row& row : rows) {
    try {
      (void)VerifyPolicy::from_json(row.document);
      ADD_FAILURE() << row.document.dump();
    } catch (const Error& error) {
      EXPECT_EQ(ErrorCode::kConfig, error.code());
      EXPECT_NE(std::string::npos, std::string(error.what()).find(row.named)) << error.what();
    }
  }
}

}  // namespace
}  // namespace mlprov
