#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "mlprov/digest/algorithm.h"
#include "mlprov/support/bytes.h"

namespace mlprov {

struct FileDigest {
  std::filesystem::path path;  ///< As given, or below the folder that was given.
  std::uint64_t size = 0;      ///< Bytes hashed.
  Bytes digest;
};

struct FileDigestOptions {
  Algorithm algorithm = Algorithm::kBlake3;
  unsigned threads = 0;  ///< 0: as many as the process may use.
  /// Called from the calling thread, now and then, with bytes hashed so far.
  std::function<void(std::uint64_t)> progress;
};

/// Digest of one file's bytes (memory map; plain reads for pipes and devices). BLAKE3 uses all
/// threads on one large file. Throws `kNotFound` or `kIo`.
FileDigest hash_file(const std::filesystem::path& path, const FileDigestOptions& options = {});

/// Digests of many files, several at a time, results in the order given.
std::vector<FileDigest> hash_files(const std::vector<std::filesystem::path>& paths,
                                   const FileDigestOptions& options = {});

/// The regular files below `folder`, sorted by the bytes of their relative path. A symlink
/// counts as the file that it leads to; one that dangles, leads out of `folder` or to a
/// directory is refused (`kUnsupported`), as are sockets, pipes and devices.
std::vector<std::filesystem::path> list_files(const std::filesystem::path& folder);

}  // namespace mlprov
