#pragma once

#include <string_view>

#include "mlprov/json/canonical.h"

namespace mlprov::json {

/// Parses RFC 8259 JSON within `limits`, which are enforced while reading: nothing over them is
/// ever built. Refuses duplicate keys. Throws `kMalformed` with line and column, `kTooLarge`.
Json parse_bounded(std::string_view text, const JsonLimits& limits);

}  // namespace mlprov::json
