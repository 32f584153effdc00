#include "mlprov/identity/dsse.h"

#include <algorithm>
#include <initializer_list>

#include "mlprov/digest/hasher.h"
#include "mlprov/support/error.h"
#include "mlprov/support/hex.h"

namespace mlprov {
namespace {

[[noreturn]] void refuse(const std::string& why) {
  throw Error(ErrorCode::kMalformed, "DSSE envelope: " + why);
}

/// An object with exactly these keys.
void require_keys(const Json& value, const char* what, std::initializer_list<const char*> keys) {
  if (!value.is_object()) refuse(std::string(what) + " must be an object");
  for (const char* key : keys) {
    if (!value.contains(key)) refuse(std::string(what) + " lacks '" + key + "'");
  }
  if (value.size() != keys.size()) refuse(std::string(what) + " has a key that v1 does not know");
}

const std::string& text_at(const Json& object, const char* key) {
  const Json& value = object.at(key);
  if (!value.is_string()) refuse(std::string("'") + key + "' must be a string");
  return value.get_ref<const std::string&>();
}

Bytes base64_at(const Json& object, const char* key) {
  auto bytes = from_base64(text_at(object, key));
  if (!bytes) refuse(std::string("'") + key + "' is not standard padded base64");
  return std::move(*bytes);
}

Signature65 signature_at(const Json& entry) {
  const Bytes bytes = base64_at(entry, "sig");
  Signature65 signature;
  if (bytes.size() != signature.size()) refuse("'sig' must hold 65 bytes");
  std::copy(bytes.begin(), bytes.end(), signature.begin());
  return signature;
}

Digest32 signing_digest(std::string_view payload_type, std::string_view payload) {
  return digest32(Algorithm::kSha256, as_bytes(dsse_pae(payload_type, payload)));
}

}  // namespace

std::string dsse_pae(std::string_view payload_type, std::string_view payload) {
  std::string pae = "DSSEv1 " + std::to_string(payload_type.size()) + " ";
  pae.append(payload_type).append(" ").append(std::to_string(payload.size())).append(" ");
  return pae.append(payload);
}

DsseEnvelope dsse_sign(const PrivateKey& key, std::string payload) {
  DsseEnvelope envelope;
  envelope.signer = key.address();
  envelope.signature = key.sign(signing_digest(envelope.payload_type, payload));
  envelope.payload = std::move(payload);
  return envelope;
}

DsseEnvelope dsse_parse(const Json& value) {
  require_keys(value, "the envelope", {"payload", "payloadType", "signatures"});
  const Json& signatures = value.at("signatures");
  if (!signatures.is_array() || signatures.size() != 1) refuse("exactly one signature is expected");
  require_keys(signatures[0], "the signature", {"keyid", "sig"});
  if (text_at(value, "payloadType") != kInTotoPayloadType) {
    refuse("'payloadType' must be " + std::string(kInTotoPayloadType));
  }

  DsseEnvelope envelope;
  envelope.payload = as_text(base64_at(value, "payload"));
  const auto signer = address_from_canonical(text_at(signatures[0], "keyid"));
  if (!signer) refuse("'keyid' must be an address, 0x and 40 lower-case hex characters");
  envelope.signer = *signer;
  envelope.signature = signature_at(signatures[0]);
  return envelope;
}

void dsse_verify(const DsseEnvelope& envelope) {
  if (recover_signer(signing_digest(envelope.payload_type, envelope.payload), envelope.signature) !=
      envelope.signer) {
    throw Error(ErrorCode::kCrypto,
                "DSSE envelope: the signature is not one by " + to_string(envelope.signer));
  }
}

DsseEnvelope dsse_from_json(const Json& value) {
  DsseEnvelope envelope = dsse_parse(value);
  dsse_verify(envelope);
  return envelope;
}

Json dsse_to_json(const DsseEnvelope& envelope) {
  Json signature = {{"keyid", to_string(envelope.signer)}, {"sig", to_base64(envelope.signature)}};
  return {{"payload", to_base64(as_bytes(envelope.payload))},
          {"payloadType", envelope.payload_type},
          {"signatures", Json::array({std::move(signature)})}};
}

}  // namespace mlprov
