#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <utility>

namespace mlprov {

/// Throws `kNotFound` or `kIo` for the current `errno`: "cannot read PATH: reason".
[[noreturn]] void throw_errno(const std::string& doing, const std::filesystem::path& path);

/// A file descriptor that closes itself.
class Descriptor {
 public:
  /// Opens, or throws as `throw_errno` does. `flags` and `mode` as for open(2).
  Descriptor(const std::filesystem::path& path, int flags, unsigned mode, const char* doing)
      : fd_(::open(path.c_str(), flags | O_CLOEXEC, mode)) {
    if (fd_ < 0) throw_errno(doing, path);
  }
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  int get() const noexcept { return fd_; }
  /// Closes and tells whether the system still had something to say.
  bool close() noexcept { return ::close(std::exchange(fd_, -1)) == 0; }

 private:
  int fd_;
};

}  // namespace mlprov
