#pragma once

#include <cstdint>
#include <optional>

#include "mlprov/merkle/entry.h"

namespace mlprov {

/// A JSON integer from 0 to 2^53 - 1; nothing for any other value.
inline std::optional<std::uint64_t> natural_from_json(const Json& value) {
  const bool natural =
      value.is_number_unsigned() || (value.is_number_integer() && value.get<std::int64_t>() >= 0);
  if (!natural) return std::nullopt;
  const auto number = value.get<std::uint64_t>();
  return number <= kMaxEntryInteger ? std::optional(number) : std::nullopt;
}

}  // namespace mlprov
