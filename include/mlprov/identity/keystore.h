#pragma once

#include <string>
#include <string_view>

#include "mlprov/identity/key.h"

namespace mlprov {

/// Work factor of the scrypt that protects a new keystore.
enum class KeystoreCost {
  kStandard,  ///< n = 2^18: 256 MiB of memory, about a second. geth's default.
  kLight,     ///< n = 2^12: for tests and machines with little memory.
};

/// A web3 secret storage v3 document (JSON text) that geth and eth-account open.
std::string encrypt_keystore(const PrivateKey& key, std::string_view password,
                             KeystoreCost cost = KeystoreCost::kStandard);

/// Opens such a document: scrypt or pbkdf2-hmac-sha256, `crypto` or `Crypto`, address optional.
/// Throws `kMalformed` for the document, `kTooLarge` for work factors over 1 GiB or 10 million
/// rounds, `kCrypto` for a wrong password or an address that is not the key's.
PrivateKey decrypt_keystore(std::string_view document, std::string_view password);

}  // namespace mlprov
