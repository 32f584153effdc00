#include "mlprov/support/file.h"

#include <sys/mman.h>
#include <sys/stat.h>

#include <cerrno>
#include <system_error>
#include <utility>

#include "mlprov/support/error.h"
#include "mlprov/support/hex.h"
#include "mlprov/support/random.h"
#include "support/descriptor.h"

namespace mlprov {
namespace {

void write_all(int fd, std::string_view content, const std::filesystem::path& path) {
  while (!content.empty()) {
    const ssize_t written = ::write(fd, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) throw_errno("cannot write", path);
    content.remove_prefix(static_cast<std::size_t>(written));
  }
}

std::filesystem::path temporary_beside(const std::filesystem::path& path) {
  std::array<std::uint8_t, 8> tag;
  fill_random(tag);
  return path.parent_path() / ("." + path.filename().string() + "." + to_hex(tag) + ".tmp");
}

void sync_folder(const std::filesystem::path& folder) {
  const auto& where = folder.empty() ? std::filesystem::path(".") : folder;
  Descriptor fd(where, O_RDONLY | O_DIRECTORY, 0, "cannot open folder");
  // Some file systems cannot sync a folder; the rename itself has happened by now.
  if (::fsync(fd.get()) != 0 && errno != EINVAL) throw_errno("cannot sync folder", where);
}

}  // namespace

void throw_errno(const std::string& doing, const std::filesystem::path& path) {
  const int code = errno;
  const auto kind = code == ENOENT || code == ENOTDIR ? ErrorCode::kNotFound : ErrorCode::kIo;
  throw Error(kind, doing + " " + path.string() + ": " + std::generic_category().message(code));
}

std::string read_file(const std::filesystem::path& path, std::uint64_t max_bytes) {
  Descriptor fd(path, O_RDONLY, 0, "cannot read");
  struct stat info {};
  if (::fstat(fd.get(), &info) != 0) throw_errno("cannot read", path);
  if (S_ISDIR(info.st_mode)) {
    throw Error(ErrorCode::kIo, "cannot read " + path.string() + ": it is a folder");
  }
  std::string content;
  if (info.st_size > 0 && static_cast<std::uint64_t>(info.st_size) <= max_bytes) {
    content.reserve(static_cast<std::size_t>(info.st_size) + 1);
  }
  char buffer[1 << 16];
  while (true) {
    const ssize_t got = ::read(fd.get(), buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw_errno("cannot read", path);
    if (got == 0) return content;
    content.append(buffer, static_cast<std::size_t>(got));
    if (content.size() > max_bytes) {
      throw Error(ErrorCode::kTooLarge, path.string() + " holds more than the limit of " +
                                            std::to_string(max_bytes) + " bytes");
    }
  }
}

void write_file_atomic(const std::filesystem::path& path, std::string_view content, unsigned mode) {
  const ByteView whole = as_bytes(content);
  write_file_atomic(path, std::span(&whole, 1), mode);
}

void write_file_atomic(const std::filesystem::path& path, std::span<const ByteView> parts,
                       unsigned mode) {
  const std::filesystem::path temporary = temporary_beside(path);
  try {
    Descriptor fd(temporary, O_WRONLY | O_CREAT | O_EXCL, mode, "cannot write");
    for (const ByteView part : parts) write_all(fd.get(), as_text(part), path);
    if (::fsync(fd.get()) != 0) throw_errno("cannot write", path);
    if (!fd.close()) throw_errno("cannot write", path);
    if (::rename(temporary.c_str(), path.c_str()) != 0) throw_errno("cannot replace", path);
  } catch (...) {
    ::unlink(temporary.c_str());
    throw;
  }
  sync_folder(path.parent_path());
}

MappedFile::MappedFile(const std::filesystem::path& path) {
  Descriptor fd(path, O_RDONLY, 0, "cannot read");
  struct stat info {};
  if (::fstat(fd.get(), &info) != 0) throw_errno("cannot read", path);
  if (!S_ISREG(info.st_mode)) {
    throw Error(ErrorCode::kIo, "cannot map " + path.string() + ": it is not a regular file");
  }
  size_ = static_cast<std::size_t>(info.st_size);
  if (size_ == 0) return;
  void* const memory = ::mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, fd.get(), 0);
  if (memory == MAP_FAILED) throw_errno("cannot map", path);
  data_ = static_cast<const std::uint8_t*>(memory);
}

MappedFile::~MappedFile() {
  if (data_ != nullptr) ::munmap(const_cast<std::uint8_t*>(data_), size_);
}

MappedFile::MappedFile(MappedFile&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  return *this;
}

}  // namespace mlprov
