#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "mlprov/identity/key.h"

namespace mlprov {

/// Digest that a wallet signs for a text: EIP-191 version 0x45 ("personal_sign").
Digest32 eip191_digest(std::string_view message);

/// The text that a co-signer signs: `mlprov statement v1\nsha256:<hex>\n`.
std::string cosign_text(const Digest32& statement_sha256);

/// Signs as a wallet would.
Signature65 cosign(const PrivateKey& key, const Digest32& statement_sha256);

/// A wallet's signature as pasted: `0x` + 130 hex, v 0/1 or 27/28, s in either half; given back
/// in canonical form (v 27/28, low s). Throws `kMalformed`.
Signature65 normalize_wallet_signature(std::string_view text);

/// `0x` + 130 lower-case hex, and back; the latter takes the canonical form only.
std::string signature_to_hex(const Signature65& signature);
std::optional<Signature65> signature_from_hex(std::string_view text);

}  // namespace mlprov
