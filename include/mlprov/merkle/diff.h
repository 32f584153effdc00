#pragma once

#include <cstddef>
#include <functional>
#include <string>

#include "mlprov/merkle/tree.h"

namespace mlprov {

/// One place where two trees differ.
struct TreeDifference {
  enum class Kind {
    kOnlyLeft,   ///< The entry stands in the left tree only.
    kOnlyRight,  ///< The entry stands in the right tree only.
    kChanged,    ///< Both have it, with another digest, kind, dtype, shape or size. Of two
                 ///< directories: they differ, and one is not at hand to say where.
    kUnknown,    ///< Withheld entries, or a directory not at hand, may hide a difference here.
  };
  Kind kind = Kind::kChanged;
  std::string path;             ///< Empty for the top.
  const Entry* left = nullptr;  ///< Borrowed from the trees; null where absent, or for the top.
  const Entry* right = nullptr;
};

struct DiffOptions {
  /// Skip `circumstances`, compare without salts; else two entries are equal when all is.
  bool content_only = true;
};

/// Visits differences in order of paths (name by name, by bytes), going down only where roots
/// differ; stops when `visit` returns false. A directory that stands on one side only, or against
/// another kind, is one difference. Returns the number of directories read, counted at each visit.
///
/// Parts found equal are not read again, however many paths lead to them; parts that differ are
/// visited at each path, of which a hostile tree can have very many: bound them in `visit`.
/// REQUIRES equal algorithms (`kUsage`). Throws `kTooLarge` on the way into a path of more than
/// `kMaxTreeDepth` names.
std::size_t diff_trees(const MerkleTree& left, const MerkleTree& right,
                       const std::function<bool(const TreeDifference&)>& visit,
                       const DiffOptions& options = {});

}  // namespace mlprov
