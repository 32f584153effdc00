#include "store/json_fields.h"

#include <algorithm>

#include "mlprov/support/error.h"
#include "mlprov/support/hex.h"

namespace mlprov::store {
namespace {

[[noreturn]] void refuse(const char* key) {
  throw Error(ErrorCode::kMalformed, "a row of the store has no proper `" + std::string(key) + "`");
}

}  // namespace

const Json& field(const Json& body, const char* key) {
  if (!body.is_object()) refuse(key);
  const auto found = body.find(key);
  if (found == body.end()) refuse(key);
  return *found;
}

std::string text_field(const Json& body, const char* key) {
  const Json& value = field(body, key);
  if (!value.is_string()) refuse(key);
  return value.get<std::string>();
}

std::uint64_t number_field(const Json& body, const char* key) {
  const Json& value = field(body, key);
  if (!value.is_number_unsigned()) refuse(key);
  return value.get<std::uint64_t>();
}

Digest32 digest_field(const Json& body, const char* key) {
  const auto digest = digest_from_hex(text_field(body, key));
  if (!digest) refuse(key);
  return *digest;
}

UtcSeconds time_field(const Json& body, const char* key) {
  const auto time = parse_utc(text_field(body, key));
  if (!time) refuse(key);
  return *time;
}

std::vector<std::string> texts_field(const Json& body, const char* key) {
  const Json& list = field(body, key);
  if (!list.is_array()) refuse(key);
  std::vector<std::string> texts;
  for (const Json& item : list) {
    if (!item.is_string()) refuse(key);
    texts.push_back(item.get<std::string>());
  }
  return texts;
}

std::uint64_t to_seconds(UtcSeconds time) {
  return static_cast<std::uint64_t>(std::max<std::int64_t>(0, time.time_since_epoch().count()));
}

}  // namespace mlprov::store
