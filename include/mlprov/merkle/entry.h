#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mlprov/json/canonical.h"
#include "mlprov/support/bytes.h"

namespace mlprov {

/// Persisted by name (`json`, `file`, `text`, `tensor`, `tree`): frozen.
enum class EntryKind { kJson, kFile, kText, kTensor, kTree };

std::string_view to_string(EntryKind kind) noexcept;
std::optional<EntryKind> entry_kind_from_name(std::string_view name) noexcept;

using Salt = std::array<std::uint8_t, 16>;

/// One entry of a directory: a name, what kind of thing it is, and the digest of its bytes (of a
/// `tree`: the root of the directory). A plain value.
struct Entry {
  EntryKind kind = EntryKind::kFile;
  std::string name;  ///< Escaped: see merkle/name.h.
  Digest32 digest{};
  std::uint64_t size = 0;            ///< json, file, text: bytes.
  std::string dtype;                 ///< tensor: see digest/dtype.h.
  std::vector<std::uint64_t> shape;  ///< tensor: elements a dimension, outermost first.
  std::uint64_t entries = 0;         ///< tree: entries of that directory (not of those below).
  bool salted = false;               ///< tree: some entry at or below it has a salt.
  std::optional<Salt> salt;          ///< Hides the entry when only its leaf hash is shown.

  friend bool operator==(const Entry&, const Entry&) = default;
};

/// The canonical bytes of an entry: what is hashed as a leaf. Throws `kMalformed` for an entry
/// that no reader would accept (name, dtype, shape, numbers over 2^53 - 1).
std::string encode_entry(const Entry& entry);

/// Reads an entry from its JSON value; keys are closed. Throws `kMalformed` naming the key.
Entry entry_from_json(const Json& value);
Json entry_to_json(const Entry& entry);

/// Reads an entry from its bytes, which must be canonical.
Entry parse_entry(std::string_view bytes);

}  // namespace mlprov
