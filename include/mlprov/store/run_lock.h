#pragma once

#include <filesystem>
#include <memory>
#include <string>

namespace mlprov {

/// Says, for as long as it lives, that a process works on a run: a shared lock on a small file
/// that the kernel drops with the process, however it dies. Several processes may hold one for the
/// same run (a traced command and the callback inside it). A forked child does not inherit it.
/// Movable; safe to make and drop from any thread.
class RunLock {
 public:
  /// Throws `kIo` when the file system cannot lock.
  RunLock(const std::filesystem::path& locks_folder, const std::string& run);
  ~RunLock();
  RunLock(RunLock&&) noexcept;
  RunLock& operator=(RunLock&&) noexcept;

  /// True when this or another living process holds one. Where the file system cannot tell, true.
  static bool is_held(const std::filesystem::path& locks_folder, const std::string& run);

 private:
  struct Held;
  std::shared_ptr<Held> held_;
};

}  // namespace mlprov
