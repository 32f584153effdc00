// Who signed: other keys, other people's trees, signatures that are almost right.
#include <gtest/gtest.h>

#include <algorithm>

#include "forger/expect.h"
#include "mlprov/identity/wallet.h"
#include "mlprov/support/hex.h"

namespace mlprov::forge {
namespace {

/// n of secp256k1, big-endian.
constexpr std::string_view kOrder =
    "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141";

/// The other signature that the same key could have given: s' = n - s, the other v.
Bytes twin(Bytes signature) {
  const Bytes order = from_hex(kOrder).value();
  int borrow = 0;
  for (int i = 31; i >= 0; --i) {
    const auto at = static_cast<std::size_t>(i);
    const int difference = order[at] - signature[32 + at] - borrow;
    borrow = difference < 0 ? 1 : 0;
    signature[32 + at] = static_cast<std::uint8_t>(difference + (borrow << 8));
  }
  signature[64] = signature[64] == 27 ? 28 : 27;
  return signature;
}

Json& signature_of(Forgery& forgery, std::size_t index) {
  return forgery.statement(index)["envelope"]["signatures"][0]["sig"];
}

TEST(Identity, ARunRebuiltWholeUnderAnotherKey) {
  const PrivateKey thief = thief_key();
  const std::string bundle = encode_bundle(sample_training(thief).bundle());
  EXPECT_TRUE(is_refused(bundle, Refusal::kWrongSigner));
}

TEST(Identity, WithoutADemandNobodysIdentityIsChecked) {
  const PrivateKey thief = thief_key();
  const Verdict verdict = verify_bundle(encode_bundle(sample_training(thief).bundle()));
  EXPECT_EQ(Outcome::kHolds, verdict.outcome);
  EXPECT_FALSE(verdict.identity_checked);
  EXPECT_TRUE(verify_bundle(sample_text(), demand_author()).identity_checked);
}

TEST(Identity, SignedByAnotherInTheAuthorsName) {
  Forgery forgery = sample_forgery();
  forgery.resign(thief_key());
  EXPECT_TRUE(is_refused(forgery.text(), Refusal::kBadSignature));
}

TEST(Identity, AnothersTreesUnderOnesOwnStatements) {
  Forgery forgery = sample_forgery();
  forgery.resign(thief_key(), true);
  EXPECT_TRUE(is_refused(forgery.text(), Refusal::kStatementMismatch, {}));

  const PrivateKey author = author_key();
  Forgery steps(encode_bundle(sample_steps(author, 2).bundle()));
  steps.resign(thief_key(), true);
  EXPECT_TRUE(is_refused(steps.text(), Refusal::kStatementMismatch, {}));
}

TEST(Identity, AnothersTreesUnderAnotherRunIdOrAlgorithm) {
  Forgery forgery = sample_forgery();
  for (std::size_t i = 0; i < forgery.statements(); ++i) {
    Json payload = forgery.payload(i);
    payload["predicate"]["run"] = run_id_of(77);
    payload["subject"][0]["name"] = run_id_of(77);
    forgery.keep_signature(i, to_canonical(payload));
  }
  forgery.resign(author_key());
  EXPECT_TRUE(is_refused(forgery.text(), Refusal::kStatementMismatch));
}

TEST(Identity, OneStatementByAnotherAuthor) {
  Forgery forgery = sample_forgery();
  Json payload = forgery.payload(3);
  payload["predicate"]["author"] = to_string(thief_key().address());
  forgery.sign(3, payload, thief_key());
  EXPECT_TRUE(is_refused(forgery.text(), Refusal::kStatementMismatch));
}

TEST(Identity, KeyidOfAnother) {
  Forgery forgery = sample_forgery();
  forgery.statement(0)["envelope"]["signatures"][0]["keyid"] = to_string(thief_key().address());
  EXPECT_TRUE(is_refused(forgery.text(), Refusal::kBadSignature));
}

TEST(Identity, ASecondSignature) {
  Forgery forgery = sample_forgery();
  Json& signatures = forgery.statement(0)["envelope"]["signatures"];
  signatures.push_back(signatures[0]);
  EXPECT_TRUE(is_refused(forgery.text(), Refusal::kMalformed));
  signatures = Json::array();
  EXPECT_TRUE(is_refused(forgery.text(), Refusal::kMalformed));
}

TEST(Identity, SignaturesOfTheSameKeyInAnotherForm) {
  Forgery forgery = sample_forgery();
  const Bytes good = from_base64(signature_of(forgery, 0).get<std::string>()).value();
  signature_of(forgery, 0) = to_base64(twin(good));
  EXPECT_TRUE(is_refused(forgery.text(), Refusal::kBadSignature)) << "s in the upper half";

  Bytes small_v = good;
  small_v[64] = static_cast<std::uint8_t>(small_v[64] - 27);
  signature_of(forgery, 0) = to_base64(small_v);
  EXPECT_TRUE(is_refused(forgery.text(), Refusal::kBadSignature)) << "v 0 or 1";

  signature_of(forgery, 0) = to_base64(Bytes(good.begin(), good.end() - 1));
  EXPECT_TRUE(is_refused(forgery.text(), Refusal::kMalformed)) << "64 bytes";

  signature_of(forgery, 0) = to_base64(Bytes(65, 0));
  EXPECT_TRUE(is_refused(forgery.text(), Refusal::kBadSignature)) << "zeros";
}

TEST(Identity, LaxBase64) {
  const auto with_payload = [](auto change) {
    Forgery forgery = sample_forgery();
    Json& payload = forgery.statement(0)["envelope"]["payload"];
    payload = change(payload.get<std::string>());
    return forgery.text();
  };
  const auto last = [](std::string text) {
    // The last character before the padding has bits that decode to nothing.
    const std::size_t at = text.find_last_not_of('=');
    text[at] = static_cast<char>(text[at] + 1);
    return text;
  };
  EXPECT_TRUE(
      is_refused(with_payload([](std::string t) { return t + "\n"; }), Refusal::kMalformed));
  EXPECT_TRUE(is_refused(with_payload([](std::string t) { return " " + t; }), Refusal::kMalformed));
  EXPECT_TRUE(is_refused(with_payload([](std::string t) { return t + "="; }), Refusal::kMalformed));
  EXPECT_TRUE(is_refused(with_payload([](std::string t) {
                           std::replace(t.begin(), t.end(), '=', '-');
                           return t + "_";
                         }),
                         Refusal::kMalformed));
  Forgery forgery = sample_forgery();
  signature_of(forgery, 0) = last(signature_of(forgery, 0).get<std::string>());
  EXPECT_TRUE(is_refused(forgery.text(), Refusal::kMalformed)) << "stray bits";
}

TEST(Identity, LaxHex) {
  const auto upper = [](std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](char c) { return c >= 'a' && c <= 'f' ? static_cast<char>(c - 32) : c; });
    return text;
  };
  Forgery forgery = sample_forgery();
  Json& keyid = forgery.statement(0)["envelope"]["signatures"][0]["keyid"];
  keyid = to_checksum_string(author_key().address());
  EXPECT_TRUE(is_refused(forgery.text(), Refusal::kMalformed)) << "EIP-55 in a document";

