#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <tuple>

#include "mlprov/digest/algorithm.h"
#include "mlprov/support/bytes.h"

namespace mlprov {

/// Digests of large files that hardly ever change (shared libraries), remembered in one small
/// file by device, inode, size, and times of change. The file is a convenience, not evidence:
/// when it is broken it counts as empty. A file changed in the last two seconds is not
/// remembered, since a later change could carry the same time. Not thread-safe; two processes
/// that save at once leave one of the two versions.
class DigestCache {
 public:
  /// Reads `file` when it is there; an empty path remembers within this object only.
  DigestCache(std::filesystem::path file, Algorithm algorithm);

  /// Digest of the file's bytes, from memory when nothing about the file changed. Throws
  /// `kNotFound` or `kIo`.
  Digest32 digest(const std::filesystem::path& path);

  /// Writes what is new, atomically; a failure is nobody's problem and is ignored.
  void save() noexcept;

  std::uint64_t hashed_bytes() const noexcept { return hashed_bytes_; }

 private:
  /// Device, inode, size, modification and change time in nanoseconds.
  using Key = std::tuple<std::uint64_t, std::uint64_t, std::uint64_t, std::int64_t, std::int64_t>;

  void load();
  std::string encode() const;

  std::filesystem::path file_;
  Algorithm algorithm_;
  std::map<Key, Digest32> known_;
  std::uint64_t hashed_bytes_ = 0;
  bool changed_ = false;
};

}  // namespace mlprov
