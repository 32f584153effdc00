#pragma once

#include "mlprov/inspect/verify.h"
#include "mlprov/json/canonical.h"

namespace mlprov::cli {

/// The verdict with stable names; what a refused bundle says of itself is null.
Json verdict_to_json(const Verdict& verdict, const VerifyPolicy& policy);

}  // namespace mlprov::cli
