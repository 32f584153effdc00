#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "mlprov/support/bytes.h"

/// The lines that sha256sum and b3sum write and check.
namespace mlprov::cli {

struct ChecksumLine {
  std::string path;
  Bytes digest;
};

/// `<hex>  <path>`; a path with a newline, a carriage return or a backslash is escaped and the
/// line begins with a backslash, as coreutils does. Without the newline.
std::string format_checksum(const ChecksumLine& line);

/// Reads such a line (also `<hex> *<path>`); nothing unless it is well formed and the digest has
/// `digest_size` bytes. Hex may be upper case.
std::optional<ChecksumLine> parse_checksum(std::string_view line, std::size_t digest_size);

}  // namespace mlprov::cli
