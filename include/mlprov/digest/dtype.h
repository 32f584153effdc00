#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace mlprov {

/// True when `name` is a dtype that an entry may carry: a safetensors name (`F32`, `BF16`, ...)
/// or one of the listed `torch:` names for dtypes that safetensors lacks (docs/format.md).
bool is_dtype(std::string_view name) noexcept;

/// Bits of one element; nothing for an unknown name. Sub-byte types pack rows without padding.
std::optional<std::uint32_t> dtype_bits(std::string_view name) noexcept;

}  // namespace mlprov
