#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include "mlprov/json/canonical.h"
#include "mlprov/support/bytes.h"
#include "mlprov/support/error.h"

/// Reading members of JSON objects whose keys are closed. Everything throws `kMalformed`.
namespace mlprov::record {

[[noreturn]] void malformed(const std::string& why);

/// Demands an object with exactly these keys.
void require_keys(const Json& value, const std::string& what,
                  std::initializer_list<const char*> keys);

/// The member's value, which must be there (see `require_keys`) and of that type.
const std::string& string_at(const Json& object, const char* key);
const Json& array_at(const Json& object, const char* key);
/// An integer from 0 to 2^53 - 1.
std::uint64_t count_at(const Json& object, const char* key);
/// 64 lower-case hex characters.
Digest32 digest_at(const Json& object, const char* key);
Digest32 digest_from(const Json& value, const std::string& what);

/// Runs `read` and puts the place in front of what it complains of.
template <typename Read>
auto at_place(const std::string& place, Read&& read) {
  try {
    return read();
  } catch (const Error& error) {
    throw Error(error.code(), place + ": " + error.what());
  }
}

}  // namespace mlprov::record
