#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mlprov {

/// A read-only view of bytes. Never owns: valid while what it points to lives.
using ByteView = std::span<const std::uint8_t>;
using Bytes = std::vector<std::uint8_t>;

/// A 32-byte digest or Merkle root, as raw bytes in the order they are printed.
using Digest32 = std::array<std::uint8_t, 32>;

/// Views the characters of `text` as bytes, without copying.
inline ByteView as_bytes(std::string_view text) noexcept {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

/// Views `bytes` as characters, without copying and without any check of encoding.
inline std::string_view as_text(ByteView bytes) noexcept {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// True when `text` is well-formed UTF-8 (RFC 3629: no overlong forms, no surrogates).
bool is_utf8(std::string_view text) noexcept;

/// Bytes of the well-formed UTF-8 sequence at the start of `text`; 0 when there is none.
std::size_t utf8_sequence_length(std::string_view text) noexcept;

/// Compares in time that depends on the sizes only. For secrets and MACs.
bool equal_constant_time(ByteView a, ByteView b) noexcept;

}  // namespace mlprov
