#pragma once

#include "mlprov/support/bytes.h"

namespace mlprov {

/// Fills `out` from the operating system's generator (OpenSSL RAND_bytes). Never moves any
/// generator of the program or of LibTorch. Throws `kCrypto` when the system has none.
void fill_random(std::span<std::uint8_t> out);

}  // namespace mlprov
