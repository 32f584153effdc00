#pragma once

#include "cli/verb_hash.h"
#include "mlprov/digest/file_digest.h"

namespace mlprov::cli {

/// `mlprov hash PATH...`: a line a file. What cannot be read is named on standard error, the rest
/// is printed all the same, and the answer is kFailed.
ExitCode list_digests(const HashOptions& options, Output& out);

/// Digest of a file, or of standard input for `-`. Throws `kNotFound` or `kIo`.
FileDigest hash_input(const std::string& path, const FileDigestOptions& options);

/// Names a file that could not be read.
void report_unreadable(const std::string& message);

}  // namespace mlprov::cli
