#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "mlprov/support/bytes.h"

namespace mlprov {

/// The sponge with 256 bits of output over Keccak-f[1600] (FIPS 202 section 3), rate 136 bytes.
/// Serves Keccak-256 where OpenSSL is older than 3.2; no allocation. Not thread-safe.
class Keccak256 {
 public:
  /// The byte that starts the padding: 0x01 of the original Keccak (Ethereum's), 0x06 of SHA3-256.
  static constexpr std::uint8_t kOriginalPadding = 0x01;
  static constexpr std::uint8_t kSha3Padding = 0x06;

  explicit Keccak256(std::uint8_t padding = kOriginalPadding) noexcept : padding_(padding) {}

  void update(ByteView bytes) noexcept;

  /// Gives the digest and starts anew.
  Digest32 finish() noexcept;

 private:
  static constexpr std::size_t kRate = 136;

  void absorb_byte(std::uint8_t byte) noexcept;
  void absorb_block(const std::uint8_t* block) noexcept;

  std::array<std::uint64_t, 25> lanes_{};  // lane (x, y) at x + 5 y
  std::size_t filled_ = 0;                 // bytes xored into the current block
  std::uint8_t padding_;
};

}  // namespace mlprov
