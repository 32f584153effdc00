#pragma once

#include "cli/verb_hash.h"

namespace mlprov::cli {

/// `mlprov hash --check LIST...`, as `sha256sum --check --strict`: a line `PATH: OK`, `FAILED` or
/// `FAILED open or read` a file. kNo when a digest differs or a line is not understood, kFailed
/// when a file cannot be read.
ExitCode check_digests(const HashOptions& options, Output& out);

}  // namespace mlprov::cli
