#include "json/writer.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "json/number.h"
#include "json/pointer.h"
#include "mlprov/support/bytes.h"
#include "mlprov/support/error.h"

namespace mlprov::json {
namespace {

constexpr std::size_t kStrictDepth = 32;
constexpr std::size_t kJcsDepth = 1000;

bool is_plain_key_character(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '.' || c == ':' || c == '-';
}

/// The escapes of RFC 8785 section 3.2.2.2; nothing else is ever escaped.
void append_escaped(std::string& out, char c) {
  static constexpr char kDigits[] = "0123456789abcdef";
  switch (c) {
    case '"':
      out.append("\\\"");
      return;
    case '\\':
      out.append("\\\\");
      return;
    case '\b':
      out.append("\\b");
      return;
    case '\t':
      out.append("\\t");
      return;
    case '\n':
      out.append("\\n");
      return;
    case '\f':
      out.append("\\f");
      return;
    case '\r':
      out.append("\\r");
      return;
    default:
      out.append("\\u00");
      out.push_back(kDigits[static_cast<unsigned char>(c) >> 4]);
      out.push_back(kDigits[static_cast<unsigned char>(c) & 15]);
  }
}

bool needs_escape(char c) { return c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20; }

/// True when a reader that knows only doubles, as ECMAScript is, takes the integer for what it is:
/// a double holds it exactly, or its digits are those that ECMAScript prints for that double.
bool is_number_in_ecmascript(const Json& integer, const std::string& printed) {
  if (integer.is_number_unsigned()) {
    const auto value = integer.get<std::uint64_t>();
    const auto rounded = static_cast<double>(value);
    return std::to_string(value) == printed ||
           (rounded < 0x1p64 && static_cast<std::uint64_t>(rounded) == value);
  }
  const auto value = integer.get<std::int64_t>();
  const auto rounded = static_cast<double>(value);
  return std::to_string(value) == printed ||
         (rounded < 0x1p63 && static_cast<std::int64_t>(rounded) == value);
}

bool is_safe_integer(const Json& value) {
  if (value.is_number_unsigned()) return value.get<std::uint64_t>() <= kMaxInteger;
  if (!value.is_number_integer()) return false;
  const auto number = value.get<std::int64_t>();
  return number >= -kMaxInteger && number <= kMaxInteger;
}

}  // namespace

bool utf16_less(std::string_view a, std::string_view b) noexcept {
  const std::size_t common = std::min(a.size(), b.size());
  const auto [x, y] =
      std::mismatch(a.begin(), a.begin() + static_cast<std::ptrdiff_t>(common), b.begin());
  if (x == a.begin() + static_cast<std::ptrdiff_t>(common)) return a.size() < b.size();
  const auto left = static_cast<unsigned char>(*x);
  const auto right = static_cast<unsigned char>(*y);
  // Bytes order as code points do; but in UTF-16 what needs surrogates (lead bytes F0 to F4)
  // comes before U+E000 to U+FFFF (lead bytes EE and EF).
  if (left >= 0xEE && right >= 0xEE && (left >= 0xF0) != (right >= 0xF0)) return left >= 0xF0;
  return left < right;
}

void CanonicalWriter::write(const Json& value) {
  switch (value.type()) {
    case Json::value_t::null:
      out_.append("null");
      break;
    case Json::value_t::boolean:
      out_.append(value.get<bool>() ? "true" : "false");
      break;
    case Json::value_t::number_integer:
    case Json::value_t::number_unsigned:
    case Json::value_t::number_float:
      write_number(value);
      break;
    case Json::value_t::string:
      write_string(value.get_ref<const std::string&>());
      break;
    case Json::value_t::array:
      write_array(value);
      break;
    case Json::value_t::object:
      write_object(value);
      break;
    case Json::value_t::binary:
    case Json::value_t::discarded:
      fail("binary and discarded values have no JSON form");
  }
  flush();
}

void CanonicalWriter::write_number(const Json& value) {
  if (is_safe_integer(value)) {
    out_.append(std::to_string(value.get<std::int64_t>()));
    return;
  }
  if (profile_ == Profile::kStrict) {
    fail(value.is_number_float() ? "only integers are allowed as numbers"
                                 : "an integer beyond 2^53 - 1 must be a decimal string");
  }
  const auto number = value.get<double>();
  if (!std::isfinite(number)) fail("NaN and infinity have no JSON form");
  std::string printed;
  append_ecmascript_number(printed, number);
  if (!value.is_number_float() && !is_number_in_ecmascript(value, printed)) {
    fail("an integer that no double holds has no canonical form");
  }
  out_.append(printed);
}

void CanonicalWriter::write_string(const std::string& text) {
  if (!is_utf8(text)) fail("a string is not valid UTF-8");
  out_.push_back('"');
  auto plain = text.begin();
  while (plain != text.end()) {
    const auto special = std::find_if(plain, text.end(), needs_escape);
    out_.append(plain, special);
    if (special == text.end()) break;
    append_escaped(out_, *special);
    plain = special + 1;
  }
  out_.push_back('"');
}

void CanonicalWriter::write_array(const Json& array) {
  enter();
  out_.push_back('[');
  std::size_t index = 0;
  for (const Json& element : array) {
    if (index > 0) out_.push_back(',');
    path_.emplace_back(nullptr, index++);
    write(element);
    path_.pop_back();
  }
  out_.push_back(']');
}

void CanonicalWriter::write_object(const Json& object) {
  enter();
  const auto& members = object.get_ref<const Json::object_t&>();
  std::vector<const Json::object_t::value_type*> order;
  order.reserve(members.size());
  for (const auto& member : members) {
    check_key(member.first);
    order.push_back(&member);
  }
  // The strict profile's keys are ASCII, where the map's order is already the right one.
  if (profile_ == Profile::kJcs) {
    std::sort(order.begin(), order.end(),
              [](const auto* a, const auto* b) { return utf16_less(a->first, b->first); });
  }
  out_.push_back('{');
  for (std::size_t i = 0; i < order.size(); ++i) {
    if (i > 0) out_.push_back(',');
    write_member(order[i]->first, order[i]->second);
  }
  out_.push_back('}');
}

void CanonicalWriter::write_member(const std::string& key, const Json& value) {
  path_.emplace_back(&key, 0);
  write_string(key);
  out_.push_back(':');
  write(value);
  path_.pop_back();
}

void CanonicalWriter::check_key(const std::string& key) {
  if (profile_ == Profile::kJcs) {
    if (!is_utf8(key)) fail("a key is not valid UTF-8");
    return;
  }
  if (key.empty() || !std::all_of(key.begin(), key.end(), is_plain_key_character)) {
    fail("a key is not of the form [A-Za-z0-9_.:-]+");
  }
}

void CanonicalWriter::enter() {
  const std::size_t limit = profile_ == Profile::kStrict ? kStrictDepth : kJcsDepth;
  if (path_.size() >= limit) fail("nesting is deeper than " + std::to_string(limit));
}

void CanonicalWriter::fail(const std::string& reason) const {
  std::string pointer;
  for (const auto& [key, index] : path_) {
    append_pointer_segment(pointer, key != nullptr ? *key : std::to_string(index));
  }
  throw Error(ErrorCode::kMalformed, describe_pointer(pointer) + ": " + reason);
}

}  // namespace mlprov::json
