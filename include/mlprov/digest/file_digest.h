#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <vector>

#include "mlprov/digest/algorithm.h"
#include "mlprov/support/bytes.h"

namespace mlprov {

struct FileDigest {
  std::filesystem::path path;  ///< As given.
  std::uint64_t size = 0;      ///< Bytes hashed.
  Bytes digest;
};

struct FileDigestOptions {
  Algorithm algorithm = Algorithm::kBlake3;
  /// At most so many threads, the calling one among them; 0: as many as the process may use.
  unsigned threads = 0;
  /// Called from the calling thread, now and then and at the end, with bytes hashed so far.
  std::function<void(std::uint64_t)> progress;
};

/// Digest of one file's bytes; pipes and devices are read to their end. BLAKE3 uses all threads
/// on one large file. Files are read into buffers, not mapped: that is faster here, and a file
/// that another process cuts short gives an error instead of a signal. A file that changes
/// otherwise while it is read has the digest of what was read. Throws `kNotFound` or `kIo`.
FileDigest hash_file(const std::filesystem::path& path, const FileDigestOptions& options = {});

/// Digests of many files, several at a time, results in the order given. Throws what `hash_file`
/// throws, for one of the files that cannot be read.
std::vector<FileDigest> hash_files(const std::vector<std::filesystem::path>& paths,
                                   const FileDigestOptions& options = {});

/// The regular files below `folder`, as paths relative to it, sorted by their bytes. A symlink
/// counts as the file that it leads to; one that dangles, leads out of `folder` or to a
/// directory is refused (`kUnsupported`), as are sockets, pipes and devices. `folder` itself may
/// be a symlink. Throws `kNotFound` or `kIo` when something cannot be listed.
std::vector<std::filesystem::path> list_files(const std::filesystem::path& folder);

}  // namespace mlprov
