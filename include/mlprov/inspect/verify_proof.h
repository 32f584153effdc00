#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "mlprov/inspect/verify.h"
#include "mlprov/record/proof_document.h"

namespace mlprov {

/// What an inclusion proof came to. It says that the entry is included under a root that its
/// author signed, never that it is the only one, nor that the run was finished.
struct [[nodiscard]] ProofVerdict {
  Outcome outcome = Outcome::kRefused;  ///< `kHolds` or `kRefused`.
  std::optional<Refusal> refusal;
  std::string detail;

  // The rest is set only when it holds.
  bool identity_checked = false;  ///< A signer or a root was demanded.
  Statement statement;
  Digest32 id{};     ///< Of the statement.
  std::string path;  ///< In the run: the statement's path and that of the entry below it.
  Entry entry;
};

/// Verifies a proof document's bytes against the `signers` and `root` of a policy; its other
/// demands speak of whole runs and are not looked at. No I/O. Never throws for bad input.
ProofVerdict verify_proof(std::string_view bytes, const VerifyPolicy& policy = {});

}  // namespace mlprov
