#include "mlprov/identity/wallet.h"

#include <secp256k1.h>

#include <algorithm>

#include "identity/secp256k1_context.h"
#include "mlprov/digest/hasher.h"
#include "mlprov/support/error.h"
#include "mlprov/support/hex.h"

namespace mlprov {
namespace {

constexpr std::uint8_t kFirstV = 27;

[[noreturn]] void refuse(const std::string& why) {
  throw Error(ErrorCode::kMalformed, "this is not a wallet signature: " + why);
}

Signature65 decode(std::string_view text) {
  std::string hex(text.substr(std::min<std::size_t>(2, text.size())));
  for (char& c : hex) {
    if (c >= 'A' && c <= 'F') c = static_cast<char>(c - 'A' + 'a');
  }
  const auto bytes = from_hex(hex);
  Signature65 signature;
  if (!text.starts_with("0x") || !bytes || bytes->size() != signature.size()) {
    refuse("expected 0x and 130 hex characters");
  }
  std::copy(bytes->begin(), bytes->end(), signature.begin());
  return signature;
}

bool all_zero(ByteView bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](std::uint8_t b) { return b == 0; });
}

}  // namespace

Digest32 eip191_digest(std::string_view message) {
  const std::string prefix =
      "\x19"
      "Ethereum Signed Message:\n" +
      std::to_string(message.size());
  return digest32(Algorithm::kKeccak256, {as_bytes(prefix), as_bytes(message)});
}

std::string cosign_text(const Digest32& statement_sha256) {
  return "mlprov statement v1\nsha256:" + to_hex(statement_sha256) + "\n";
}

Signature65 cosign(const PrivateKey& key, const Digest32& statement_sha256) {
  return key.sign(eip191_digest(cosign_text(statement_sha256)));
}

Signature65 normalize_wallet_signature(std::string_view text) {
  Signature65 signature = decode(text);
  std::uint8_t& v = signature[64];
  if (v <= 1) v = static_cast<std::uint8_t>(v + kFirstV);
  if (v != kFirstV && v != kFirstV + 1) refuse("its last byte v must be 0, 1, 27 or 28");

  const secp256k1_context* const context = secp256k1_shared_context();
  secp256k1_ecdsa_signature parsed;
  if (all_zero(ByteView(signature).first(32)) || all_zero(ByteView(signature).subspan(32, 32)) ||
      secp256k1_ecdsa_signature_parse_compact(context, &parsed, signature.data()) != 1) {
    refuse("r and s must lie between 1 and the order of the curve");
  }
  // Negating s mirrors the point, so the parity bit in v turns over with it.
  if (secp256k1_ecdsa_signature_normalize(context, &parsed, &parsed) == 1) {
    v = static_cast<std::uint8_t>(2 * kFirstV + 1 - v);
  }
  secp256k1_ecdsa_signature_serialize_compact(context, signature.data(), &parsed);
  return signature;
}

std::string signature_to_hex(const Signature65& signature) { return "0x" + to_hex(signature); }

std::optional<Signature65> signature_from_hex(std::string_view text) {
  if (!text.starts_with("0x")) return std::nullopt;
  const auto bytes = from_hex(text.substr(2));
  Signature65 signature;
  if (!bytes || bytes->size() != signature.size()) return std::nullopt;
  std::copy(bytes->begin(), bytes->end(), signature.begin());
  return signature;
}

}  // namespace mlprov
