#include "mlprov/store/run_lock.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <map>
#include <mutex>
#include <system_error>

#include "mlprov/support/error.h"

namespace mlprov {
namespace {

std::filesystem::path lock_file(const std::filesystem::path& folder, const std::string& run) {
  return folder / (run + ".lock");
}

/// POSIX record locks: owned by the process, so a forked child has none; seen over NFS.
struct flock whole_file(short type) {
  struct flock range {};
  range.l_type = type;
  range.l_whence = SEEK_SET;
  return range;
}

[[noreturn]] void fail(const char* doing, const std::filesystem::path& file, int code) {
  throw Error(ErrorCode::kIo, std::string(doing) + " " + file.string() + ": " +
                                  std::generic_category().message(code));
}

}  // namespace

/// One open file for all locks of this process on one run: closing any other descriptor of it
/// would drop the lock, so there must be none.
struct RunLock::Held {
  explicit Held(std::filesystem::path path) : file(std::move(path)), owner(::getpid()) {
    fd = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (fd < 0) fail("cannot make the lock", file, errno);
    struct flock range = whole_file(F_RDLCK);
    if (::fcntl(fd, F_SETLK, &range) == 0) return;
    const int code = errno;
    ::close(fd);
    fail("cannot lock", file, code);
  }
  ~Held();
  Held(const Held&) = delete;
  Held& operator=(const Held&) = delete;

  std::filesystem::path file;
  int owner;
  int fd = -1;

  static std::mutex mutex;
  static std::map<std::filesystem::path, std::weak_ptr<Held>>& registry() {
    static auto* const held = new std::map<std::filesystem::path, std::weak_ptr<Held>>;
    return *held;
  }
  static std::shared_ptr<Held> find(const std::filesystem::path& file) {
    const auto found = registry().find(file);
    auto held = found == registry().end() ? nullptr : found->second.lock();
    return held != nullptr && held->owner == ::getpid() ? held : nullptr;
  }
};

std::mutex RunLock::Held::mutex;

RunLock::Held::~Held() {
  // In a forked child the parent's lock is untouched by this: such locks belong to processes.
  ::close(fd);
}

RunLock::RunLock(const std::filesystem::path& locks_folder, const std::string& run) {
  const auto file = std::filesystem::absolute(lock_file(locks_folder, run));
  const std::lock_guard guard(Held::mutex);
  held_ = Held::find(file);
  if (held_ != nullptr) return;
  std::error_code ignored;
  std::filesystem::create_directories(locks_folder, ignored);
  held_ = std::make_shared<Held>(file);
  Held::registry()[file] = held_;
}

RunLock::~RunLock() {
  const std::lock_guard guard(Held::mutex);
  held_.reset();
}

RunLock::RunLock(RunLock&&) noexcept = default;

RunLock& RunLock::operator=(RunLock&& other) noexcept {
  const std::lock_guard guard(Held::mutex);
  held_ = std::move(other.held_);
  return *this;
}

bool RunLock::is_held(const std::filesystem::path& locks_folder, const std::string& run) {
  const auto file = std::filesystem::absolute(lock_file(locks_folder, run));
  const std::lock_guard guard(Held::mutex);
  if (Held::find(file) != nullptr) return true;
  const int fd = ::open(file.c_str(), O_RDWR | O_CLOEXEC);
  if (fd < 0 && errno == ENOENT) return false;
  const int readable = fd >= 0 ? fd : ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (readable < 0) return true;
  struct flock range = whole_file(F_WRLCK);
  const bool known = ::fcntl(readable, F_GETLK, &range) == 0;
  ::close(readable);
  return !known || range.l_type != F_UNLCK;
}

}  // namespace mlprov
