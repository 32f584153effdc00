#include "store/row_seal.h"

#include <algorithm>

#include "mlprov/support/error.h"

namespace mlprov::store {
namespace {

/// Starts with a text that no checkpoint's origin line can be, so that neither signature can pass
/// for the other.
std::string sealed_text(std::string_view table, std::string_view body) {
  std::string text = "mlprov store row v1\n\n";
  text.append(table).append("\n").append(body);
  return text;
}

}  // namespace

RowSeal::RowSeal(NoteVerifier verifier, std::shared_ptr<const NoteSigner> signer)
    : verifier_(std::move(verifier)), signer_(std::move(signer)) {}

Bytes RowSeal::sign(std::string_view table, std::string_view body) const {
  if (signer_ == nullptr) {
    throw Error(ErrorCode::kIo, "the store cannot be written without its log's key, log/log.key");
  }
  const Ed25519Signature signature = signer_->key.sign(as_bytes(sealed_text(table, body)));
  return {signature.begin(), signature.end()};
}

bool RowSeal::holds(std::string_view table, std::string_view body, ByteView seal) const {
  Ed25519Signature signature{};
  if (seal.size() != signature.size()) return false;
  std::copy(seal.begin(), seal.end(), signature.begin());
  return ed25519_verify(verifier_.key, as_bytes(sealed_text(table, body)), signature);
}

Json RowSeal::open(std::string_view table, std::string_view key, std::string_view body,
                   ByteView seal) const {
  if (!holds(table, body, seal)) {
    throw Error(ErrorCode::kMalformed, "the store's row `" + std::string(key) + "` in `" +
                                           std::string(table) +
                                           "` was altered by something else than mlprov");
  }
  return parse_canonical(body);
}

}  // namespace mlprov::store
