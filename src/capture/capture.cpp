#include "mlprov/capture/capture.h"

#include <functional>

namespace mlprov {
namespace {

/// Runs one piece; what it throws becomes a sentence.
void guarded(std::vector<std::string>& missing, const char* piece,
             const std::function<void()>& run) {
  try {
    run();
  } catch (const std::exception& error) {
    missing.push_back(std::string(piece) + ": " + error.what());
  }
}

void note(std::vector<std::string>& missing, const char* piece, const std::string& why) {
  if (!why.empty()) missing.push_back(std::string(piece) + ": " + why);
}

void note_objects(std::vector<std::string>& missing, const ExecutableCapture& executable) {
  note(missing, "executable", executable.missing);
  note(missing, "executable", executable.program.missing);
  for (const LoadedObject& library : executable.libraries) {
    if (!library.missing.empty()) note(missing, "library", library.path + ": " + library.missing);
  }
}

Capture capture_pieces(const CaptureOptions& options) {
  Capture capture;
  auto& missing = capture.missing;
  guarded(missing, "git", [&] { capture.git = capture_git(options.project, options.git); });
  guarded(missing, "executable", [&] {
    DigestCache cache(options.digest_cache, options.git.algorithm);
    capture.executable = capture_executable(cache);
    cache.save();
  });
  guarded(missing, "machine", [&] { capture.machine = capture_machine(); });
  guarded(missing, "environment", [&] { capture.environment = capture_environment(); });
  guarded(missing, "compiler", [&] { capture.library = library_compiler(); });
  note(missing, "git", capture.git.missing);
  note(missing, "git", capture.git.incomplete);
  note_objects(missing, capture.executable);
  for (const auto& why : capture.machine.missing) note(missing, "machine", why);
  return capture;
}

}  // namespace

Capture capture_all(const CaptureOptions& options) noexcept {
  try {
    return capture_pieces(options);
  } catch (...) {
    return {};  // Out of memory: there is nothing left to say it with.
  }
}

}  // namespace mlprov
