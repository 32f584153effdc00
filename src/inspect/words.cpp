#include <utility>

#include "mlprov/inspect/verify.h"

namespace mlprov {

std::string_view to_string(Outcome outcome) noexcept {
  switch (outcome) {
    case Outcome::kHolds:
      return "holds";
    case Outcome::kUnfinished:
      return "unfinished";
    case Outcome::kRefused:
      break;
  }
  return "refused";
}

std::string_view to_string(Refusal refusal) noexcept {
  static constexpr std::pair<Refusal, std::string_view> kNames[] = {
      {Refusal::kTooLarge, "too-large"},
      {Refusal::kNotCanonical, "not-canonical"},
      {Refusal::kMalformed, "malformed"},
      {Refusal::kBadSignature, "bad-signature"},
      {Refusal::kStatementOrder, "statement-order"},
      {Refusal::kStatementChain, "statement-chain"},
      {Refusal::kStatementMismatch, "statement-mismatch"},
      {Refusal::kSkeleton, "skeleton"},
      {Refusal::kRootMismatch, "root-mismatch"},
      {Refusal::kDigestMismatch, "digest-mismatch"},
      {Refusal::kKindMismatch, "kind-mismatch"},
      {Refusal::kSaltReuse, "salt-reuse"},
      {Refusal::kUnreferenced, "unreferenced"},
      {Refusal::kEpochMismatch, "epoch-mismatch"},
      {Refusal::kLog, "log"},
      {Refusal::kReceipt, "receipt"},
      {Refusal::kWrongSigner, "wrong-signer"},
      {Refusal::kWrongRoot, "wrong-root"},
      {Refusal::kPolicy, "policy"},
      {Refusal::kNotRecomputed, "not-recomputed"},
      {Refusal::kArtifact, "artifact"},
  };
  for (const auto& [known, name] : kNames) {
    if (known == refusal) return name;
  }
  return "";
}

std::string_view to_string(DigestWord word) noexcept {
  switch (word) {
    case DigestWord::kRecomputed:
      return "recomputed";
    case DigestWord::kBound:
      return "bound";
    case DigestWord::kWithheld:
      return "withheld";
    case DigestWord::kMissing:
      return "missing";
    case DigestWord::kMismatch:
      break;
  }
  return "mismatch";
}

int Verdict::exit_code() const noexcept {
  switch (outcome) {
    case Outcome::kHolds:
      return 0;
    case Outcome::kUnfinished:
      return 4;
    case Outcome::kRefused:
      break;
  }
  return 1;
}

}  // namespace mlprov
