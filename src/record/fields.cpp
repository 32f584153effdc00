#include "record/fields.h"

#include "mlprov/support/hex.h"

namespace mlprov::record {
namespace {

constexpr std::uint64_t kMaxCount = (std::uint64_t{1} << 53) - 1;

}  // namespace

void malformed(const std::string& why) { throw Error(ErrorCode::kMalformed, why); }

void require_keys(const Json& value, const std::string& what,
                  std::initializer_list<const char*> keys) {
  if (!value.is_object()) malformed(what + " must be an object");
  for (const char* key : keys) {
    if (!value.contains(key)) malformed(what + " lacks '" + key + "'");
  }
  if (value.size() != keys.size()) malformed(what + " has a key that version 1 does not know");
}

const std::string& string_at(const Json& object, const char* key) {
  const Json& value = object.at(key);
  if (!value.is_string()) malformed(std::string("'") + key + "' must be a string");
  return value.get_ref<const std::string&>();
}

const Json& array_at(const Json& object, const char* key) {
  const Json& value = object.at(key);
  if (!value.is_array()) malformed(std::string("'") + key + "' must be an array");
  return value;
}

std::uint64_t count_at(const Json& object, const char* key) {
  const Json& value = object.at(key);
  // A number that was not parsed but built may be signed; both are the same value.
  const bool is_count =
      value.is_number_unsigned() || (value.is_number_integer() && value.get<std::int64_t>() >= 0);
  if (!is_count || value.get<std::uint64_t>() > kMaxCount) {
    malformed(std::string("'") + key + "' must be an integer from 0 to 2^53 - 1");
  }
  return value.get<std::uint64_t>();
}

Digest32 digest_from(const Json& value, const std::string& what) {
  if (value.is_string()) {
    if (const auto digest = digest_from_hex(value.get_ref<const std::string&>())) return *digest;
  }
  malformed(what + " must be 64 lower-case hex characters");
}

Digest32 digest_at(const Json& object, const char* key) {
  return digest_from(object.at(key), std::string("'") + key + "'");
}

}  // namespace mlprov::record
