#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "mlprov/support/bytes.h"

namespace mlprov {

/// Reads a whole regular file. Throws `kNotFound`, `kIo`, or `kTooLarge` when it holds
/// more than `max_bytes`; nothing beyond that is read. "-" has no special meaning.
std::string read_file(const std::filesystem::path& path, std::uint64_t max_bytes);

/// Replaces `path` so that after a crash it holds either its old content or all of
/// `content`: temporary file in the same folder, fsync, rename, fsync of the folder.
/// `mode` is the permission of a file that is created. Throws `kIo` and leaves the old
/// file as it was.
void write_file_atomic(const std::filesystem::path& path, std::string_view content,
                       unsigned mode = 0644);

/// The same for content that lies in pieces: they are written one after the other, not copied.
void write_file_atomic(const std::filesystem::path& path, std::span<const ByteView> parts,
                       unsigned mode = 0644);

/// A file mapped read-only. Movable, not copyable; the view dies with the object.
/// A file that another process truncates while mapped raises SIGBUS, as with any mapping.
class MappedFile {
 public:
  /// Maps the whole file; an empty file gives an empty view. Throws `kNotFound` or `kIo`.
  explicit MappedFile(const std::filesystem::path& path);
  ~MappedFile();
  MappedFile(MappedFile&& other) noexcept;
  MappedFile& operator=(MappedFile&& other) noexcept;
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;

  ByteView bytes() const noexcept { return {data_, size_}; }

 private:
  const std::uint8_t* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace mlprov
