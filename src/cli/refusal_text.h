#pragma once

#include "mlprov/inspect/verify.h"

namespace mlprov::cli {

/// What a refusal means, in a sentence for people.
const char* explain(Refusal refusal) noexcept;

/// True for refusals by what the user demanded, not by the evidence: every earlier check held.
bool is_by_demand(Refusal refusal) noexcept;

}  // namespace mlprov::cli
