#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "mlprov/support/bytes.h"

/// What note keys and notes share.
namespace mlprov::log {

/// Non-empty UTF-8 without Unicode spaces, plus or ASCII control characters (C2SP signed-note).
bool is_note_name(std::string_view name);

/// Well-formed UTF-8 whose only control character is the newline.
bool is_note_text(std::string_view text);

/// REQUIRES: four bytes.
std::uint32_t load_be32(ByteView bytes);
std::array<std::uint8_t, 4> store_be32(std::uint32_t value);

}  // namespace mlprov::log
