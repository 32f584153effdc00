#pragma once

#include <vector>

#include "inspect/finding.h"

namespace mlprov::inspect {

/// Whether statements, each sound on its own, are those of one run in the order of docs/format.md
/// (`statement-mismatch`, `statement-order`, `statement-chain`).
Checked check_chain(const std::vector<SignedStatement>& statements);

/// True when the run consists of steps only.
bool is_run_of_steps(const std::vector<SignedStatement>& statements);
/// The `before` and `after` statement, or null.
const SignedStatement* find_before(const std::vector<SignedStatement>& statements);
const SignedStatement* find_after(const std::vector<SignedStatement>& statements);
/// The step before `before`, or null.
const SignedStatement* find_leading_step(const std::vector<SignedStatement>& statements);

}  // namespace mlprov::inspect
