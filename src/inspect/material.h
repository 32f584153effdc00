#pragma once

#include "inspect/evidence.h"
#include "inspect/finding.h"

/// Checks of the carried directories and objects that do not depend on where in a run they stand.
/// All REQUIRE that roots and digests were checked.
namespace mlprov::inspect {

/// Each statement's own directory is carried (step 10) and has its number of entries (11).
Checked check_statement_directories(const Evidence& evidence);

/// No path of the run has more than `kMaxTreeDepth` names (step 11).
Checked check_depth(const Evidence& evidence);

/// Counts, flags, sizes and forms are what the entries that refer to them say (step 12).
Checked check_references(const Evidence& evidence);

/// No salt stands twice (step 16).
Checked check_salts(const Evidence& evidence);

/// Every directory and object is reached (step 17).
Checked check_reachability(const Evidence& evidence);

}  // namespace mlprov::inspect
