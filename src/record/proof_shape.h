#pragma once

#include "mlprov/record/proof_document.h"

namespace mlprov::record {

/// Closed keys, types and the payload's grammar; no signature is looked at. Throws `kMalformed`.
ProofDocument proof_shape(const Json& document);

}  // namespace mlprov::record
