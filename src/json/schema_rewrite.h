#pragma once

#include "mlprov/json/canonical.h"
#include "mlprov/json/schema.h"

namespace mlprov::json {

/// Keywords that schema.cpp implements itself, instead of the draft's `type`, `enum`, `const` and
/// `pattern`: for messages that say what was wanted, and for matching without recursion.
inline constexpr const char* kTypeKeyword = "mlprov:type";
inline constexpr const char* kEnumKeyword = "mlprov:enum";
inline constexpr const char* kPatternKeyword = "mlprov:pattern";

/// The schema in the dialect above, with every document that it refers to taken in under
/// `definitions`. Throws `kMalformed` for what JsonSchema does not take.
Json rewrite_schema(const Json& schema, const JsonSchema::Loader& loader);

}  // namespace mlprov::json
