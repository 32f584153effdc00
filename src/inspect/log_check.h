#pragma once

#include "inspect/evidence.h"
#include "inspect/finding.h"

namespace mlprov::inspect {

/// The bundle's log and the statements' inclusions in it (`log`).
Checked check_log(const Evidence& evidence);

/// `included`, `not checked` (the statement names a log that the bundle does not show) or `none`.
std::string log_word(const SignedStatement& statement);

/// Lines on the checkpoint by others than the log itself; REQUIRES a log that `check_log` took.
std::size_t witness_lines(const BundleLog& log);

}  // namespace mlprov::inspect
