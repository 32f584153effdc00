#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "mlprov/merkle/tree.h"

namespace mlprov::cli {

/// One line of a tree's listing.
struct TreeRow {
  std::string folder;            ///< Below the place where the walk began.
  std::string path;              ///< `folder` and the entry's name; empty if withheld.
  const Entry* entry = nullptr;  ///< Null: withheld.
  const WithheldLeaf* leaf = nullptr;
  const Directory* directory = nullptr;  ///< Of a `tree` entry, when it is at hand.
  std::vector<bool> is_last;  ///< For each level down to this row: the last of its directory?
};

struct TreeWalkLimits {
  std::uint64_t depth = 0;  ///< Levels; 0: all.
  std::uint64_t rows = 0;   ///< After so many rows the walk ends.
};

/// Visits everything below `top`, each directory before what is in it, in the order of names.
/// Returns false when it ended early: at the limit of rows or because `visit` returned false.
bool walk_tree(const MerkleTree& tree, const Directory& top, const TreeWalkLimits& limits,
               const std::function<bool(const TreeRow&)>& visit);

}  // namespace mlprov::cli
