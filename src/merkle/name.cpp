#include "mlprov/merkle/name.h"

#include <algorithm>

#include "mlprov/support/bytes.h"
#include "mlprov/support/error.h"

namespace mlprov {
namespace {

bool is_reserved(std::string_view name) {
  return name == "." || name == ".." || name == kCircumstances;
}

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }

/// Most names: bytes that stand for themselves wherever they stand.
bool is_plain(char c) { return c >= 0x20 && c < 0x7F && c != '%' && c != '~' && c != '/'; }

void append_percent(std::string& out, char c) {
  static constexpr char kDigits[] = "0123456789ABCDEF";
  const auto byte = static_cast<unsigned char>(c);
  out += '%';
  out += kDigits[byte >> 4];
  out += kDigits[byte & 15];
}

/// Moves what the start of `rest` shows, one character or one stray byte, to `out`. What UTF-8
/// and control characters allow is kept, the rest is percent-encoded.
void take_clean(std::string& out, std::string_view& rest) {
  const std::size_t length = utf8_sequence_length(rest);
  if (length == 0 || is_control(rest[0])) {
    append_percent(out, rest[0]);
    rest.remove_prefix(1);
  } else {
    out += rest.substr(0, length);
    rest.remove_prefix(length);
  }
}

/// The escape for a byte that UTF-8 allows but a name does not; null when there is none.
const char* short_escape(char c) {
  switch (c) {
    case '%':
      return "%25";
    case '~':
      return "~0";
    case '/':
      return "~1";
    default:
      return nullptr;
  }
}

int upper_nibble(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// Decodes the escape or the plain byte at the start of `rest`; false for a broken escape.
bool take_unescaped(std::string& out, std::string_view& rest) {
  const char c = rest[0];
  if (c == '/') return false;
  if (c == '~') {
    if (rest.size() < 2 || (rest[1] != '0' && rest[1] != '1')) return false;
    out += rest[1] == '0' ? '~' : '/';
    rest.remove_prefix(2);
  } else if (c == '%') {
    if (rest.size() < 3) return false;
    const int high = upper_nibble(rest[1]);
    const int low = upper_nibble(rest[2]);
    if (high < 0 || low < 0) return false;
    out += static_cast<char>(high << 4 | low);
    rest.remove_prefix(3);
  } else {
    out += c;
    rest.remove_prefix(1);
  }
  return true;
}

}  // namespace

std::string escape_name(std::string_view outside) {
  if (outside.empty()) throw Error(ErrorCode::kUsage, "a name in a tree cannot be empty");
  std::string name;
  name.reserve(outside.size());
  if (is_reserved(outside)) {
    append_percent(name, outside[0]);
    outside.remove_prefix(1);
  }
  while (!outside.empty()) {
    if (const char* escape = short_escape(outside[0])) {
      name += escape;
      outside.remove_prefix(1);
    } else {
      take_clean(name, outside);
    }
  }
  return name;
}

std::optional<std::string> unescape_name(std::string_view name) {
  if (name == kCircumstances) return std::string(name);
  if (name.empty()) return std::nullopt;
  std::string outside;
  outside.reserve(name.size());
  for (std::string_view rest = name; !rest.empty();) {
    if (!take_unescaped(outside, rest)) return std::nullopt;
  }
  // Each outside name has one spelling: this also refuses raw bytes that are not UTF-8, needless
  // escapes, and the reserved names.
  if (escape_name(outside) != name) return std::nullopt;
  return outside;
}

bool is_valid_name(std::string_view name) {
  if (std::all_of(name.begin(), name.end(), is_plain)) {
    return !name.empty() && name != "." && name != "..";
  }
  return unescape_name(name).has_value();
}

std::string join_path(const std::vector<std::string>& names) {
  std::string path;
  for (const std::string& name : names) {
    if (!path.empty()) path += '/';
    path += name;
  }
  return path;
}

std::vector<std::string> split_path(std::string_view path) {
  std::vector<std::string> names;
  if (path.empty()) return names;
  for (std::size_t start = 0; start <= path.size();) {
    const std::size_t end = std::min(path.find('/', start), path.size());
    if (end == start) {
      throw Error(ErrorCode::kMalformed, "the path " + quote_name(path) + " has an empty name");
    }
    if (names.size() == kMaxTreeDepth) {
      throw Error(ErrorCode::kTooLarge, "the path " + quote_name(path) + " has more than " +
                                            std::to_string(kMaxTreeDepth) + " names");
    }
    names.emplace_back(path.substr(start, end - start));
    start = end + 1;
  }
  return names;
}

std::string quote_name(std::string_view text) {
  constexpr std::size_t kShown = 200;
  std::string quoted = "`";
  std::string_view rest = text;
  while (!rest.empty() && quoted.size() <= kShown) take_clean(quoted, rest);
  if (!rest.empty()) quoted += "...";
  return quoted + '`';
}

}  // namespace mlprov
