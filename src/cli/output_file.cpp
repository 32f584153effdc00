#include "cli/output_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

#include "cli/input.h"
#include "mlprov/support/error.h"
#include "mlprov/support/file.h"

namespace mlprov::cli {
namespace {

[[noreturn]] void throw_errno(const std::string& path, int code) {
  throw Error(code == ENOENT || code == ENOTDIR ? ErrorCode::kNotFound : ErrorCode::kIo,
              "cannot write " + path + ": " + std::generic_category().message(code));
}

/// Writes and closes; the error number, or 0.
int write_and_close(int fd, std::string_view content, bool sync) {
  int failure = 0;
  while (!content.empty() && failure == 0) {
    const ssize_t written = ::write(fd, content.data(), content.size());
    if (written >= 0) {
      content.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno != EINTR) {
      failure = errno;
    }
  }
  if (failure == 0 && sync && ::fsync(fd) != 0) failure = errno;
  if (::close(fd) != 0 && failure == 0) failure = errno;
  return failure;
}

/// A pipe or a device is written to as it is; there is nothing to lose.
bool is_special(const std::string& path) {
  struct stat info {};
  return ::stat(path.c_str(), &info) == 0 && !S_ISREG(info.st_mode) && !S_ISDIR(info.st_mode);
}

void write_special(const std::string& path, std::string_view content) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
  if (fd < 0) throw_errno(path, errno);
  if (const int failure = write_and_close(fd, content, false)) throw_errno(path, failure);
}

bool holds_exactly(const std::string& path, std::string_view content) {
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(path, ignored)) return false;
  if (std::filesystem::file_size(path, ignored) != content.size()) return false;
  return read_file(path, content.size()) == content;
}

/// The system itself refuses a name that exists, so nobody can slip in between.
void write_new(const OutputFile& file, std::string_view content) {
  const int fd =
      ::open(file.path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode_t{file.mode});
  if (fd < 0 && errno == EEXIST) {
    if (holds_exactly(file.path, content)) return;
    throw Error(ErrorCode::kConflict,
                file.path + " exists and was left as it is; --force replaces it");
  }
  if (fd < 0) throw_errno(file.path, errno);
  if (const int failure = write_and_close(fd, content, true)) {
    ::unlink(file.path.c_str());
    throw_errno(file.path, failure);
  }
}

}  // namespace

void write_output_file(const OutputFile& file, std::string_view content, Output& out) {
  if (file.path == kDash) {
    out.write(content);
  } else if (is_special(file.path)) {
    write_special(file.path, content);
  } else if (file.overwrite) {
    write_file_atomic(file.path, content, file.mode);
  } else {
    write_new(file, content);
  }
}

}  // namespace mlprov::cli
