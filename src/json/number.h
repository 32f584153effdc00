#pragma once

#include <string>

namespace mlprov::json {

/// Largest integer that every JSON reader holds exactly: 2^53 - 1 (RFC 7493, section 2.2).
inline constexpr long long kMaxInteger = (1LL << 53) - 1;

/// Appends a finite double as ECMAScript's Number::toString(10) prints it (ECMA-262 section
/// 6.1.6.1.20, which RFC 8785 section 3.2.2.3 demands).
void append_ecmascript_number(std::string& out, double value);

}  // namespace mlprov::json
