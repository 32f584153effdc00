#include "digest/keccak.h"

#include <algorithm>
#include <bit>

namespace mlprov {
namespace {

using Lanes = std::array<std::uint64_t, 25>;

// FIPS 202 section 3.2.5, written out.
constexpr std::array<std::uint64_t, 24> kRoundConstants = {
    0x0000000000000001, 0x0000000000008082, 0x800000000000808a, 0x8000000080008000,
    0x000000000000808b, 0x0000000080000001, 0x8000000080008081, 0x8000000000008009,
    0x000000000000008a, 0x0000000000000088, 0x0000000080008009, 0x000000008000000a,
    0x000000008000808b, 0x800000000000008b, 0x8000000000008089, 0x8000000000008003,
    0x8000000000008002, 0x8000000000000080, 0x000000000000800a, 0x800000008000000a,
    0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008};

struct Move {
  std::size_t from, to;
  int rotation;
};

// Rho and pi together: the walk (x, y) -> (y, 2x + 3y) of FIPS 202 section 3.2.2, with its
// triangular rotations.
constexpr std::array<Move, 24> kMoves = [] {
  std::array<Move, 24> moves{};
  std::size_t x = 1, y = 0;
  for (int t = 0; t < 24; ++t) {
    const std::size_t next_y = (2 * x + 3 * y) % 5;
    moves[static_cast<std::size_t>(t)] = {x + 5 * y, y + 5 * next_y, (t + 1) * (t + 2) / 2 % 64};
    x = y;
    y = next_y;
  }
  return moves;
}();

void theta(Lanes& a) noexcept {
  std::array<std::uint64_t, 5> parity;
  for (std::size_t x = 0; x < 5; ++x) {
    parity[x] = a[x] ^ a[x + 5] ^ a[x + 10] ^ a[x + 15] ^ a[x + 20];
  }
  for (std::size_t x = 0; x < 5; ++x) {
    const std::uint64_t mix = parity[(x + 4) % 5] ^ std::rotl(parity[(x + 1) % 5], 1);
    for (std::size_t y = 0; y < 25; y += 5) a[x + y] ^= mix;
  }
}

void rho_pi_chi(Lanes& a) noexcept {
  Lanes b;
  b[0] = a[0];
  for (const Move& move : kMoves) b[move.to] = std::rotl(a[move.from], move.rotation);
  for (std::size_t y = 0; y < 25; y += 5) {
    for (std::size_t x = 0; x < 5; ++x) {
      a[x + y] = b[x + y] ^ (~b[(x + 1) % 5 + y] & b[(x + 2) % 5 + y]);
    }
  }
}

void permute(Lanes& a) noexcept {
  for (const std::uint64_t constant : kRoundConstants) {
    theta(a);
    rho_pi_chi(a);
    a[0] ^= constant;
  }
}

std::uint64_t load_little_endian(const std::uint8_t* bytes) noexcept {
  std::uint64_t value = 0;
  for (int i = 7; i >= 0; --i) value = value << 8 | bytes[i];
  return value;
}

}  // namespace

void Keccak256::absorb_byte(std::uint8_t byte) noexcept {
  lanes_[filled_ / 8] ^= std::uint64_t{byte} << (filled_ % 8 * 8);
  if (++filled_ == kRate) {
    permute(lanes_);
    filled_ = 0;
  }
}

void Keccak256::absorb_block(const std::uint8_t* block) noexcept {
  for (std::size_t i = 0; i < kRate / 8; ++i) lanes_[i] ^= load_little_endian(block + 8 * i);
  permute(lanes_);
}

void Keccak256::update(ByteView bytes) noexcept {
  while (!bytes.empty()) {
    if (filled_ == 0 && bytes.size() >= kRate) {
      absorb_block(bytes.data());
      bytes = bytes.subspan(kRate);
    } else {
      absorb_byte(bytes.front());
      bytes = bytes.subspan(1);
    }
  }
}

Digest32 Keccak256::finish() noexcept {
  lanes_[filled_ / 8] ^= std::uint64_t{padding_} << (filled_ % 8 * 8);
  lanes_[(kRate - 1) / 8] ^= std::uint64_t{0x80} << 56;
  permute(lanes_);
  Digest32 digest;
  for (std::size_t i = 0; i < digest.size(); ++i) {
    digest[i] = static_cast<std::uint8_t>(lanes_[i / 8] >> (i % 8 * 8));
  }
  lanes_.fill(0);
  filled_ = 0;
  return digest;
}

}  // namespace mlprov
