#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace mlprov {

// The names that a tensor entry's `dtype` may have, with the bits of one element. Part of the
// format: a name never changes its meaning, and a version of the format never gets new names.
//
//   safetensors 0.8   BOOL U8 I8 F8_E5M2 F8_E4M3 F8_E8M0 F8_E4M3FNUZ F8_E5M2FNUZ             8
//                     I16 U16 F16 BF16                                                      16
//                     I32 U32 F32                                                           32
//                     I64 U64 F64 C64 (two 32-bit floats)                                   64
//                     F4                                                                     4
//                     F6_E2M3 F6_E3M2                                                        6
//   torch: + the dtype's name in Python, for what safetensors lacks
//                     complex32 32, complex128 128,
//                     qint8 quint8 8, qint32 32, quint4x2 4, quint2x4 2 (integer representation),
//                     bits8 bits1x8 bits2x4 bits4x2 8, bits16 16 (one tensor element each),
//                     int1 ... int7, uint1 ... uint7 8 (LibTorch stores each in a byte)

/// True when `name` is one of the above, exactly. Thread-safe, as all here.
bool is_dtype(std::string_view name) noexcept;

/// True for those that a safetensors file may hold.
bool is_safetensors_dtype(std::string_view name) noexcept;

/// Bits of one element; nothing for an unknown name. Elements below a byte are packed without
/// padding between rows.
std::optional<std::uint32_t> dtype_bits(std::string_view name) noexcept;

/// Bytes of a dense tensor: the product of `shape` times the bits, rounded up to whole bytes. A
/// zero anywhere makes it 0, no dimension at all one element. Nothing for an unknown name or for
/// more than 2^53 - 1 bytes.
std::optional<std::uint64_t> tensor_size_bytes(std::string_view dtype,
                                               std::span<const std::uint64_t> shape) noexcept;

}  // namespace mlprov
