#pragma once

#include "inspect/evidence.h"
#include "inspect/finding.h"

/// Checks of the carried directories and objects that do not depend on where in a run they stand.
/// All REQUIRE that roots and digests were checked.
namespace mlprov::inspect {

/// Each statement's own directory is carried (`skeleton`) and has its number of entries
/// (`statement-mismatch`).
Checked check_statement_directories(const Evidence& evidence);

/// No path of the run has more than `kMaxTreeDepth` names (`too-large`).
Checked check_depth(const Evidence& evidence);

/// Counts, flags, sizes and forms are what the entries that refer to them say (`kind-mismatch`).
Checked check_references(const Evidence& evidence);

/// No salt stands twice (`salt-reuse`).
Checked check_salts(const Evidence& evidence);

/// Every directory and object is reached (`unreferenced`).
Checked check_reachability(const Evidence& evidence);

}  // namespace mlprov::inspect
