#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mlprov {

/// The format's own limit on its header.
inline constexpr std::uint64_t kMaxSafetensorsHeader = 100'000'000;

/// The key of the one member of a header that is no tensor.
inline constexpr std::string_view kSafetensorsMetadataKey = "__metadata__";

/// What the header of a safetensors file says of one tensor.
struct SafetensorsInfo {
  std::string name;
  std::string dtype;
  std::vector<std::uint64_t> shape;
  std::uint64_t begin = 0;  ///< Offsets into the data behind the header.
  std::uint64_t end = 0;
};

struct SafetensorsHeader {
  std::vector<SafetensorsInfo> tensors;  ///< By offset, ties in the order of the header.
  std::map<std::string, std::string> metadata;
};

/// Bytes of a tensor as the original counts them: nothing when the product overflows 64 bits on
/// the way, from the first dimension on, or does not end at a whole byte.
std::optional<std::uint64_t> safetensors_size_bytes(std::string_view dtype,
                                                    std::span<const std::uint64_t> shape) noexcept;

/// Parses the JSON of a header in one pass without a tree of values, and checks the tensors: known
/// dtype, shape against offsets, no gap, no overlap, from 0 to `data_bytes`. As strict as the
/// Rust crate `safetensors` 0.8, and stricter in refusing unknown and duplicate keys and more
/// than 1,024 dimensions. Throws `kMalformed`.
SafetensorsHeader parse_safetensors_header(std::string_view json, std::uint64_t data_bytes);

}  // namespace mlprov
