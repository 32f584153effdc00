#pragma once

#include <blake3.h>

#include "mlprov/support/bytes.h"

#ifndef BLAKE3_USE_TBB
#error "BLAKE3 must be built with oneTBB: see cmake/Blake3.cmake"
#endif

namespace mlprov {

/// From this many bytes in one call the official library's threads pay (its README: 128 KiB).
inline constexpr std::size_t kBlake3ThreadedBytes = std::size_t{128} << 10;

/// BLAKE3 by the official C library, on the stack. Not thread-safe.
class Blake3State {
 public:
  Blake3State() noexcept { blake3_hasher_init(&hasher_); }

  /// Appends bytes, with threads for a large piece.
  void update(ByteView bytes);

  /// Gives the digest and starts anew.
  Digest32 finish() noexcept;

 private:
  blake3_hasher hasher_;
};

}  // namespace mlprov
