#pragma once

#include <span>
#include <string_view>

namespace mlprov::json {

struct EmbeddedSchema {
  std::string_view name;
  std::string_view text;
};

/// The files of configs/schemas, by name. Defined in a source that CMake writes.
std::span<const EmbeddedSchema> embedded_schemas();

}  // namespace mlprov::json
