// Every change of the bundle's bytes, against a verifier who knows the author's address.
#include <gtest/gtest.h>

#include "forger/expect.h"
#include "record/random.h"

namespace mlprov::forge {
namespace {

/// Small, but with every kind of evidence: salts, a withheld entry, a log, a co-signature.
std::string small_bundle() {
  const PrivateKey key = author_key();
  RunBuilder run({run_id_of(9), Algorithm::kSha256, sample_log().verifier.to_string()}, key,
                 fixed_environment(9));
  run.add_json("before/config", "lr", to_bits(0.5), Salting::kSalted);
  run.add_text("before/config", "note", "secret\n", Salting::kSalted);
  run.seal_before();
  run.add_tensor("training/epoch-00000001", "w", "F32", {2}, Digest32{});
  run.seal_epoch();
  run.add_file("result", "bin", as_bytes("\x01\x02"));
  run.seal_after();
  BundleSelection selection;
  selection.hide = {"before/config/note"};
  Bundle bundle = select(run.bundle(), selection);
  add_cosignature(bundle.statements[1], wallet_key());
  include_in_log(bundle, sample_log(), 2);
  return encode_bundle(bundle);
}

std::string large_bundle() {
  SampleOptions options;
  options.leads_with_step = true;
  options.trailing_steps = 1;
  options.has_log = true;
  options.epochs = 20;
  options.data_entries = 300;
  const PrivateKey key = author_key();
  Bundle bundle = sample_training(key, options).bundle();
  add_cosignature(bundle.statements.back(), wallet_key());
  include_in_log(bundle, sample_log());
  return encode_bundle(bundle);
}

/// How many changed bundles were not refused; names the first.
class Count {
 public:
  void expect_refused(const std::string& bytes, std::size_t at) {
    static const VerifyPolicy policy = demand_author();
    const Verdict verdict = verify_bundle(bytes, policy);
    if (verdict.outcome == Outcome::kRefused && verdict.refusal && !verdict.detail.empty()) return;
    if (++passed_ <= 5) ADD_FAILURE() << "a change at byte " << at << " was not refused";
  }
  std::size_t passed() const { return passed_; }

 private:
  std::size_t passed_ = 0;
};

TEST(FlippedBytes, EveryByteOfASmallBundleCounts) {
  const std::string good = small_bundle();
  ASSERT_TRUE(holds(good));
  Count count;
  for (std::size_t i = 0; i < good.size(); ++i) {
    for (const int mask : {0x01, 0x20, 0x80}) {
      std::string bad = good;
      bad[i] = static_cast<char>(bad[i] ^ mask);
      count.expect_refused(bad, i);
    }
  }
  EXPECT_EQ(0u, count.passed());
}

TEST(FlippedBytes, AnyReplacementOfAByteCounts) {
  const std::string good = small_bundle();
  Random random(1);
  Count count;
  for (std::size_t i = 0; i < good.size(); ++i) {
    std::string bad = good;
    bad[i] = static_cast<char>(bad[i] + 1 + static_cast<char>(random.below(254)));
    if (bad != good) count.expect_refused(bad, i);
  }
  EXPECT_EQ(0u, count.passed());
}

TEST(FlippedBytes, TwoThousandOfALargeBundle) {
  const std::string good = large_bundle();
  ASSERT_TRUE(holds(good));
  Random random(2);
  Count count;
  for (int round = 0; round < 2000; ++round) {
    const std::size_t at = random.below(good.size());
    std::string bad = good;
    bad[at] = static_cast<char>(bad[at] ^ (1 << random.below(8)));
    count.expect_refused(bad, at);
  }
  EXPECT_EQ(0u, count.passed());
}

TEST(FlippedBytes, CutInsertedOrDoubledBytes) {
  const std::string good = small_bundle();
  Random random(3);
  Count count;
  for (std::size_t i = 0; i < good.size(); ++i) {
    std::string cut = good;
    count.expect_refused(cut.erase(i, 1), i);
    std::string grown = good;
    count.expect_refused(grown.insert(i, 1, " 0\"a,}]"[random.below(7)]), i);
  }
  EXPECT_EQ(0u, count.passed());
}

TEST(FlippedBytes, TruncatedAtEveryLength) {
  const std::string good = small_bundle();
  for (std::size_t length = 0; length < good.size(); ++length) {
    ASSERT_TRUE(is_refused(good.substr(0, length), Refusal::kNotCanonical)) << length;
  }
}

TEST(FlippedBytes, ThoseOfWhatIsNotJudgedAreSaidToBeUnchecked) {
  // Witness lines and receipts of unknown drivers are no evidence yet: the verdict says so.
  SampleOptions options;
  options.has_log = true;
  const PrivateKey key = author_key();
  Bundle bundle = sample_training(key, options).bundle();
  const NoteSigner witness = log_key_of(0x77, "witness.example/w1");
  include_in_log(bundle, sample_log(), 3, {}, &witness);
  bundle.statements[0].receipts = {{"ethereum", "sepolia", {{"block", 7}}}};
  const Verdict verdict = verify_bundle(encode_bundle(bundle), demand_author());
  EXPECT_EQ(Outcome::kHolds, verdict.outcome);
  ASSERT_EQ(2u, verdict.warnings.size());
  EXPECT_NE(std::string::npos, verdict.warnings[0].find("sepolia"));
  EXPECT_NE(std::string::npos, verdict.warnings[1].find("witness"));
}

}  // namespace
}  // namespace mlprov::forge
