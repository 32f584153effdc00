#include "json/number.h"

#include <charconv>
#include <string_view>

namespace mlprov::json {
namespace {

/// value = 0.d1d2d3... * 10^point, with the fewest digits that read back as the same double.
struct Decimal {
  std::string digits;
  int point = 0;
};

Decimal shortest_decimal(double magnitude) {
  char text[40];
  const auto end =
      std::to_chars(text, text + sizeof text, magnitude, std::chars_format::scientific).ptr;
  const std::string_view scientific(text, static_cast<std::size_t>(end - text));
  const std::size_t e = scientific.find('e');
  Decimal decimal;
  for (const char c : scientific.substr(0, e)) {
    if (c != '.') decimal.digits.push_back(c);
  }
  // from_chars takes a minus but no plus.
  const std::size_t exponent_at = e + (scientific[e + 1] == '+' ? 2 : 1);
  std::from_chars(scientific.data() + exponent_at, end, decimal.point);
  ++decimal.point;
  return decimal;
}

void append_with_exponent(std::string& out, const Decimal& decimal) {
  out.push_back(decimal.digits[0]);
  if (decimal.digits.size() > 1) {
    out.push_back('.');
    out.append(decimal.digits, 1);
  }
  const int exponent = decimal.point - 1;
  out.append(exponent < 0 ? "e-" : "e+");
  out.append(std::to_string(exponent < 0 ? -exponent : exponent));
}

}  // namespace

void append_ecmascript_number(std::string& out, double value) {
  if (value == 0) {  // also for minus zero
    out.push_back('0');
    return;
  }
  if (value < 0) out.push_back('-');
  const Decimal decimal = shortest_decimal(value < 0 ? -value : value);
  const int count = static_cast<int>(decimal.digits.size());
  const auto point = static_cast<std::size_t>(decimal.point < 0 ? 0 : decimal.point);
  if (decimal.point > 21 || decimal.point < -5) {
    append_with_exponent(out, decimal);
  } else if (decimal.point <= 0) {
    out.append("0.").append(static_cast<std::size_t>(-decimal.point), '0').append(decimal.digits);
  } else if (count <= decimal.point) {
    out.append(decimal.digits).append(point - decimal.digits.size(), '0');
  } else {
    out.append(decimal.digits, 0, point).append(1, '.').append(decimal.digits, point);
  }
}

}  // namespace mlprov::json