  forgery = sample_forgery();
  Json& directories = forgery.document()["directories"];
  const std::string root = directories.begin().key();
  directories[upper(root)] = directories[root];
  directories.erase(root);
  EXPECT_TRUE(is_refused(forgery.text(), Refusal::kMalformed)) << "a root in upper case";

  forgery = sample_forgery();
  Json payload = forgery.payload(1);
  payload["predicate"]["previous"] = upper(payload["predicate"]["previous"]);
  forgery.sign(1, payload, author_key());
  EXPECT_TRUE(is_refused(forgery.text(), Refusal::kMalformed)) << "`previous` in upper case";
}

class Cosigned : public ::testing::Test {
 protected:
  static Forgery cosigned() {
    const PrivateKey key = author_key();
    Bundle bundle = sample_training(key).bundle();
    for (SignedStatement& each : bundle.statements) {
      add_cosignature(each, wallet_key());
      add_cosignature(each, key_of(0x58));
    }
    return Forgery(encode_bundle(bundle));
  }
};

TEST_F(Cosigned, CosignatureOfAnotherStatement) {
  Forgery forgery = cosigned();
  ASSERT_TRUE(holds(forgery.text()));
  std::swap(forgery.statement(0)["cosignatures"], forgery.statement(1)["cosignatures"]);
  EXPECT_TRUE(is_refused(forgery.text(), Refusal::kBadSignature));
}

TEST_F(Cosigned, CosignatureInAnothersName) {
  Forgery forgery = cosigned();
  Json& list = forgery.statement(0)["cosignatures"];
  std::swap(list[0]["signature"], list[1]["signature"]);
  EXPECT_TRUE(is_refused(forgery.text(), Refusal::kBadSignature));
}

TEST_F(Cosigned, CountedTwiceOrOutOfOrder) {
  Forgery forgery = cosigned();
  Json& list = forgery.statement(3)["cosignatures"];
  std::swap(list[0], list[1]);
  EXPECT_TRUE(is_refused(forgery.text(), Refusal::kMalformed)) << "order";
  list[0] = list[1];
  EXPECT_TRUE(is_refused(forgery.text(), Refusal::kMalformed)) << "twice";
}

TEST_F(Cosigned, TheAuthorIsNoSecondPerson) {
  const PrivateKey key = author_key();
  Bundle bundle = sample_training(key).bundle();
  add_cosignature(bundle.statements.back(), key);
  EXPECT_TRUE(is_refused(encode_bundle(bundle), Refusal::kMalformed));
}

TEST_F(Cosigned, StrippedCosignaturesAreThePolicysBusiness) {
  VerifyPolicy policy = demand_author();
  policy.cosigners = {wallet_key().address(), key_of(0x58).address()};
  policy.min_cosigners = 2;
  Forgery forgery = cosigned();
  EXPECT_TRUE(holds(forgery.text(), policy));
  forgery.statement(3)["cosignatures"].erase(0);
  EXPECT_TRUE(holds(forgery.text()));
  EXPECT_TRUE(is_refused(forgery.text(), Refusal::kPolicy, policy));
}

TEST_F(Cosigned, ACosignerDoesNotPassForTheSigner) {
  VerifyPolicy policy;
  policy.signers = {wallet_key().address()};
  EXPECT_TRUE(is_refused(cosigned().text(), Refusal::kWrongSigner, policy));
}

}  // namespace
}  // namespace mlprov::forge
