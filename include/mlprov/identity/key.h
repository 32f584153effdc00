#pragma once

#include <array>
#include <compare>
#include <optional>
#include <string>
#include <string_view>

#include "mlprov/support/bytes.h"
#include "mlprov/support/secret.h"

namespace mlprov {

/// An Ethereum address: the last 20 bytes of Keccak-256 of the public key.
struct Address {
  std::array<std::uint8_t, 20> bytes{};

  friend auto operator<=>(const Address&, const Address&) = default;
};

/// `0x` and 40 lower-case hex characters: the form in every document.
std::string to_string(const Address& address);
/// The mixed-case form of EIP-55, for people.
std::string to_checksum_string(const Address& address);
/// Reads exactly the lower-case form; for documents.
std::optional<Address> address_from_canonical(std::string_view text);
/// Reads lower case, upper case or a valid EIP-55 mix; for what people type. Throws `kUsage` with
/// the reason (a wrong EIP-55 checksum is named).
Address parse_address(std::string_view text);

/// A recoverable secp256k1 signature, r || s || v: 65 bytes, s in the lower half, v 27 or 28.
using Signature65 = std::array<std::uint8_t, 65>;

/// A secp256k1 private key, wiped on destruction. Signing is deterministic (RFC 6979). Thread-safe
/// for signing.
class PrivateKey {
 public:
  /// A fresh key from the operating system's randomness.
  static PrivateKey generate();
  /// Throws `kCrypto` unless the 32 bytes are a number in [1, n-1].
  static PrivateKey from_bytes(ByteView secret32);

  const Address& address() const noexcept { return address_; }
  Signature65 sign(const Digest32& digest) const;
  /// The 32 secret bytes, for keystores only.
  ByteView secret() const noexcept { return secret_.view(); }

 private:
  PrivateKey(SecretBytes secret, Address address);

  SecretBytes secret_;
  Address address_;
};

/// The signer of a digest; nothing for v outside {27, 28}, s in the upper half, r or s out of
/// range, or a signature that recovers to no point.
std::optional<Address> recover_signer(const Digest32& digest, const Signature65& signature);

}  // namespace mlprov
