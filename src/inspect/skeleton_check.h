#pragma once

#include "inspect/evidence.h"
#include "inspect/finding.h"

namespace mlprov::inspect {

/// Every directory fits the position where it is reached (`skeleton`).
Checked check_skeleton(const Evidence& evidence);

/// What the trees say of run, author and earlier parts is what the statements say
/// (`statement-mismatch`, `epoch-mismatch`).
Checked check_statements_against_trees(const Evidence& evidence);

}  // namespace mlprov::inspect
