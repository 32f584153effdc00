#pragma once

#include <gtest/gtest.h>

#include <string>

#include "forger/samples.h"
#include "mlprov/inspect/verify.h"

namespace mlprov::forge {

/// What the verifier of these tests has beside the bundle: the author's address.
inline VerifyPolicy demand_author() {
  VerifyPolicy policy;
  policy.signers = {author_key().address()};
  return policy;
}

inline ::testing::AssertionResult is_refused(std::string_view bytes, Refusal refusal,
                                             const VerifyPolicy& policy = demand_author()) {
  const Verdict verdict = verify_bundle(bytes, policy);
  const auto said = [&] {
    return std::string(to_string(verdict.outcome)) + " " +
           (verdict.refusal ? std::string(to_string(*verdict.refusal)) : "") + ": " +
           verdict.detail;
  };
  if (verdict.outcome != Outcome::kRefused) return ::testing::AssertionFailure() << said();
  if (verdict.refusal != refusal) {
    return ::testing::AssertionFailure()
           << "expected " << to_string(refusal) << ", but got " << said();
  }
  if (verdict.detail.empty() || verdict.author || verdict.root || verdict.content_root) {
    return ::testing::AssertionFailure() << "a refusal names the place and claims nothing else";
  }
  return ::testing::AssertionSuccess();
}

inline ::testing::AssertionResult has_outcome(std::string_view bytes, Outcome outcome,
                                              const VerifyPolicy& policy = demand_author()) {
  const Verdict verdict = verify_bundle(bytes, policy);
  if (verdict.outcome == outcome) return ::testing::AssertionSuccess();
  return ::testing::AssertionFailure() << to_string(verdict.outcome) << ": " << verdict.detail;
}

inline ::testing::AssertionResult holds(std::string_view bytes,
                                        const VerifyPolicy& policy = demand_author()) {
  return has_outcome(bytes, Outcome::kHolds, policy);
}

/// The plain sample as text, and in pieces.
inline std::string sample_text(const SampleOptions& options = {}) {
  const PrivateKey key = author_key();
  return encode_bundle(sample_training(key, options).bundle());
}
inline Forgery sample_forgery(const SampleOptions& options = {}) {
  return Forgery(sample_text(options));
}

}  // namespace mlprov::forge
