#pragma once

#include <optional>
#include <string>
#include <vector>

#include "mlprov/capture/digest_cache.h"
#include "mlprov/json/canonical.h"
#include "mlprov/support/bytes.h"

namespace mlprov {

/// One file of machine code in this process.
struct LoadedObject {
  std::string path;      ///< As the system resolves it.
  std::string build_id;  ///< GNU build id in hex; empty when it has none.
  std::uint64_t size = 0;
  std::optional<Digest32> digest;  ///< Of the file's bytes.
  std::string missing;             ///< Why there is no digest: deleted, replaced, unreadable.
};

/// What runs: the command line, the program, every shared library that is loaded now. All of it
/// is circumstance: paths and files of one machine.
struct ExecutableCapture {
  std::vector<std::string> argv;
  std::string missing;  ///< Why argv or program could not be read; empty otherwise.
  LoadedObject program;
  std::vector<LoadedObject> libraries;  ///< By path; the kernel's vdso is not a file.
};

/// Asks the dynamic linker (`dl_iterate_phdr`). A library opened later by `dlopen` is seen by a
/// later call. Hashes files through `cache`, which the caller saves. Never throws for what it
/// finds.
ExecutableCapture capture_executable(DigestCache& cache);

Json executable_circumstances(const ExecutableCapture& executable);

}  // namespace mlprov
