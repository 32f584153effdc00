#pragma once

#include "mlprov/support/bytes.h"

namespace mlprov::testing {

/// The input of BLAKE3's official vectors: 0, 1, ... 250, 0, ...; the period is prime, so that
/// blocks in a wrong order show.
inline Bytes pattern(std::size_t size) {
  Bytes bytes(size);
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::uint8_t>(i % 251);
  return bytes;
}

/// Lengths around the edges of every block (64, 128, 136), chunk and subtree, and of the switch
/// to threads.
inline constexpr std::size_t kEdgeSizes[] = {
    0,    1,     2,     31,    32,     33,     55,     56,     63,      64,     65,   71,
    72,   111,   112,   127,   128,    129,    135,    136,    137,     271,    272,  273,
    1023, 1024,  1025,  2047,  2048,   2049,   3072,   3073,   4095,    4096,   4097, 8192,
    8193, 16384, 31744, 31745, 102400, 131071, 131072, 131073, 1048575, 1048577};

}  // namespace mlprov::testing
