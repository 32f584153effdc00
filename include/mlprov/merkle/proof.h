#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "mlprov/merkle/tree.h"

namespace mlprov {

/// One step of an inclusion proof: an entry and its audit path in its directory.
struct ProofStep {
  Entry entry;
  std::uint64_t index = 0;
  std::vector<Digest32> path;
  friend bool operator==(const ProofStep&, const ProofStep&) = default;
};

/// Shows that an entry stands at a path below a root. Tree sizes are not in it: they come from
/// the signed statement (top) and from the `tree` entries (below), which a proof cannot choose.
struct InclusionProof {
  std::vector<ProofStep> chain;  ///< From the top down; never empty.
  friend bool operator==(const InclusionProof&, const InclusionProof&) = default;
};

/// Proves the entry at `path`. Throws `kNotFound` when it, or a directory on the way, is not at
/// hand, `kUsage` for the empty path. Hashes each directory on the way once.
InclusionProof prove_inclusion(const MerkleTree& tree, std::string_view path);

/// What a proof shows.
struct ProvedEntry {
  std::string path;
  Entry entry;
};

/// Path and entry that the proof shows under `root` with `entries` entries at the top; nothing
/// when it shows nothing. It shows `included`, never `the only one`.
std::optional<ProvedEntry> check_inclusion(Algorithm algorithm, const Digest32& root,
                                           std::uint64_t entries, const InclusionProof& proof);

/// The `chain` array of a proof document, and back (closed keys, `kMalformed`;
/// `kTooLarge` for more elements than a path has names).
Json chain_to_json(const InclusionProof& proof);
InclusionProof chain_from_json(const Json& value);

}  // namespace mlprov
