#pragma once

#include "cli/verb_hash.h"

namespace mlprov::cli {

/// `mlprov hash --tensors FILE...`: a line a tensor with its digest, dtype, shape and name.
ExitCode list_tensors(const HashOptions& options, Output& out);

/// `[2,3]`; `[]` for a scalar.
std::string shape_text(const std::vector<std::uint64_t>& shape);

}  // namespace mlprov::cli
