#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "mlprov/support/bytes.h"

namespace mlprov::keystore {

/// scrypt (RFC 7914) without that RFC's bound n < 2^(16 r). OpenSSL enforces the bound, while the
/// test vector of web3 secret storage, and so every wallet, is beyond it (n = 2^18, r = 1).
/// Uses 128 * r * (n + p) bytes, wiped afterwards.
/// REQUIRES: n a power of two, r and p above 0, work and memory bounded by the caller.
/// Throws `kCrypto` when OpenSSL cannot run PBKDF2.
void scrypt(std::string_view password, ByteView salt, std::uint64_t n, std::uint64_t r,
            std::uint64_t p, std::span<std::uint8_t> out);

}  // namespace mlprov::keystore
