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

/// The largest integer that an entry may hold: 2^53 - 1.
inline constexpr std::uint64_t kMaxEntryInteger = (std::uint64_t{1} << 53) - 1;

using Salt = std::array<std::uint8_t, 16>;

/// One entry of a directory: a name, what kind of thing it is, and the digest of its bytes (of a
/// `tree`: the root of the directory). A plain value. Fields of other kinds stay as they are here.
struct Entry {
  EntryKind kind = EntryKind::kFile;
  std::string name;  ///< Escaped: see merkle/name.h.
  Digest32 digest{};
  std::uint64_t size = 0;            ///< json, file, text: bytes.
  std::string dtype;                 ///< tensor: see digest/dtype.h.
  std::vector<std::uint64_t> shape;  ///< tensor: elements a dimension, outermost first.
  std::uint64_t entries = 0;         ///< tree: entries of that directory (not of those below).
  bool salted = false;               ///< tree: some entry below it has a salt or is withheld.
  std::optional<Salt> salt;          ///< Hides the entry when only its leaf hash is shown.

  friend bool operator==(const Entry&, const Entry&) = default;
};

/// Throws `kMalformed` for an entry that no reader would accept (name, dtype, shape, numbers over
/// 2^53 - 1) or that has a value in a field of another kind.
void require_valid(const Entry& entry);

/// The canonical bytes of an entry: what is hashed as a leaf. Throws as `require_valid`.
/// Equal to `to_canonical(entry_to_json(entry))`.
std::string encode_entry(const Entry& entry);
/// The same, appended: for loops that reuse one buffer.
void append_entry(std::string& out, const Entry& entry);

/// Reads an entry from its JSON value; keys are closed. Throws `kMalformed` naming the key.
Entry entry_from_json(const Json& value);
Json entry_to_json(const Entry& entry);

/// Reads an entry from its bytes, which must be canonical.
Entry parse_entry(std::string_view bytes);

/// Bytes of a tensor, dense: product of the shape times bits of the dtype, rounded up to whole
/// bytes. Nothing for an unknown dtype, or when the result is over 2^53 - 1.
std::optional<std::uint64_t> tensor_bytes(std::string_view dtype,
                                          const std::vector<std::uint64_t>& shape) noexcept;

/// Bytes of what the digest of an entry is taken over. Throws `kUsage` for a `tree`, `kMalformed`
/// for a tensor that no reader would accept.
std::uint64_t content_size(const Entry& entry);

}  // namespace mlprov
