#include "cli/checksum_list.h"

#include <algorithm>

#include "mlprov/support/hex.h"

namespace mlprov::cli {
namespace {

std::string escape_path(std::string_view path) {
  std::string escaped;
  for (const char c : path) {
    if (c == '\n') {
      escaped += "\\n";
    } else if (c == '\r') {
      escaped += "\\r";
    } else if (c == '\\') {
      escaped += "\\\\";
    } else {
      escaped += c;
    }
  }
  return escaped;
}

std::optional<char> unescape_character(char c) {
  switch (c) {
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case '\\':
      return '\\';
    default:
      return std::nullopt;
  }
}

std::optional<std::string> unescape_path(std::string_view escaped) {
  std::string path;
  for (std::size_t i = 0; i < escaped.size(); ++i) {
    if (escaped[i] != '\\') {
      path += escaped[i];
      continue;
    }
    if (++i == escaped.size()) return std::nullopt;
    const auto c = unescape_character(escaped[i]);
    if (!c) return std::nullopt;
    path += *c;
  }
  return path;
}

std::string lower_case(std::string_view hex) {
  std::string lower(hex);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](char c) { return c >= 'A' && c <= 'F' ? static_cast<char>(c + 32) : c; });
  return lower;
}

}  // namespace

std::string format_checksum(const ChecksumLine& line) {
  const std::string escaped = escape_path(line.path);
  return (escaped == line.path ? "" : "\\") + to_hex(line.digest) + "  " + escaped;
}

std::optional<ChecksumLine> parse_checksum(std::string_view line, std::size_t digest_size) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  const bool is_escaped = line.starts_with('\\');
  if (is_escaped) line.remove_prefix(1);
  const std::size_t hex_size = digest_size * 2;
  if (line.size() < hex_size + 3 || line[hex_size] != ' ') return std::nullopt;
  if (line[hex_size + 1] != ' ' && line[hex_size + 1] != '*') return std::nullopt;
  auto digest = from_hex(lower_case(line.substr(0, hex_size)));
  if (!digest) return std::nullopt;
  const std::string_view rest = line.substr(hex_size + 2);
  auto path = is_escaped ? unescape_path(rest) : std::string(rest);
  // A NUL would cut the name that the system sees short of the name that is shown.
  if (!path || path->find('\0') != std::string::npos) return std::nullopt;
  return ChecksumLine{std::move(*path), std::move(*digest)};
}

}  // namespace mlprov::cli
