#pragma once

#include <functional>
#include <string>
#include <vector>

#include "mlprov/merkle/tree.h"

namespace mlprov {

/// One place where two trees differ.
struct TreeDifference {
  enum class Kind {
    kOnlyLeft,   ///< The entry stands in the left tree only.
    kOnlyRight,  ///< The entry stands in the right tree only.
    kChanged,    ///< Both have it, with another digest, kind, dtype, shape or size.
    kUnknown,    ///< Digests differ, but a directory needed to say where is not at hand, or
                 ///< entries are withheld.
  };
  Kind kind = Kind::kChanged;
  std::string path;
  const Entry* left = nullptr;  ///< Borrowed from the trees; null where absent.
  const Entry* right = nullptr;
};

struct DiffOptions {
  bool content_only = true;  ///< Skip `circumstances`, compare without salts.
};

/// Visits differences in order of paths, going down only where roots differ; stops when `visit`
/// returns false. Returns the number of directories read. REQUIRES equal algorithms (`kUsage`).
std::size_t diff_trees(const MerkleTree& left, const MerkleTree& right,
                       const std::function<bool(const TreeDifference&)>& visit,
                       const DiffOptions& options = {});

}  // namespace mlprov
