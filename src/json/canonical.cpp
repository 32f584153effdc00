#include "mlprov/json/canonical.h"

#include <algorithm>
#include <bit>
#include <cstdint>

#include "json/parser.h"
#include "json/writer.h"
#include "mlprov/support/error.h"

namespace mlprov {
namespace {

/// Writes a value only to compare it, so that a large document is never held twice as text.
class ComparingWriter : public json::CanonicalWriter {
 public:
  explicit ComparingWriter(std::string_view expected)
      : CanonicalWriter(json::Profile::kStrict), expected_(expected) {}

  /// The first byte where the text is not what `value` is written as; its size when it is.
  std::size_t first_difference(const Json& value) {
    write(value);
    compare();
    return at_;
  }

 private:
  void flush() override {
    if (out_.size() > kPiece) compare();
  }

  void compare() {
    if (differs_) return out_.clear();
    const std::string_view rest = expected_.substr(at_, out_.size());
    const auto same = std::mismatch(rest.begin(), rest.end(), out_.begin()).first;
    at_ += static_cast<std::size_t>(same - rest.begin());
    differs_ = same != rest.end() || rest.size() < out_.size();
    out_.clear();
  }

  static constexpr std::size_t kPiece = std::size_t{1} << 16;
  std::string_view expected_;
  std::size_t at_ = 0;
  bool differs_ = false;
};

std::string write_all(const Json& value, json::Profile profile) {
  json::CanonicalWriter writer(profile);
  writer.write(value);
  return writer.take();
}

constexpr std::size_t kBitsDigits = 16;

std::uint64_t parse_bits(const std::string& hex) {
  std::uint64_t bits = 0;
  for (const char c : hex) {
    const bool is_digit = c >= '0' && c <= '9';
    if (!is_digit && !(c >= 'a' && c <= 'f')) {
      throw Error(ErrorCode::kMalformed, "`bits` of a float is not lower-case hex");
    }
    bits = bits << 4 | static_cast<std::uint64_t>(is_digit ? c - '0' : c - 'a' + 10);
  }
  return bits;
}

}  // namespace

std::string to_jcs(const Json& value) { return write_all(value, json::Profile::kJcs); }

std::string to_canonical(const Json& value) { return write_all(value, json::Profile::kStrict); }

Json parse_canonical(std::string_view text, const JsonLimits& limits) {
  Json value = json::parse_bounded(text, limits);
  const std::size_t same = ComparingWriter(text).first_difference(value);
  if (same != text.size()) {
    throw Error(ErrorCode::kMalformed,
                "JSON is not in canonical form from byte " + std::to_string(same) + " on");
  }
  return value;
}

Json parse_json(std::string_view text, const JsonLimits& limits) {
  return json::parse_bounded(text, limits);
}

Json to_bits(double value) {
  static constexpr char kDigits[] = "0123456789abcdef";
  auto bits = std::bit_cast<std::uint64_t>(value);
  std::string hex(kBitsDigits, '0');
  for (auto digit = hex.rbegin(); digit != hex.rend(); ++digit, bits >>= 4) {
    *digit = kDigits[bits & 15];
  }
  return {{"bits", std::move(hex)}};
}

double from_bits(const Json& value) {
  const auto bits = value.is_object() ? value.find("bits") : value.end();
  if (bits == value.end() || value.size() != 1 || !bits->is_string() ||
      bits->get_ref<const std::string&>().size() != kBitsDigits) {
    throw Error(ErrorCode::kMalformed, R"(a float must be written {"bits":"<16 hex>"})");
  }
  return std::bit_cast<double>(parse_bits(bits->get_ref<const std::string&>()));
}

}  // namespace mlprov
