#pragma once

#include <set>
#include <string>

#include "mlprov/merkle/tree.h"
#include "mlprov/record/bundle.h"

namespace mlprov::cli {

/// The run as one tree under the paths that people type (`before/config`, `step-00000001/files`):
/// the tree of the last statement that speaks for the whole, and, hung in beside it, the
/// directories that other statements speak for. Its root is nobody's statement unless the run is
/// finished and has no steps after it. REQUIRES a bundle that verifies.
MerkleTree run_tree(const Bundle& bundle);

/// The paths of the directories that have a statement of their own.
std::set<std::string> stated_paths(const Bundle& bundle);

/// The path that people mean: without `.` and without slashes at its ends or next to each other.
std::string typed_path(const std::string& text);

}  // namespace mlprov::cli
