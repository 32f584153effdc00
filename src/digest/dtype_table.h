#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace mlprov {

struct DtypeRow {
  std::string_view name;
  std::uint32_t bits;
};

/// The dtypes of safetensors 0.8 in its own order, by which its writer lays tensors out: the
/// last come first in a file. Changing it would only change files, not digests of tensors.
std::span<const DtypeRow> safetensors_dtypes() noexcept;

/// The row's place in that order; -1 for a name that safetensors lacks.
int safetensors_dtype_rank(std::string_view name) noexcept;

}  // namespace mlprov
