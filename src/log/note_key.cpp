#include <algorithm>
#include <array>

#include "log/note_text.h"
#include "mlprov/digest/hasher.h"
#include "mlprov/log/note.h"
#include "mlprov/support/error.h"
#include "mlprov/support/hex.h"

namespace mlprov {
namespace {

constexpr std::uint8_t kEd25519Type = 1;
constexpr std::size_t kKeySize = 32;
constexpr std::string_view kSecretPrefix = "PRIVATE+KEY+";

/// First four bytes of SHA-256 over name, newline, type and public key.
std::uint32_t key_id(std::string_view name, const Ed25519PublicKey& key) {
  constexpr std::array<std::uint8_t, 2> kSeparator = {'\n', kEd25519Type};
  const Digest32 digest = digest32(Algorithm::kSha256, {as_bytes(name), kSeparator, key});
  return log::load_be32(digest);
}

std::string id_hex(std::uint32_t id) { return to_hex(log::store_be32(id)); }

/// Type byte and 32 bytes of key, as both text forms carry them.
std::string encode_key(ByteView key) {
  SecretBytes typed(1 + key.size());
  typed.span()[0] = kEd25519Type;
  std::copy(key.begin(), key.end(), typed.span().begin() + 1);
  return to_base64(typed.view());
}

/// `<name>+<8 hex id>+<base64>` taken apart; the id is not compared yet.
struct KeyText {
  std::string name;
  std::string id;
  SecretBytes typed_key;

  ByteView key() const { return typed_key.view().subspan(1); }
};

KeyText split_key(std::string_view text, const std::string& what) {
  const auto refuse = [&](const char* why) {
    return Error(ErrorCode::kMalformed, "this is not " + what + ": " + why);
  };
  // Neither a name nor an id holds a plus; base64 may.
  const std::size_t first = text.find('+');
  const std::size_t second = first == text.npos ? first : text.find('+', first + 1);
  if (second == text.npos) throw refuse("it does not read name+id+key");
  KeyText parts;
  parts.name = text.substr(0, first);
  parts.id = text.substr(first + 1, second - first - 1);
  if (!log::is_note_name(parts.name)) throw refuse("its name is empty or holds a space");
  auto key = from_base64(text.substr(second + 1));
  if (!key || key->size() != 1 + kKeySize || (*key)[0] != kEd25519Type) {
    throw refuse("its key is not an Ed25519 key in base64");
  }
  parts.typed_key = SecretBytes(std::move(*key));
  return parts;
}

}  // namespace

NoteVerifier NoteVerifier::parse(std::string_view text) {
  const KeyText parts = split_key(text, "a log's verifier key");
  Ed25519PublicKey key;
  std::copy(parts.key().begin(), parts.key().end(), key.begin());
  NoteVerifier verifier = from_key(parts.name, key);
  if (parts.id != id_hex(verifier.id)) {
    throw Error(ErrorCode::kMalformed,
                "this is not a log's verifier key: its id is not that of its name and key");
  }
  return verifier;
}

NoteVerifier NoteVerifier::from_key(std::string name, const Ed25519PublicKey& key) {
  if (!log::is_note_name(name)) {
    throw Error(ErrorCode::kUsage,
                "a log's name is UTF-8 without spaces, '+' or control "
                "characters, e.g. example.com/log");
  }
  const std::uint32_t id = key_id(name, key);
  return {std::move(name), id, key};
}

std::string NoteVerifier::to_string() const {
  return name + "+" + id_hex(id) + "+" + encode_key(key);
}

NoteSigner NoteSigner::generate(std::string name) {
  Ed25519Key key = Ed25519Key::generate();
  NoteVerifier verifier = NoteVerifier::from_key(std::move(name), key.public_key());
  return {std::move(verifier), std::move(key)};
}

NoteSigner NoteSigner::parse(std::string_view text) {
  if (!text.starts_with(kSecretPrefix)) {
    throw Error(ErrorCode::kMalformed,
                "this is not a log's signing key: it does not begin with PRIVATE+KEY+");
  }
  const KeyText parts = split_key(text.substr(kSecretPrefix.size()), "a log's signing key");
  Ed25519Key key = Ed25519Key::from_seed(parts.key());
  NoteVerifier verifier = NoteVerifier::from_key(parts.name, key.public_key());
  if (parts.id != id_hex(verifier.id)) {
    throw Error(ErrorCode::kMalformed,
                "this is not a log's signing key: its id is not that of its name and key");
  }
  return {std::move(verifier), std::move(key)};
}

std::string NoteSigner::to_secret_string() const {
  return std::string(kSecretPrefix) + verifier.name + "+" + id_hex(verifier.id) + "+" +
         encode_key(key.seed());
}

}  // namespace mlprov
