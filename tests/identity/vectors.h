#pragma once

#include <algorithm>
#include <string>
#include <string_view>

#include "mlprov/identity/key.h"
#include "mlprov/support/hex.h"

namespace mlprov::testing {

/// The key 0x4646...46 whose signatures other libraries published (EIP-155's example key).
inline PrivateKey example_key() { return PrivateKey::from_bytes(Bytes(32, 0x46)); }
inline constexpr std::string_view kExampleAddress = "0x9d8a62f656a8d1615c1294fd71e9cfb3e4855a4f";

/// Order of secp256k1, the first number that no r and no s may reach.
inline constexpr std::string_view kCurveOrder =
    "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141";

inline Signature65 signature_of(std::string_view hex130) {
  const Bytes bytes = from_hex(hex130).value();
  Signature65 signature;
  std::copy_n(bytes.begin(), signature.size(), signature.begin());
  return signature;
}

/// The other spelling of a signature, which every verifier of plain ECDSA takes for as good:
/// n - s, with v turned over.
inline Signature65 mirrored(const Signature65& signature) {
  const Bytes order = from_hex(kCurveOrder).value();
  Signature65 other = signature;
  int borrow = 0;
  for (std::size_t i = 32; i-- > 0;) {
    int digit = order[i] - signature[32 + i] - borrow;
    borrow = digit < 0 ? 1 : 0;
    other[32 + i] = static_cast<std::uint8_t>(digit + 256 * borrow);
  }
  other[64] = static_cast<std::uint8_t>(55 - signature[64]);
  return other;
}

}  // namespace mlprov::testing
