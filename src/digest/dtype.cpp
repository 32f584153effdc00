#include "mlprov/digest/dtype.h"

#include <algorithm>

#include "digest/dtype_table.h"

namespace mlprov {
namespace {

constexpr DtypeRow kSafetensors[] = {
    {"BOOL", 8},        {"F4", 4},      {"F6_E2M3", 6}, {"F6_E3M2", 6}, {"U8", 8},
    {"I8", 8},          {"F8_E5M2", 8}, {"F8_E4M3", 8}, {"F8_E8M0", 8}, {"F8_E4M3FNUZ", 8},
    {"F8_E5M2FNUZ", 8}, {"I16", 16},    {"U16", 16},    {"F16", 16},    {"BF16", 16},
    {"I32", 32},        {"U32", 32},    {"F32", 32},    {"C64", 64},    {"F64", 64},
    {"I64", 64},        {"U64", 64},
};

constexpr DtypeRow kTorch[] = {
    {"torch:complex32", 32}, {"torch:complex128", 128}, {"torch:qint8", 8},    {"torch:quint8", 8},
    {"torch:qint32", 32},    {"torch:quint4x2", 4},     {"torch:quint2x4", 2}, {"torch:bits8", 8},
    {"torch:bits1x8", 8},    {"torch:bits2x4", 8},      {"torch:bits4x2", 8},  {"torch:bits16", 16},
    {"torch:int1", 8},       {"torch:int2", 8},         {"torch:int3", 8},     {"torch:int4", 8},
    {"torch:int5", 8},       {"torch:int6", 8},         {"torch:int7", 8},     {"torch:uint1", 8},
    {"torch:uint2", 8},      {"torch:uint3", 8},        {"torch:uint4", 8},    {"torch:uint5", 8},
    {"torch:uint6", 8},      {"torch:uint7", 8},
};

const DtypeRow* find(std::span<const DtypeRow> rows, std::string_view name) noexcept {
  const auto found = std::ranges::find(rows, name, &DtypeRow::name);
  return found == rows.end() ? nullptr : &*found;
}

constexpr std::uint64_t kMaxBytes = (std::uint64_t{1} << 53) - 1;
constexpr std::uint64_t kMaxBits = kMaxBytes * 8;

}  // namespace

std::span<const DtypeRow> safetensors_dtypes() noexcept { return kSafetensors; }

int safetensors_dtype_rank(std::string_view name) noexcept {
  const DtypeRow* const row = find(kSafetensors, name);
  return row == nullptr ? -1 : static_cast<int>(row - kSafetensors);
}

bool is_dtype(std::string_view name) noexcept { return dtype_bits(name).has_value(); }

bool is_safetensors_dtype(std::string_view name) noexcept {
  return find(kSafetensors, name) != nullptr;
}

std::optional<std::uint32_t> dtype_bits(std::string_view name) noexcept {
  if (const DtypeRow* const row = find(kSafetensors, name)) return row->bits;
  if (const DtypeRow* const row = find(kTorch, name)) return row->bits;
  return std::nullopt;
}

std::optional<std::uint64_t> tensor_size_bytes(std::string_view dtype,
                                               std::span<const std::uint64_t> shape) noexcept {
  const auto bits = dtype_bits(dtype);
  if (!bits) return std::nullopt;
  if (std::ranges::find(shape, std::uint64_t{0}) != shape.end()) return 0;
  std::uint64_t total = *bits;
  for (const std::uint64_t extent : shape) {
    if (extent > kMaxBits / total) return std::nullopt;
    total *= extent;
  }
  return (total + 7) / 8;
}

}  // namespace mlprov
