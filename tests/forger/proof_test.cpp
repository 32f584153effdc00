// Inclusion proofs that show what is not there.
#include <gtest/gtest.h>

#include "forger/expect.h"
#include "mlprov/inspect/verify_proof.h"
#include "mlprov/record/proof_document.h"
#include "mlprov/support/hex.h"

namespace mlprov::forge {
namespace {

/// The envelope of a proof holds a payload: read it, change it, sign it.
struct ForgedProof {
  Json document;

  Json& chain() { return document["chain"]; }
  Json payload() const {
    const std::string base64 = document.at("statement").at("payload");
    return parse_json(as_text(from_base64(base64).value()));
  }
  void sign(const Json& payload, const PrivateKey& key) {
    document["statement"] = dsse_to_json(dsse_sign(key, to_canonical(payload)));
  }
  void keep_signature(const Json& payload) {
    document["statement"]["payload"] = to_base64(as_bytes(to_canonical(payload)));
  }
  std::string text() const { return to_canonical(document); }
};

ForgedProof proof_of(std::string_view path, const SampleOptions& options = {}) {
  const PrivateKey key = author_key();
  const Bundle bundle = sample_training(key, options).bundle();
  return {parse_json(encode_proof(prove_entry(bundle, path)))};
}

::testing::AssertionResult proof_refused(const std::string& text, Refusal refusal,
                                         const VerifyPolicy& policy = demand_author()) {
  const ProofVerdict verdict = verify_proof(text, policy);
  if (verdict.outcome == Outcome::kRefused && verdict.refusal == refusal && verdict.path.empty()) {
    return ::testing::AssertionSuccess();
  }
  return ::testing::AssertionFailure()
         << "expected " << to_string(refusal) << ", but got " << to_string(verdict.outcome) << " "
         << (verdict.refusal ? to_string(*verdict.refusal) : "") << ": " << verdict.detail;
}

constexpr const char* kPath = "before/model/weights/fc.weight";

TEST(Proof, ShowsTheEntryAndItsPath) {
  const ProofVerdict verdict = verify_proof(proof_of(kPath).text(), demand_author());
  ASSERT_EQ(Outcome::kHolds, verdict.outcome) << verdict.detail;
  EXPECT_EQ(kPath, verdict.path);
  EXPECT_EQ(EntryKind::kTensor, verdict.entry.kind);
  EXPECT_TRUE(verdict.identity_checked);
}

TEST(Proof, AFalseIndex) {
  for (std::size_t step = 0; step < 3; ++step) {
    for (std::uint64_t index = 0; index < 40; ++index) {
      ForgedProof proof = proof_of(kPath);
      if (proof.chain()[step]["index"] == index) continue;
      proof.chain()[step]["index"] = index;
      EXPECT_TRUE(proof_refused(proof.text(), Refusal::kRootMismatch)) << step << " " << index;
    }
  }
}

TEST(Proof, AFalseSize) {
  // Sizes come from the statement and from entries: both are signed or hashed.
  for (std::uint64_t size = 0; size < 20; ++size) {
    ForgedProof proof = proof_of(kPath);
    if (proof.chain()[0]["entry"]["entries"] != size) {
      proof.chain()[0]["entry"]["entries"] = size;
      EXPECT_TRUE(proof_refused(proof.text(), Refusal::kRootMismatch)) << size;
    }
    proof = proof_of(kPath);
    Json payload = proof.payload();
    if (payload["predicate"]["entries"] == size) continue;
    payload["predicate"]["entries"] = size;
    proof.keep_signature(payload);
    EXPECT_TRUE(proof_refused(proof.text(), Refusal::kBadSignature)) << size;
  }
}

TEST(Proof, AnotherEntryOrPath) {
  ForgedProof proof = proof_of(kPath);
  proof.chain()[2]["entry"]["digest"] = std::string(64, 'a');
  EXPECT_TRUE(proof_refused(proof.text(), Refusal::kRootMismatch));
  proof = proof_of(kPath);
  proof.chain()[2]["entry"]["name"] = "fc.bias";
  EXPECT_TRUE(proof_refused(proof.text(), Refusal::kRootMismatch));
  proof = proof_of(kPath);
  proof.chain()[0]["path"][0] = std::string(64, 'a');
  EXPECT_TRUE(proof_refused(proof.text(), Refusal::kRootMismatch));
  proof = proof_of(kPath);
  proof.chain()[0]["path"].push_back(std::string(64, 'a'));
  EXPECT_TRUE(proof_refused(proof.text(), Refusal::kRootMismatch));
}

TEST(Proof, AChainWithAGap) {
  ForgedProof proof = proof_of(kPath);
  proof.chain().erase(1);
  EXPECT_TRUE(proof_refused(proof.text(), Refusal::kRootMismatch));
  proof = proof_of(kPath);
  proof.chain().erase(0);
  EXPECT_TRUE(proof_refused(proof.text(), Refusal::kRootMismatch));
  proof.chain() = Json::array();
  EXPECT_TRUE(proof_refused(proof.text(), Refusal::kMalformed));
}

TEST(Proof, AnEntryBelowAFile) {
  // A file whose bytes are those of a leaf has the root of a directory with that one entry.
  const Json inner = {
      {"digest", std::string(64, 'a')}, {"kind", "file"}, {"name", "fake"}, {"size", 1}};
  const std::string bytes = std::string(1, '\0') + to_canonical(inner);
  const PrivateKey key = author_key();
  RunBuilder run({run_id_of(1), Algorithm::kBlake3, std::nullopt}, key, fixed_environment(1));
  run.add_file("before", "innocent.bin", as_bytes(bytes));
  run.seal_before();
  run.seal_after();
  ForgedProof proof{parse_json(encode_proof(prove_entry(run.bundle(), "before/innocent.bin")))};
  ASSERT_EQ(Outcome::kHolds, verify_proof(proof.text(), demand_author()).outcome);
  proof.chain().push_back({{"entry", inner}, {"index", 0}, {"path", Json::array()}});
  EXPECT_TRUE(proof_refused(proof.text(), Refusal::kKindMismatch));
}

TEST(Proof, OneAlgorithmSoldAsAnother) {
  ForgedProof proof = proof_of(kPath);
  Json payload = proof.payload();
  Json& digest = payload["subject"][0]["digest"];
  digest = {{"mlprov-tree-v1-sha256", digest.begin().value()}};
  proof.keep_signature(payload);
  EXPECT_TRUE(proof_refused(proof.text(), Refusal::kBadSignature)) << "by a stranger";
  proof.sign(payload, author_key());
  EXPECT_TRUE(proof_refused(proof.text(), Refusal::kRootMismatch)) << "by the author";
  digest = {{"mlprov-tree-v1-sha512", digest.begin().value()}};
  proof.sign(payload, author_key());
  EXPECT_TRUE(proof_refused(proof.text(), Refusal::kMalformed)) << "one that builds no trees";
}

TEST(Proof, UnderAnothersStatement) {
  ForgedProof proof = proof_of(kPath);
  Json payload = proof.payload();
  proof.sign(payload, thief_key());
  EXPECT_TRUE(proof_refused(proof.text(), Refusal::kBadSignature));
  payload["predicate"]["author"] = to_string(thief_key().address());
  proof.sign(payload, thief_key());
  EXPECT_TRUE(proof_refused(proof.text(), Refusal::kWrongSigner));
}

TEST(Proof, UnderAnotherRunsStatement) {
  SampleOptions options;
  options.seed = 5;
  options.learning_rate = 0.5;
  ForgedProof proof = proof_of(kPath);
  proof.document["statement"] = proof_of(kPath, options).document["statement"];
  EXPECT_TRUE(proof_refused(proof.text(), Refusal::kRootMismatch));
}

TEST(Proof, AnotherRootThanDemanded) {
  VerifyPolicy policy = demand_author();
  policy.root = Digest32{};
  EXPECT_TRUE(proof_refused(proof_of(kPath).text(), Refusal::kWrongRoot, policy));
}

TEST(Proof, ShapesThatAreNone) {
  const auto reject = [](const std::function<void(Json&)>& change) {
    ForgedProof proof = proof_of(kPath);
    change(proof.document);
    return proof_refused(proof.text(), Refusal::kMalformed);
  };
  EXPECT_TRUE(reject([](Json& d) { d["extra"] = 1; }));
  EXPECT_TRUE(reject([](Json& d) { d["format"] = "mlprov-bundle-v1"; }));
  EXPECT_TRUE(reject([](Json& d) { d["chain"] = Json::object(); }));
  EXPECT_TRUE(reject([](Json& d) { d["chain"][0]["size"] = 4; }));
  EXPECT_TRUE(reject([](Json& d) { d["chain"][0]["index"] = -1; }));
  EXPECT_TRUE(reject([](Json& d) { d["chain"][0]["path"][0] = "00"; }));
  EXPECT_TRUE(reject([](Json& d) { d["statement"]["signatures"].push_back(1); }));
  EXPECT_TRUE(reject([](Json& d) {
    for (int i = 0; i < 100; ++i) d["chain"].insert(d["chain"].begin(), d["chain"][0]);
  }));
  EXPECT_TRUE(proof_refused(proof_of(kPath).text() + "\n", Refusal::kNotCanonical));
}

TEST(Proof, EveryFlippedByte) {
  const std::string good = proof_of(kPath).text();
  for (std::size_t i = 0; i < good.size(); ++i) {
    for (const int mask : {0x01, 0x20}) {
      std::string bad = good;
      bad[i] = static_cast<char>(bad[i] ^ mask);
      ASSERT_EQ(Outcome::kRefused, verify_proof(bad, demand_author()).outcome) << i;
    }
  }
}

TEST(Proof, ABundleIsNoProofAndAProofNoBundle) {
  EXPECT_TRUE(proof_refused(sample_text(), Refusal::kMalformed));
  EXPECT_TRUE(is_refused(proof_of(kPath).text(), Refusal::kMalformed));
}

}  // namespace
}  // namespace mlprov::forge
