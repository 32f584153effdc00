#include "mlprov/merkle/entry.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "mlprov/digest/dtype.h"
#include "mlprov/merkle/name.h"
#include "mlprov/support/error.h"

namespace mlprov {
namespace {

constexpr std::array<std::string_view, 5> kKindNames = {"json", "file", "text", "tensor", "tree"};

[[noreturn]] void refuse(const Entry& entry, const std::string& why) {
  throw Error(ErrorCode::kMalformed, "the entry " + quote_name(entry.name) + " " + why);
}

void check_integer(const Entry& entry, std::uint64_t value, const char* key) {
  if (value <= kMaxEntryInteger) return;
  refuse(entry, std::string("has a `") + key + "` over 2^53 - 1");
}

void check_tensor(const Entry& entry) {
  if (!is_dtype(entry.dtype)) refuse(entry, "has the unknown dtype " + quote_name(entry.dtype));
  for (const std::uint64_t dimension : entry.shape) check_integer(entry, dimension, "shape");
  if (!tensor_bytes(entry.dtype, entry.shape)) refuse(entry, "has more than 2^53 - 1 bytes");
}

/// A field of another kind would be lost on the way: its owner has mistaken the kind.
void check_fields(const Entry& entry) {
  const bool is_tensor = entry.kind == EntryKind::kTensor;
  const bool is_tree = entry.kind == EntryKind::kTree;
  const bool strays = (!is_tensor && (!entry.dtype.empty() || !entry.shape.empty())) ||
                      (!is_tree && (entry.entries != 0 || entry.salted)) ||
                      ((is_tensor || is_tree) && entry.size != 0);
  if (strays) {
    refuse(entry, "has a field that the kind `" + std::string(to_string(entry.kind)) + "` lacks");
  }
}

void append_hex(std::string& out, ByteView bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  const std::size_t start = out.size();
  out.resize(start + bytes.size() * 2);
  char* hex = out.data() + start;
  for (const std::uint8_t byte : bytes) {
    *hex++ = kDigits[byte >> 4];
    *hex++ = kDigits[byte & 15];
  }
}

void append_integer(std::string& out, std::uint64_t value) {
  std::array<char, 20> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  out.append(digits.data(), end);
}

/// Valid names hold no control characters, so JSON escapes only these two.
void append_json_text(std::string& out, std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t special = std::min(text.find_first_of("\"\\", at), text.size());
    out += text.substr(at, special - at);
    if (special < text.size()) out.append({'\\', text[special]});
    at = special + 1;
  }
}

void append_shape(std::string& out, const std::vector<std::uint64_t>& shape) {
  out += '[';
  for (std::size_t i = 0; i < shape.size(); ++i) {
    if (i > 0) out += ',';
    append_integer(out, shape[i]);
  }
  out += ']';
}

}  // namespace

std::string_view to_string(EntryKind kind) noexcept {
  return kKindNames[static_cast<std::size_t>(kind)];
}

std::optional<EntryKind> entry_kind_from_name(std::string_view name) noexcept {
  const auto found = std::find(kKindNames.begin(), kKindNames.end(), name);
  if (found == kKindNames.end()) return std::nullopt;
  return static_cast<EntryKind>(found - kKindNames.begin());
}

void require_valid(const Entry& entry) {
  if (!is_valid_name(entry.name)) refuse(entry, "has a name that is not in its escaped form");
  check_fields(entry);
  check_integer(entry, entry.size, "size");
  check_integer(entry, entry.entries, "entries");
  if (entry.kind == EntryKind::kTensor) check_tensor(entry);
}

// Written by hand, keys in their canonical order, because a tree of a million entries goes
// through here; a test holds it against the general writer.
void append_entry(std::string& out, const Entry& entry) {
  require_valid(entry);
  out += R"({"digest":")";
  append_hex(out, entry.digest);
  if (entry.kind == EntryKind::kTensor) {
    out += R"(","dtype":")";
    out += entry.dtype;
  }
  out += '"';
  if (entry.kind == EntryKind::kTree) {
    out += R"(,"entries":)";
    append_integer(out, entry.entries);
  }
  out += R"(,"kind":")";
  out += to_string(entry.kind);
  out += R"(","name":")";
  append_json_text(out, entry.name);
  out += '"';
  if (entry.salt) {
    out += R"(,"salt":")";
    append_hex(out, *entry.salt);
    out += '"';
  }
  if (entry.salted) out += R"(,"salted":true)";
  if (entry.kind == EntryKind::kTensor) {
    out += R"(,"shape":)";
    append_shape(out, entry.shape);
  } else if (entry.kind != EntryKind::kTree) {
    out += R"(,"size":)";
    append_integer(out, entry.size);
  }
  out += '}';
}

std::string encode_entry(const Entry& entry) {
  std::string bytes;
  append_entry(bytes, entry);
  return bytes;
}

std::optional<std::uint64_t> tensor_bytes(std::string_view dtype,
                                          const std::vector<std::uint64_t>& shape) noexcept {
  const std::optional<std::uint32_t> bits = dtype_bits(dtype);
  if (!bits || *bits == 0) return std::nullopt;
  if (std::find(shape.begin(), shape.end(), 0) != shape.end()) return 0;
  // ceil(elements * bits / 8) <= kMaxEntryInteger, without a product that could overflow.
  const std::uint64_t most = kMaxEntryInteger * 8 / *bits;
  std::uint64_t elements = 1;
  for (const std::uint64_t dimension : shape) {
    if (dimension > most / elements) return std::nullopt;
    elements *= dimension;
  }
  return (elements * *bits + 7) / 8;
}

std::uint64_t content_size(const Entry& entry) {
  if (entry.kind == EntryKind::kTree) {
    throw Error(ErrorCode::kUsage, "the directory " + quote_name(entry.name) + " has no size");
  }
  if (entry.kind != EntryKind::kTensor) return entry.size;
  check_tensor(entry);
  return *tensor_bytes(entry.dtype, entry.shape);
}

}  // namespace mlprov
