#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mlprov/identity/ed25519.h"

namespace mlprov {

/// A signed-note verifier key (C2SP signed-note): `<name>+<8 hex id>+<base64(0x01 || key)>`.
struct NoteVerifier {
  std::string name;
  std::uint32_t id = 0;
  Ed25519PublicKey key{};

  /// Throws `kMalformed` for a bad name or algorithm, or an id that is not that of name and key.
  static NoteVerifier parse(std::string_view text);
  /// Throws `kUsage` for a name that is empty or has spaces, plus or control characters.
  static NoteVerifier from_key(std::string name, const Ed25519PublicKey& key);
  std::string to_string() const;
  friend bool operator==(const NoteVerifier&, const NoteVerifier&) = default;
};

/// A signer and its secret text form `PRIVATE+KEY+<name>+<id>+<base64(0x01 || seed)>`.
struct NoteSigner {
  NoteVerifier verifier;
  Ed25519Key key;

  static NoteSigner generate(std::string name);
  /// Throws `kMalformed`; no message holds any part of the text.
  static NoteSigner parse(std::string_view text);
  std::string to_secret_string() const;
};

/// One signature line: `— <name> <base64(id || signature)>`.
struct NoteSignature {
  std::string name;
  std::uint32_t id = 0;
  Bytes signature;
};

/// A note taken apart: the text that is signed (it ends with a newline) and its lines. Parsing
/// checks the shape, not the signatures.
struct Note {
  std::string text;
  std::vector<NoteSignature> signatures;

  /// Throws `kMalformed`: size over 1 MB, no blank line, control characters, over 100 signatures,
  /// a line that is not exactly as above, base64 that is not the one spelling of its bytes.
  static Note parse(std::string_view note);
  std::string to_string() const;

  /// True when a line of this verifier is there and holds; throws `kCrypto` when a line with the
  /// verifier's name and id is there and does not hold.
  bool verified_by(const NoteVerifier& verifier) const;
};

/// Signs a text. Throws `kUsage` unless it is UTF-8, ends with a newline and has no other control
/// characters.
Note sign_note(std::string text, const NoteSigner& signer);

}  // namespace mlprov
