#pragma once

#include <string>
#include <vector>

#include "mlprov/json/canonical.h"

namespace mlprov {

/// A measured value with the name that the user gave it.
struct Metric {
  std::string name;
  double value = 0;
};

/// The one form of metrics in a tree, an entry `metrics` of kind `json` in `training/epoch-N`,
/// `result` or `step-N`: `[{"name":N,"value":{"bits":"<16 hex>"}}, ...]`, sorted by name, each name
/// once (of two values the later one counts).
Json metrics_to_json(const std::vector<Metric>& metrics);

/// Reads it; throws `kMalformed` for any other shape.
std::vector<Metric> metrics_from_json(const Json& value);

/// Where the name of a run stands: an entry of kind `text`, salted or not, in `circumstances` of
/// `before` or of the first step.
inline constexpr const char* kRunNameFolder = "circumstances";
inline constexpr const char* kRunNameEntry = "name";

}  // namespace mlprov
