#include "mlprov/identity/key.h"

#include <secp256k1_recovery.h>

#include <algorithm>

#include "identity/secp256k1_context.h"
#include "mlprov/digest/hasher.h"
#include "mlprov/support/error.h"
#include "mlprov/support/random.h"

namespace mlprov {
namespace {

constexpr std::size_t kSecretSize = 32;
constexpr std::uint8_t kFirstV = 27;

Address address_of(const secp256k1_pubkey& key) {
  std::array<std::uint8_t, 65> point;
  std::size_t size = point.size();
  secp256k1_ec_pubkey_serialize(secp256k1_shared_context(), point.data(), &size, &key,
                                SECP256K1_EC_UNCOMPRESSED);
  const Digest32 digest = digest32(Algorithm::kKeccak256, ByteView(point).subspan(1));
  Address address;
  std::copy(digest.begin() + 12, digest.end(), address.bytes.begin());
  return address;
}

bool has_low_s(const secp256k1_ecdsa_recoverable_signature& signature) {
  secp256k1_ecdsa_signature plain;
  secp256k1_ecdsa_recoverable_signature_convert(secp256k1_shared_context(), &plain, &signature);
  return secp256k1_ecdsa_signature_normalize(secp256k1_shared_context(), nullptr, &plain) == 0;
}

}  // namespace

PrivateKey::PrivateKey(SecretBytes secret, Address address)
    : secret_(std::move(secret)), address_(address) {}

PrivateKey PrivateKey::generate() {
  SecretBytes secret(kSecretSize);
  do {
    fill_random(secret.span());
  } while (secp256k1_ec_seckey_verify(secp256k1_shared_context(), secret.view().data()) != 1);
  return from_bytes(secret.view());
}

PrivateKey PrivateKey::from_bytes(ByteView secret32) {
  secp256k1_pubkey key;
  if (secret32.size() != kSecretSize ||
      secp256k1_ec_pubkey_create(secp256k1_shared_context(), &key, secret32.data()) != 1) {
    throw Error(ErrorCode::kCrypto,
                "a secp256k1 private key is 32 bytes between 1 and the order of the curve; the "
                "bytes given are not");
  }
  return {SecretBytes(Bytes(secret32.begin(), secret32.end())), address_of(key)};
}

Signature65 PrivateKey::sign(const Digest32& digest) const {
  if (secret_.size() != kSecretSize) {
    throw Error(ErrorCode::kInternal, "a private key was used after it had been moved away");
  }
  secp256k1_ecdsa_recoverable_signature signature;
  if (secp256k1_ecdsa_sign_recoverable(secp256k1_shared_context(), &signature, digest.data(),
                                       secret_.view().data(), secp256k1_nonce_function_rfc6979,
                                       nullptr) != 1) {
    throw Error(ErrorCode::kCrypto, "libsecp256k1 could not sign");
  }
  Signature65 out;
  int recovery_id = 0;
  secp256k1_ecdsa_recoverable_signature_serialize_compact(secp256k1_shared_context(), out.data(),
                                                          &recovery_id, &signature);
  // 2 and 3 mean that r overflowed the order: chance 2^-127, and no wallet can spell it.
  if (recovery_id > 1) throw Error(ErrorCode::kCrypto, "the signature has no form with v 27 or 28");
  out[64] = static_cast<std::uint8_t>(kFirstV + recovery_id);
  return out;
}

std::optional<Address> recover_signer(const Digest32& digest, const Signature65& signature) {
  const int recovery_id = signature[64] - kFirstV;
  if (recovery_id != 0 && recovery_id != 1) return std::nullopt;
  secp256k1_ecdsa_recoverable_signature parsed;
  if (secp256k1_ecdsa_recoverable_signature_parse_compact(secp256k1_shared_context(), &parsed,
                                                          signature.data(), recovery_id) != 1 ||
      !has_low_s(parsed)) {
    return std::nullopt;
  }
  secp256k1_pubkey key;
  if (secp256k1_ecdsa_recover(secp256k1_shared_context(), &key, &parsed, digest.data()) != 1) {
    return std::nullopt;
  }
  return address_of(key);
}

}  // namespace mlprov
