#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace mlprov {

using Json = nlohmann::json;

/// Bounds on JSON from outside. Memory stays within a small multiple of them.
struct JsonLimits {
  std::size_t max_bytes = std::size_t{256} << 20;
  std::size_t max_depth = 32;          ///< Nested arrays and objects.
  std::size_t max_values = 4'000'000;  ///< Values, keys not counted.
};

/// Any JSON value in the form of RFC 8785 (JCS): keys by UTF-16 code units, numbers as
/// ECMAScript prints them. Throws `kMalformed`, naming the JSON pointer, for NaN, infinity, an
/// integer that no double holds, invalid UTF-8 (a lone surrogate is), nesting over 1000.
std::string to_jcs(const Json& value);

/// The canonical form that every mlprov document has: RFC 8785 restricted to integers within
/// +-(2^53 - 1) and keys of `[A-Za-z0-9_.:-]+`, nesting at most 32 (docs/format.md).
/// Throws `kMalformed`, naming the JSON pointer, for anything outside that profile.
std::string to_canonical(const Json& value);

/// Parses a canonical document; the inverse of `to_canonical`. Throws `kMalformed` (with the
/// byte offset or JSON pointer) unless `to_canonical(result) == text`: white space, another
/// order, duplicate keys, other escapes, a BOM or a trailing newline are refused. `kTooLarge`
/// over a limit.
Json parse_canonical(std::string_view text, const JsonLimits& limits = {});

/// Parses ordinary JSON as people write it (RFC 8259), with the same limits. Duplicate keys,
/// invalid UTF-8 and numbers that overflow a double are refused (`kMalformed`).
Json parse_json(std::string_view text, const JsonLimits& limits = {});

/// A measured double as it stands in records: `{"bits":"<16 hex of the IEEE-754 double>"}`,
/// big-endian. NaN and infinity are as good as any value.
Json to_bits(double value);

/// Reads the above; throws `kMalformed` for any other shape.
double from_bits(const Json& value);

}  // namespace mlprov
