#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "mlprov/support/bytes.h"

namespace mlprov {

/// Lower-case hex, two characters a byte, no prefix.
std::string to_hex(ByteView bytes);

/// Reads lower-case hex of any even length; nothing when a character is not `[0-9a-f]`
/// or the length is odd.
std::optional<Bytes> from_hex(std::string_view hex);

/// Reads exactly 64 lower-case hex characters; nothing otherwise.
std::optional<Digest32> digest_from_hex(std::string_view hex);

/// Standard base64 (RFC 4648 section 4) with padding, no line breaks.
std::string to_base64(ByteView bytes);

/// Reads standard padded base64; nothing unless the text is exactly what `to_base64`
/// gives for the decoded bytes (so: no white space, no missing padding, no stray bits).
std::optional<Bytes> from_base64(std::string_view text);

}  // namespace mlprov
