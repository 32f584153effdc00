#pragma once

#include <string_view>
#include <vector>

#include "mlprov/json/schema.h"

namespace mlprov {

/// The schemas of configs/schemas, compiled into the library: `entry`, `statement`, `bundle`,
/// `proof`, `policy`, ... They say what a document looks like; whether it holds is inspect/verify's
/// word.
std::vector<std::string_view> schema_names();

/// The text of a schema, as it stands in its file. Throws `kNotFound`, listing the names.
std::string_view schema_text(std::string_view name);

/// The compiled schema; lives as long as the program. Thread-safe. Throws `kNotFound`.
const JsonSchema& schema_for(std::string_view name);

}  // namespace mlprov
