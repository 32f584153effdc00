#include <algorithm>
#include <initializer_list>

#include "merkle/natural.h"
#include "mlprov/merkle/entry.h"
#include "mlprov/merkle/name.h"
#include "mlprov/support/error.h"
#include "mlprov/support/hex.h"

namespace mlprov {
namespace {

using Keys = std::initializer_list<std::string_view>;

[[noreturn]] void refuse(std::string_view key, const std::string& why) {
  throw Error(ErrorCode::kMalformed, "an entry's " + quote_name(key) + " " + why);
}

const Json& member(const Json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end()) refuse(key, "is missing");
  return *found;
}

const std::string& text_member(const Json& object, const char* key) {
  const Json& value = member(object, key);
  if (!value.is_string()) refuse(key, "is not a string");
  return value.get_ref<const std::string&>();
}

std::uint64_t to_integer(const Json& value, const char* key) {
  const std::optional<std::uint64_t> natural = natural_from_json(value);
  if (!natural) refuse(key, "is not a whole number from 0 to 2^53 - 1");
  return *natural;
}

std::vector<std::uint64_t> to_shape(const Json& value) {
  if (!value.is_array()) refuse("shape", "is not an array");
  std::vector<std::uint64_t> shape;
  shape.reserve(value.size());
  for (const Json& dimension : value) shape.push_back(to_integer(dimension, "shape"));
  return shape;
}

Salt to_salt(const std::string& hex) {
  const std::optional<Bytes> bytes = from_hex(hex);
  Salt salt;
  if (!bytes || bytes->size() != salt.size()) refuse("salt", "is not 32 lower-case hex characters");
  std::copy(bytes->begin(), bytes->end(), salt.begin());
  return salt;
}

/// Refuses keys that are not in one of the two lists.
void close_keys(const Json& object, Keys common, Keys special) {
  for (const auto& [key, value] : object.items()) {
    const auto is_key = [&name = key](std::string_view known) { return known == name; };
    if (std::none_of(common.begin(), common.end(), is_key) &&
        std::none_of(special.begin(), special.end(), is_key)) {
      refuse(key, "is not a key of its kind");
    }
  }
}

/// The keys that only this kind has.
void read_special(Entry& entry, const Json& object) {
  const Keys common = {"digest", "kind", "name", "salt"};
  if (entry.kind == EntryKind::kTensor) {
    close_keys(object, common, {"dtype", "shape"});
    entry.dtype = text_member(object, "dtype");
    entry.shape = to_shape(member(object, "shape"));
  } else if (entry.kind == EntryKind::kTree) {
    close_keys(object, common, {"entries", "salted"});
    entry.entries = to_integer(member(object, "entries"), "entries");
    entry.salted = object.contains("salted");
    if (entry.salted && object["salted"] != true) refuse("salted", "can only be true");
  } else {
    close_keys(object, common, {"size"});
    entry.size = to_integer(member(object, "size"), "size");
  }
}

}  // namespace

Entry entry_from_json(const Json& value) {
  if (!value.is_object()) throw Error(ErrorCode::kMalformed, "an entry is not an object");
  Entry entry;
  const std::string& kind = text_member(value, "kind");
  const std::optional<EntryKind> known = entry_kind_from_name(kind);
  if (!known) refuse("kind", quote_name(kind) + " is unknown");
  entry.kind = *known;
  entry.name = text_member(value, "name");
  const std::optional<Digest32> digest = digest_from_hex(text_member(value, "digest"));
  if (!digest) refuse("digest", "is not 64 lower-case hex characters");
  entry.digest = *digest;
  if (value.contains("salt")) entry.salt = to_salt(text_member(value, "salt"));
  read_special(entry, value);
  require_valid(entry);
  return entry;
}

Json entry_to_json(const Entry& entry) {
  require_valid(entry);
  Json value = {
      {"digest", to_hex(entry.digest)}, {"kind", to_string(entry.kind)}, {"name", entry.name}};
  if (entry.salt) value["salt"] = to_hex(*entry.salt);
  if (entry.kind == EntryKind::kTensor) {
    value["dtype"] = entry.dtype;
    value["shape"] = entry.shape;
  } else if (entry.kind == EntryKind::kTree) {
    value["entries"] = entry.entries;
    if (entry.salted) value["salted"] = true;
  } else {
    value["size"] = entry.size;
  }
  return value;
}

Entry parse_entry(std::string_view bytes) { return entry_from_json(parse_canonical(bytes)); }

}  // namespace mlprov
