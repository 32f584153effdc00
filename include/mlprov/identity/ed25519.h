#pragma once

#include <array>
#include <string>
#include <string_view>

#include "mlprov/support/bytes.h"
#include "mlprov/support/secret.h"

namespace mlprov {

using Ed25519PublicKey = std::array<std::uint8_t, 32>;
using Ed25519Signature = std::array<std::uint8_t, 64>;

/// An Ed25519 signing key (RFC 8032), wiped on destruction; made for a log's notes.
class Ed25519Key {
 public:
  static Ed25519Key generate();
  /// Throws `kCrypto` unless `seed` has 32 bytes.
  static Ed25519Key from_seed(ByteView seed);

  const Ed25519PublicKey& public_key() const noexcept { return public_; }
  ByteView seed() const noexcept { return seed_.view(); }
  Ed25519Signature sign(ByteView message) const;

 private:
  explicit Ed25519Key(SecretBytes seed);

  SecretBytes seed_;
  Ed25519PublicKey public_{};
};

bool ed25519_verify(const Ed25519PublicKey& key, ByteView message,
                    const Ed25519Signature& signature);

}  // namespace mlprov
