#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace mlprov::cli {

/// Makes text from outside safe to show on a terminal, on one line: control characters (C0, DEL,
/// C1), characters that reorder or hide text (bidirectional controls, zero-width) and bytes that
/// are not UTF-8 become `\n`, `\x1b` or `\u{202e}`. All other text stays as it is.
std::string printable(std::string_view text);

/// `1234567` as `1,234,567`.
std::string with_commas(std::uint64_t number);

/// Bytes for people: `0 B`, `999 B`, `1.2 kB`, `3.4 GB` (powers of 1000).
std::string human_size(std::uint64_t bytes);

/// `1 entry`, `2 entries`: the count with commas and the word that fits it.
std::string counted(std::uint64_t count, std::string_view one, std::string_view many);

}  // namespace mlprov::cli
