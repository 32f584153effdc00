#pragma once

#include <string_view>

#include "inspect/finding.h"

namespace mlprov::inspect {

/// Canonical parse within limits (`too-large`, `not-canonical`).
Checked read_document(std::string_view bytes, const JsonLimits& limits, Json& document);

}  // namespace mlprov::inspect
