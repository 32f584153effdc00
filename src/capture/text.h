#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mlprov::capture {

/// `text` as valid UTF-8 without NUL: bytes that do not belong to a well-formed sequence become
/// `\xHH`. For paths and values that the system hands out as raw bytes.
std::string printable(std::string_view text);

std::string_view trim(std::string_view text);

/// Pieces between separators; an empty text has none.
std::vector<std::string_view> split(std::string_view text, char separator);

/// The whole text as a decimal number.
std::optional<std::uint64_t> parse_number(std::string_view text);

/// A small file of /proc, /sys or /etc; nothing when it cannot be read.
std::optional<std::string> read_small_file(const char* path);

/// A number that fits a canonical document, whatever the system says.
std::uint64_t json_number(std::uint64_t value);

}  // namespace mlprov::capture
