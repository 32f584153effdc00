#pragma once

#include <string>
#include <string_view>

#include "mlprov/identity/key.h"
#include "mlprov/json/canonical.h"

namespace mlprov {

/// The payload type of every statement.
inline constexpr std::string_view kInTotoPayloadType = "application/vnd.in-toto+json";

/// A DSSE envelope (github.com/secure-systems-lab/dsse v1.0.2) with exactly one secp256k1
/// signature over SHA-256 of the pre-authentication encoding.
struct DsseEnvelope {
  std::string payload;  ///< The bytes that were signed, decoded.
  std::string payload_type{kInTotoPayloadType};
  Address signer;  ///< `keyid`; equals the address that the signature recovers to.
  Signature65 signature{};
};

/// `"DSSEv1" SP len(type) SP type SP len(payload) SP payload`.
std::string dsse_pae(std::string_view payload_type, std::string_view payload);

DsseEnvelope dsse_sign(const PrivateKey& key, std::string payload);

/// Shape checked, signature verified: throws `kMalformed` for closed keys, base64, payload type
/// or number of signatures, `kCrypto` when the signature does not recover to `keyid`.
DsseEnvelope dsse_from_json(const Json& value);

/// The two halves of it, for a reader that checks the shape of a whole document before any
/// signature: `kMalformed` from the first, `kCrypto` from the second.
DsseEnvelope dsse_parse(const Json& value);
void dsse_verify(const DsseEnvelope& envelope);

Json dsse_to_json(const DsseEnvelope& envelope);

}  // namespace mlprov
