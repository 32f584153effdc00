#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "mlprov/capture/compiler.h"
#include "mlprov/capture/environment.h"
#include "mlprov/capture/executable.h"
#include "mlprov/capture/git.h"
#include "mlprov/capture/machine.h"

namespace mlprov {

struct CaptureOptions {
  std::filesystem::path project = ".";  ///< Where the repository is looked for.
  std::filesystem::path digest_cache;   ///< File that remembers digests of libraries, or empty.
  GitOptions git;                       ///< Its `algorithm` is used for all digests.
};

/// Everything around a run that is known without LibTorch, in one call.
struct Capture {
  GitCapture git;
  ExecutableCapture executable;
  MachineCapture machine;
  EnvironmentCapture environment;
  CompilerCapture library;           ///< What compiled mlprov.
  std::vector<std::string> missing;  ///< Sentences: what could not be captured, and why.
};

/// Captures all pieces. Never throws: a piece that fails stays empty and `missing` says why.
/// Takes milliseconds, except that libraries are hashed when the cache does not know them yet
/// (seconds for LibTorch, once).
Capture capture_all(const CaptureOptions& options) noexcept;

}  // namespace mlprov
