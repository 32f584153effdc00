#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "mlprov/json/canonical.h"
#include "mlprov/support/bytes.h"
#include "mlprov/support/time.h"

namespace mlprov::store {

/// Reading members of a sealed row's body. It was written by this code, so a surprise means a
/// store of another version or a forged seal: all throw `kMalformed`, naming the key.
std::string text_field(const Json& body, const char* key);
std::uint64_t number_field(const Json& body, const char* key);
Digest32 digest_field(const Json& body, const char* key);
UtcSeconds time_field(const Json& body, const char* key);
std::vector<std::string> texts_field(const Json& body, const char* key);
const Json& field(const Json& body, const char* key);

/// Seconds since 1970 as a database integer.
std::uint64_t to_seconds(UtcSeconds time);

}  // namespace mlprov::store
