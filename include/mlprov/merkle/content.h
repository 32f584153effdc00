#pragma once

#include <optional>

#include "mlprov/merkle/tree.h"

namespace mlprov {

/// What remains of a tree without `circumstances` and without salts. Two runs are the same
/// exactly when their content roots are equal.
struct ContentRoot {
  Digest32 root{};
  std::uint64_t entries = 0;
};

/// Computes it; a directory that is not at hand counts as its digest unless it is marked salted.
/// Nothing ("unknown") when a withheld entry, or a salted directory not at hand, stands outside
/// `circumstances`. Never publish it for a run with salted entries: it would be an oracle.
std::optional<ContentRoot> content_root(const MerkleTree& tree);

}  // namespace mlprov
