#include "log/note_text.h"

#include <algorithm>
#include <cstddef>

namespace mlprov::log {
namespace {

/// The code point of one well-formed UTF-8 sequence.
char32_t decode(std::string_view sequence) {
  const ByteView bytes = as_bytes(sequence);
  if (bytes.size() == 1) return bytes[0];
  char32_t point = bytes[0] & (0xFF >> (bytes.size() + 1));
  for (const std::uint8_t byte : bytes.subspan(1)) point = point << 6 | (byte & 0x3F);
  return point;
}

/// The White_Space property beyond ASCII (Unicode, PropList.txt).
bool is_wide_space(char32_t point) {
  return point == 0x85 || point == 0xA0 || point == 0x1680 ||
         (point >= 0x2000 && point <= 0x200A) || point == 0x2028 || point == 0x2029 ||
         point == 0x202F || point == 0x205F || point == 0x3000;
}

}  // namespace

bool is_note_name(std::string_view name) {
  if (name.empty()) return false;
  while (!name.empty()) {
    const std::size_t length = utf8_sequence_length(name);
    if (length == 0) return false;
    const char32_t point = decode(name.substr(0, length));
    if (point <= ' ' || point == '+' || is_wide_space(point)) return false;
    name.remove_prefix(length);
  }
  return true;
}

bool is_note_text(std::string_view text) {
  const auto bytes = as_bytes(text);
  return is_utf8(text) && std::none_of(bytes.begin(), bytes.end(), [](std::uint8_t byte) {
           return byte < 0x20 && byte != '\n';
         });
}

std::uint32_t load_be32(ByteView bytes) {
  return std::uint32_t{bytes[0]} << 24 | std::uint32_t{bytes[1]} << 16 |
         std::uint32_t{bytes[2]} << 8 | bytes[3];
}

std::array<std::uint8_t, 4> store_be32(std::uint32_t value) {
  return {static_cast<std::uint8_t>(value >> 24), static_cast<std::uint8_t>(value >> 16),
          static_cast<std::uint8_t>(value >> 8), static_cast<std::uint8_t>(value)};
}

}  // namespace mlprov::log
