#pragma once

#include "capture/git_handle.h"
#include "mlprov/capture/git.h"

namespace mlprov::capture {

/// Fills diff, files and `dirty` from the working tree against HEAD's tree.
void read_changes(git_repository* repository, const GitOptions& options, GitCapture& git);

/// Fills `submodules`.
void read_submodules(git_repository* repository, GitCapture& git);

}  // namespace mlprov::capture
