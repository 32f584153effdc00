#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "mlprov/json/schema.h"

namespace mlprov::json {

/// A violation as the validating library reports it.
struct RawViolation {
  std::vector<std::string> context;  ///< `<root>`, then `[key]` or `[index]`.
  std::string description;
};

/// In document order, with JSON Pointers and our words; a "something below is wrong" is dropped
/// where that something is reported itself.
std::vector<SchemaViolation> report_violations(const std::vector<RawViolation>& raw);

}  // namespace mlprov::json
