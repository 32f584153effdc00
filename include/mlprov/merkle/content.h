#pragma once

#include <cstdint>
#include <optional>

#include "mlprov/merkle/tree.h"

namespace mlprov {

/// What remains of a tree without `circumstances` and without salts. Two runs are the same
/// exactly when their content roots are equal.
struct ContentRoot {
  Digest32 root{};
  std::uint64_t entries = 0;
  friend bool operator==(const ContentRoot&, const ContentRoot&) = default;
};

/// Computes it, hashing each directory once; a directory that is not at hand counts as its digest
/// and count unless it is marked salted. Nothing ("unknown") when a withheld entry, or a salted
/// directory not at hand, stands outside `circumstances`. It looks through salts: never publish it
/// for a run with salted entries, it would be an oracle. Throws `kTooLarge` when a path outside
/// `circumstances` has more than `kMaxTreeDepth` names.
std::optional<ContentRoot> content_root(const MerkleTree& tree);

}  // namespace mlprov
