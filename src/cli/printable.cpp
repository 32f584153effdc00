#include "cli/printable.h"

#include <algorithm>
#include <cstdio>

#include "mlprov/support/bytes.h"

namespace mlprov::cli {
namespace {

std::uint32_t decode_sequence(std::string_view sequence) {
  const ByteView bytes = as_bytes(sequence);
  if (bytes.size() == 1) return bytes[0];
  std::uint32_t point = bytes[0] & (0x7FU >> bytes.size());
  for (const std::uint8_t byte : bytes.subspan(1)) point = point << 6 | (byte & 0x3FU);
  return point;
}

/// Moves the cursor, changes the state of a terminal, or makes text look like other text.
bool is_treacherous(std::uint32_t point) {
  struct Range {
    std::uint32_t first, last;
  };
  static constexpr Range kRanges[] = {
      {0x00, 0x1F},        // C0
      {0x7F, 0x9F},        // DEL, C1
      {0xAD, 0xAD},        // soft hyphen
      {0x61C, 0x61C},      // Arabic letter mark
      {0x180E, 0x180E},    // Mongolian vowel separator
      {0x200B, 0x200F},    // zero width, direction marks
      {0x2028, 0x202E},    // line and paragraph separators, embeddings, overrides
      {0x2060, 0x206F},    // word joiner, isolates
      {0xFEFF, 0xFEFF},    // byte order mark
      {0xFFF9, 0xFFFB},    // interlinear annotation
      {0xE0000, 0xE0FFF},  // tags
  };
  return std::any_of(std::begin(kRanges), std::end(kRanges), [&](const Range& range) {
    return point >= range.first && point <= range.last;
  });
}

std::string escape(std::uint32_t point, bool is_raw_byte) {
  if (point == '\n') return "\\n";
  if (point == '\r') return "\\r";
  if (point == '\t') return "\\t";
  char text[16];
  std::snprintf(text, sizeof text, is_raw_byte || point < 0x80 ? "\\x%02x" : "\\u{%x}", point);
  return text;
}

}  // namespace

std::string printable(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const std::size_t length = utf8_sequence_length(text);
    if (length == 0) {
      out += escape(as_bytes(text)[0], true);
      text.remove_prefix(1);
      continue;
    }
    const std::uint32_t point = decode_sequence(text.substr(0, length));
    if (is_treacherous(point)) {
      out += escape(point, false);
    } else {
      out += text.substr(0, length);
    }
    text.remove_prefix(length);
  }
  return out;
}

std::string with_commas(std::uint64_t number) {
  const std::string digits = std::to_string(number);
  std::string text;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0) text += ',';
    text += digits[i];
  }
  return text;
}

std::string human_size(std::uint64_t bytes) {
  if (bytes < 1000) return std::to_string(bytes) + " B";
  static constexpr const char* kUnits[] = {"kB", "MB", "GB", "TB", "PB", "EB"};
  double value = static_cast<double>(bytes) / 1000;
  std::size_t unit = 0;
  while (value >= 999.95 && unit + 1 < std::size(kUnits)) {
    value /= 1000;
    ++unit;
  }
  char text[32];
  std::snprintf(text, sizeof text, "%.1f %s", value, kUnits[unit]);
  return text;
}

std::string counted(std::uint64_t count, std::string_view one, std::string_view many) {
  return with_commas(count) + " " + std::string(count == 1 ? one : many);
}

}  // namespace mlprov::cli
