#include "cli/refusal_text.h"

namespace mlprov::cli {

const char* explain(Refusal refusal) noexcept {
  switch (refusal) {
    case Refusal::kTooLarge:
      return "It is larger or deeper than any such document may be.";
    case Refusal::kNotCanonical:
      return "It was edited, indented or cut short after it was written, or was never such a "
             "document.";
    case Refusal::kMalformed:
      return "It does not have the form that the format gives it.";
    case Refusal::kBadSignature:
      return "What was signed, or the signature, was altered, or the key is another's.";
    case Refusal::kStatementOrder:
      return "Statements are missing, doubled, or in an order that no run has.";
    case Refusal::kStatementChain:
      return "A statement was dropped, exchanged or put in: the chain does not fit together.";
    case Refusal::kStatementMismatch:
      return "Its parts speak of different runs, authors or sizes: they were not made together.";
    case Refusal::kSkeleton:
      return "A directory does not have the form that a run has.";
    case Refusal::kRootMismatch:
      return "An entry was altered, put in or taken out: it is not what was signed.";
    case Refusal::kDigestMismatch:
      return "A content was altered: it is not what was signed.";
    case Refusal::kKindMismatch:
      return "An entry says of its content what is not so.";
    case Refusal::kSaltReuse:
      return "A salt that stands twice hides nothing.";
    case Refusal::kUnreferenced:
      return "It carries material that nothing signed speaks for.";
    case Refusal::kEpochMismatch:
      return "The epochs of the finished run are not those that were signed one by one.";
    case Refusal::kLog:
      return "The statements do not stand in the log as it says.";
    case Refusal::kReceipt:
      return "A network's receipt does not hold.";
    case Refusal::kWrongSigner:
      return "It holds, but its author is not the one you asked for.";
    case Refusal::kWrongRoot:
      return "It holds, but it is not the one with the root you asked for.";
    case Refusal::kPolicy:
      return "It holds, but not all that you demanded is met.";
    case Refusal::kNotRecomputed:
      return "It holds, but not every digest could be recomputed from bytes at hand.";
    case Refusal::kArtifact:
      return "It holds by itself, but a file at hand is not the one it speaks of.";
  }
  return "";
}

bool is_by_demand(Refusal refusal) noexcept {
  switch (refusal) {
    case Refusal::kWrongSigner:
    case Refusal::kWrongRoot:
    case Refusal::kPolicy:
    case Refusal::kNotRecomputed:
    case Refusal::kArtifact:
      return true;
    default:
      return false;
  }
}

}  // namespace mlprov::cli
