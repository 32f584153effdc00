#pragma once

#include <cstdint>
#include <string_view>
#include <variant>

#include "mlprov/support/bytes.h"
#include "mlprov/support/secret.h"

/// The cryptography of web3 secret storage v3, apart from its JSON.
namespace mlprov::keystore {

inline constexpr std::size_t kDerivedSize = 32;
inline constexpr std::size_t kIvSize = 16;

struct ScryptParameters {
  std::uint64_t n = 0;
  std::uint64_t r = 0;
  std::uint64_t p = 0;
};
struct Pbkdf2Parameters {
  std::uint64_t rounds = 0;
};
using KdfParameters = std::variant<ScryptParameters, Pbkdf2Parameters>;

/// Throws `kTooLarge` for a work factor over the limits that keystore.h states, `kMalformed` for
/// one that the function does not have.
void check_work(const KdfParameters& parameters);

/// The 32 bytes of which the first 16 encrypt and the last 16 authenticate. Checks the work first.
SecretBytes derive_key(std::string_view password, ByteView salt, const KdfParameters& parameters);

/// AES-128 in counter mode; its own inverse.
SecretBytes aes_128_ctr(ByteView derived, ByteView iv, ByteView input);

/// Keccak-256 over the last 16 derived bytes and the ciphertext.
Digest32 mac(ByteView derived, ByteView ciphertext);

}  // namespace mlprov::keystore
