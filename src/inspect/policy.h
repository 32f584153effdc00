#pragma once

#include "inspect/evidence.h"
#include "inspect/finding.h"
#include "inspect/tally.h"

namespace mlprov::inspect {

/// True when the policy says whom or what the caller expects.
bool checks_identity(const VerifyPolicy& policy) noexcept;

/// Author and root (`wrong-signer`, `wrong-root`).
Checked check_signer(const VerifyPolicy& policy, const Statement& statement);
Checked check_root(const VerifyPolicy& policy, const Digest32& root);

/// Co-signers, networks, log and freshness (`policy`).
Checked check_demands(const VerifyPolicy& policy, const Evidence& evidence);

/// `strict` (`not-recomputed`).
Checked check_strict(const VerifyPolicy& policy, const Tally& tally);

}  // namespace mlprov::inspect
