#pragma once

#include <string_view>

#include "inspect/finding.h"

namespace mlprov::inspect {

/// Canonical parse within limits: steps 1 and 2 of the order of checks.
Checked read_document(std::string_view bytes, const JsonLimits& limits, Json& document);

}  // namespace mlprov::inspect
