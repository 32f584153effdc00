#pragma once

#include <string>
#include <string_view>

#include "mlprov/merkle/proof.h"
#include "mlprov/record/bundle.h"

namespace mlprov {

inline constexpr std::string_view kProofFormat = "mlprov-proof-v1";

/// A proof that an entry is included under a signed statement's root. It says `included`, never
/// `the only one`.
struct ProofDocument {
  SignedStatement statement;  ///< Only the envelope is carried.
  InclusionProof proof;
};

/// Canonical JSON, and back (closed keys, the envelope's signature verified; `kMalformed`,
/// `kCrypto`). Whether the chain leads to the statement's root is `check_inclusion`'s word.
std::string encode_proof(const ProofDocument& document);
ProofDocument parse_proof(std::string_view text);

/// Proves the entry at `path` of a run (`before/config/parameters`, `step-00000001/files/a`) from
/// the statement that speaks for the smallest directory around it. Throws `kNotFound`.
ProofDocument prove_entry(const Bundle& bundle, std::string_view path);

}  // namespace mlprov
