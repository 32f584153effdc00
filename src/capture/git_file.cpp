#include "capture/git_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>
#include <vector>

#include "mlprov/digest/hasher.h"

namespace mlprov::capture {
namespace {

class Fd {
 public:
  explicit Fd(const std::string& path)
      : fd_(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)) {}
  ~Fd() {
    if (fd_ >= 0) ::close(fd_);
  }
  Fd(const Fd&) = delete;
  Fd& operator=(const Fd&) = delete;
  int get() const noexcept { return fd_; }

 private:
  int fd_;
};

Digest32 to_digest32(const Bytes& bytes) {
  Digest32 digest{};
  std::copy_n(bytes.begin(), digest.size(), digest.begin());
  return digest;
}

}  // namespace

GitFileHasher::GitFileHasher(std::string work_tree, const GitOptions& options)
    : work_tree_(std::move(work_tree)), options_(options) {}

bool GitFileHasher::within_bounds(std::uint64_t size) const {
  return size <= options_.max_file_bytes && hashed_ + size <= options_.max_total_bytes;
}

std::optional<Digest32> GitFileHasher::hash_regular(const std::string& path, std::uint64_t& size) {
  const Fd fd(path);
  if (fd.get() < 0) return std::nullopt;
  const auto hasher = HashFactory::create(options_.algorithm);
  Bytes buffer(std::size_t{1} << 20);
  size = 0;
  while (true) {
    const ssize_t got = ::read(fd.get(), buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return std::nullopt;
    if (got == 0) break;
    size += static_cast<std::uint64_t>(got);
    if (!within_bounds(size)) return std::nullopt;  // It grows while it is read.
    hasher->update(ByteView(buffer).first(static_cast<std::size_t>(got)));
  }
  hashed_ += size;
  return to_digest32(hasher->finish());
}

std::optional<Digest32> GitFileHasher::hash_link(const std::string& path, std::uint64_t& size) {
  std::vector<char> target(4097);
  const ssize_t length = ::readlink(path.c_str(), target.data(), target.size());
  if (length < 0) return std::nullopt;
  size = static_cast<std::uint64_t>(length);
  return digest32(options_.algorithm, as_bytes({target.data(), static_cast<std::size_t>(length)}));
}

void GitFileHasher::fill(GitFile& file, const std::string& raw_path) {
  const std::string path = work_tree_ + raw_path;
  struct stat info {};
  if (::lstat(path.c_str(), &info) != 0) {
    ++left_out_;
    return;
  }
  file.size = static_cast<std::uint64_t>(info.st_size);
  if (S_ISLNK(info.st_mode)) {
    file.symlink = true;
    file.digest = hash_link(path, file.size);
  } else if (S_ISREG(info.st_mode) && within_bounds(file.size)) {
    file.digest = hash_regular(path, file.size);
  }
  if (!file.digest) ++left_out_;
}

}  // namespace mlprov::capture
