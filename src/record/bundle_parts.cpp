#include "record/bundle_parts.h"

#include <utility>

#include "mlprov/digest/hasher.h"
#include "mlprov/support/hex.h"
#include "record/fields.h"
#include "record/signed_statement.h"

namespace mlprov::record {
namespace {

Digest32 key_digest(const std::string& key, const char* map) {
  const auto digest = digest_from_hex(key);
  if (!digest) malformed(std::string(map) + ": a key is not 64 lower-case hex characters");
  return *digest;
}

Slot read_slot(const Json& value) {
  if (value.is_string()) return WithheldLeaf{digest_from(value, "a withheld entry")};
  return entry_from_json(value);
}

std::vector<Slot> read_slots(const Json& array) {
  if (!array.is_array()) malformed("a directory must be an array");
  std::vector<Slot> slots;
  slots.reserve(array.size());
  const std::string* previous = nullptr;
  for (const Json& value : array) {
    at_place("[" + std::to_string(slots.size()) + "]", [&] { slots.push_back(read_slot(value)); });
    const auto* entry = std::get_if<Entry>(&slots.back());
    if (entry == nullptr) continue;
    if (previous != nullptr && *previous >= entry->name) {
      malformed("[" + std::to_string(slots.size() - 1) + "]: names must strictly ascend");
    }
    previous = &entry->name;
  }
  return slots;
}

CarriedObject read_object(const Json& value) {
  if (!value.is_object() || value.size() != 1) malformed("an object needs exactly one form");
  const std::string& form = value.begin().key();
  if (form == "json") {
    const std::string text = to_canonical(value.begin().value());
    return {Bytes(text.begin(), text.end()), ObjectForm::kJson};
  }
  if (form != "text" && form != "base64") malformed("an object's form is json, text or base64");
  const std::string& text = string_at(value, form.c_str());
  if (form == "text") return {Bytes(text.begin(), text.end()), ObjectForm::kText};
  auto bytes = from_base64(text);
  if (!bytes) malformed("not standard padded base64");
  return {std::move(*bytes), ObjectForm::kBase64};
}

CarriedObject read_small_object(const Json& value) {
  CarriedObject object = read_object(value);
  if (object.content.size() > kMaxObjectBytes) {
    malformed("an object of " + std::to_string(object.content.size()) +
              " bytes; at most 65536 are carried");
  }
  return object;
}

std::optional<BundleLog> read_log(const Json& value) {
  if (value.is_null()) return std::nullopt;
  require_keys(value, "log", {"checkpoint", "vkey"});
  return BundleLog{string_at(value, "checkpoint"), string_at(value, "vkey")};
}

/// The members of the object `map`, each freed after it was read.
template <typename Value, typename Read>
std::map<Digest32, Value> read_map(Json& map, const char* name, Read read) {
  if (!map.is_object()) malformed(std::string("'") + name + "' must be an object");
  std::map<Digest32, Value> result;
  for (auto& [key, value] : map.get_ref<Json::object_t&>()) {
    const Digest32 digest = key_digest(key, name);
    at_place(std::string(name) + "/" + key,
             [&, &member = value] { result.emplace_hint(result.end(), digest, read(member)); });
    value = nullptr;
  }
  map = nullptr;
  return result;
}

std::vector<SignedStatement> read_statements(const Json& array) {
  if (array.empty()) malformed("a bundle needs at least one statement");
  std::vector<SignedStatement> statements;
  statements.reserve(array.size());
  for (const Json& value : array) {
    statements.push_back(at_place(statement_place(statements.size()),
                                  [&] { return signed_statement_shape(value); }));
  }
  return statements;
}

}  // namespace

std::string_view to_string(ObjectForm form) noexcept {
  switch (form) {
    case ObjectForm::kJson:
      return "json";
    case ObjectForm::kText:
      return "text";
    case ObjectForm::kBase64:
      break;
  }
  return "base64";
}

ObjectForm form_for(EntryKind kind) noexcept {
  if (kind == EntryKind::kJson) return ObjectForm::kJson;
  return kind == EntryKind::kText ? ObjectForm::kText : ObjectForm::kBase64;
}

BundleParts bundle_shape(Json document) {
  require_keys(document, "the bundle", {"directories", "format", "log", "objects", "statements"});
  if (string_at(document, "format") != kBundleFormat) {
    malformed("'format' must be " + std::string(kBundleFormat));
  }
  BundleParts parts;
  parts.log = read_log(document.at("log"));
  parts.statements = read_statements(array_at(document, "statements"));
  parts.objects = read_map<CarriedObject>(document.at("objects"), "objects", read_small_object);
  parts.directories =
      read_map<std::vector<Slot>>(document.at("directories"), "directories", read_slots);
  return parts;
}

void verify_signatures(const BundleParts& parts) {
  for (std::size_t i = 0; i < parts.statements.size(); ++i) {
    at_place(statement_place(i), [&] { verify_signatures(parts.statements[i]); });
  }
}

DirectoryMap build_directories(BundleParts& parts) {
  DirectoryMap result;
  for (auto& [key, slots] : parts.directories) {
    auto directory =
        std::make_shared<Directory>(Directory::from_slots(parts.algorithm(), std::move(slots)));
    if (directory->root() != key) {
      malformed(directory_place(key) + ": its entries have the root " + to_hex(directory->root()));
    }
    result.emplace_hint(result.end(), key, std::move(directory));
  }
  parts.directories.clear();
  return result;
}

void check_objects(const BundleParts& parts) {
  for (const auto& [key, object] : parts.objects) {
    const Digest32 digest = digest32(parts.algorithm(), object.content);
    if (digest == key) continue;
    malformed(object_place(key) + ": its bytes have the digest " + to_hex(digest));
  }
}

std::string directory_place(const Digest32& root) { return "directories/" + to_hex(root); }
std::string object_place(const Digest32& digest) { return "objects/" + to_hex(digest); }
std::string statement_place(std::size_t index) {
  return "statements[" + std::to_string(index) + "]";
}

}  // namespace mlprov::record
