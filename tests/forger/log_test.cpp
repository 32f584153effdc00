// Logs: squatted, forged, exchanged, or left out.
#include <gtest/gtest.h>

#include "forger/expect.h"
#include "mlprov/log/checkpoint.h"
#include "mlprov/support/hex.h"

namespace mlprov::forge {
namespace {

Bundle unlogged(bool names_log = true) {
  SampleOptions options;
  options.has_log = names_log;
  const PrivateKey key = author_key();
  return sample_training(key, options).bundle();
}

Forgery logged(const std::function<bool(std::size_t)>& skip = {}) {
  Bundle bundle = unlogged();
  include_in_log(bundle, sample_log(), 4, skip);
  return Forgery(encode_bundle(bundle));
}

VerifyPolicy demand_log() {
  VerifyPolicy policy = demand_author();
  policy.log = sample_log().verifier.to_string();
  return policy;
}

TEST(Log, IncludedAndSaidSo) {
  const Verdict verdict = verify_bundle(logged().text(), demand_log());
  ASSERT_EQ(Outcome::kHolds, verdict.outcome) << verdict.detail;
  for (const StatementReport& each : verdict.statements) EXPECT_EQ("included", each.log);
}

TEST(Log, AnIndexThatLies) {
  for (std::uint64_t index = 0; index < 20; ++index) {
    Forgery forgery = logged();
    Json& inclusion = forgery.statement(1)["inclusion"];
    if (inclusion["index"] == index) continue;
    inclusion["index"] = index;
    EXPECT_TRUE(is_refused(forgery.text(), Refusal::kLog)) << index;
  }
}

TEST(Log, APathThatLies) {
  Forgery forgery = logged();
  forgery.statement(1)["inclusion"]["path"][0] = std::string(64, 'a');
  EXPECT_TRUE(is_refused(forgery.text(), Refusal::kLog)) << "altered";
  forgery = logged();
  forgery.statement(1)["inclusion"]["path"].erase(0);
  EXPECT_TRUE(is_refused(forgery.text(), Refusal::kLog)) << "shortened";
  forgery = logged();
  forgery.statement(1)["inclusion"]["path"].push_back(std::string(64, 'a'));
  EXPECT_TRUE(is_refused(forgery.text(), Refusal::kLog)) << "extended";
}

TEST(Log, TheInclusionOfAnotherStatement) {
  Forgery forgery = logged();
  std::swap(forgery.statement(0)["inclusion"], forgery.statement(1)["inclusion"]);
  EXPECT_TRUE(is_refused(forgery.text(), Refusal::kLog));
}

TEST(Log, TheAttackersOwnLogInPlaceOfTheNamedOne) {
  for (const char* name : {"attacker.example/log", "example.org/log"}) {
    Bundle bundle = unlogged();
    include_in_log(bundle, log_key_of(0x41, name), 4);
    EXPECT_TRUE(is_refused(encode_bundle(bundle), Refusal::kLog)) << name;
  }
}

TEST(Log, AStatementThatNamesNoLogIsNotSquatted) {
  Bundle bundle = unlogged(false);
  include_in_log(bundle, log_key_of(0x41), 4);
  EXPECT_TRUE(is_refused(encode_bundle(bundle), Refusal::kLog));
}

TEST(Log, LeftOutIsNotCheckedAndAPolicyCanDemandIt) {
  Forgery forgery = logged();
  for (std::size_t i = 0; i < forgery.statements(); ++i)
    forgery.statement(i)["inclusion"] = nullptr;
  EXPECT_TRUE(is_refused(forgery.text(), Refusal::kLog)) << "a log that shows nothing";
  forgery.document()["log"] = nullptr;
  const Verdict verdict = verify_bundle(forgery.text(), demand_author());
  EXPECT_EQ(Outcome::kHolds, verdict.outcome) << verdict.detail;
  EXPECT_EQ(forgery.statements(), verdict.warnings.size());
  EXPECT_EQ("not checked", verdict.statements[0].log);
  EXPECT_TRUE(is_refused(forgery.text(), Refusal::kPolicy, demand_log()));
  VerifyPolicy local = demand_author();
  local.networks = {"local"};
  EXPECT_TRUE(is_refused(forgery.text(), Refusal::kPolicy, local));
}

TEST(Log, OneStatementLeftOut) {
  const std::string text = logged([](std::size_t i) { return i == 2; }).text();
  const Verdict verdict = verify_bundle(text, demand_author());
  EXPECT_EQ(Outcome::kHolds, verdict.outcome) << verdict.detail;
  EXPECT_EQ("not checked", verdict.statements[2].log);
  EXPECT_TRUE(is_refused(text, Refusal::kPolicy, demand_log()));
}

TEST(Log, InclusionsWithoutTheLog) {
  Forgery forgery = logged();
  forgery.document()["log"] = nullptr;
  EXPECT_TRUE(is_refused(forgery.text(), Refusal::kLog));
}

TEST(Log, AnotherLogThanThePolicys) {
  VerifyPolicy policy = demand_author();
  policy.log = log_key_of(0x41).verifier.to_string();
  EXPECT_TRUE(is_refused(logged().text(), Refusal::kPolicy, policy));
}

/// The bundle with its checkpoint rewritten and signed again by the log's own key.
std::string with_checkpoint(const std::function<void(Checkpoint&)>& change,
                            const NoteSigner& signer = sample_log()) {
  Forgery forgery = logged();
  Json& log = forgery.document()["log"];
  Checkpoint checkpoint = Checkpoint::parse(Note::parse(log["checkpoint"].get<std::string>()).text);
  change(checkpoint);
  log["checkpoint"] = sign_note(checkpoint.to_string(), signer).to_string();
  return forgery.text();
}

TEST(Log, CheckpointsThatDoNotFit) {
  EXPECT_TRUE(holds(with_checkpoint([](Checkpoint&) {})));
  EXPECT_TRUE(holds(with_checkpoint([](Checkpoint& c) { c.extensions.push_back("extra"); })));
  EXPECT_TRUE(is_refused(with_checkpoint([](Checkpoint& c) { c.size = 3; }), Refusal::kLog));
  EXPECT_TRUE(is_refused(with_checkpoint([](Checkpoint& c) { c.size = 0; }), Refusal::kLog));
  EXPECT_TRUE(is_refused(with_checkpoint([](Checkpoint& c) { c.size = ~std::uint64_t{0}; }),
                         Refusal::kLog));
  EXPECT_TRUE(is_refused(with_checkpoint([](Checkpoint& c) { c.root[0] ^= 1; }), Refusal::kLog));
  EXPECT_TRUE(is_refused(with_checkpoint([](Checkpoint& c) { c.origin = "other.example"; }),
                         Refusal::kLog));
  EXPECT_TRUE(is_refused(with_checkpoint([](Checkpoint&) {}, log_key_of(0x41)), Refusal::kLog));
}

TEST(Log, NotesThatAreNone) {
  const std::string good = logged().document()["log"]["checkpoint"];
  const std::vector<std::string> bad_notes = {"",
                                              "\n",
                                              good + "\n",
                                              good.substr(1),
                                              good.substr(0, good.size() - 1),
                                              good.substr(0, good.find("\n\n") + 2),
                                              good + std::string(1'100'000, 'x')};
  for (const std::string& bad : bad_notes) {
    Forgery forgery = logged();
    forgery.document()["log"]["checkpoint"] = bad;
    EXPECT_TRUE(is_refused(forgery.text(), Refusal::kLog)) << bad.substr(0, 40);
  }
}

TEST(Log, ALaterStatementBeforeAnEarlierOne) {
  // The log's owner lists `after` first: the order that the log proves is not the run's.
  Bundle bundle = unlogged();
  std::swap(bundle.statements[0], bundle.statements[1]);
  include_in_log(bundle, sample_log(), 4);
  std::swap(bundle.statements[0], bundle.statements[1]);
  EXPECT_TRUE(is_refused(encode_bundle(bundle), Refusal::kLog));
}

}  // namespace
}  // namespace mlprov::forge
