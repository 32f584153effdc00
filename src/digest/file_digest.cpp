#include "mlprov/digest/file_digest.h"

#include <sys/stat.h>
#include <tbb/task_arena.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <memory>
#include <thread>

#include "digest/parallel.h"
#include "mlprov/digest/hasher.h"
#include "mlprov/support/error.h"
#include "support/descriptor.h"

namespace mlprov {
namespace {

// A slice is read by all threads, then hashed by all threads while it is still in the cache.
constexpr std::size_t kSliceBytes = std::size_t{8} << 20;
constexpr std::size_t kPieceBytes = std::size_t{1} << 20;
constexpr std::size_t kSmallestBuffer = std::size_t{64} << 10;

/// Counts bytes of all threads and tells the caller, on its own thread only.
class Progress {
 public:
  explicit Progress(const std::function<void(std::uint64_t)>& tell) : tell_(tell) {}

  void add(std::uint64_t bytes) {
    bytes_ += bytes;
    if (std::this_thread::get_id() == caller_) report();
  }
  void report() const {
    if (tell_) tell_(bytes_);
  }

 private:
  const std::function<void(std::uint64_t)>& tell_;
  const std::thread::id caller_ = std::this_thread::get_id();
  std::atomic<std::uint64_t> bytes_{0};
};

/// A file open for reading, at any place when it is a regular one.
class Input {
 public:
  explicit Input(const std::filesystem::path& path)
      : path_(path), fd_(path, O_RDONLY, 0, "cannot read") {
    struct stat info {};
    if (::fstat(fd_.get(), &info) != 0) throw_errno("cannot read", path_);
    if (S_ISDIR(info.st_mode)) {
      throw Error(ErrorCode::kIo, "cannot read " + path_.string() + ": it is a folder");
    }
    seekable_ = S_ISREG(info.st_mode);
    if (seekable_) size_ = static_cast<std::uint64_t>(info.st_size);
    if (seekable_) ::posix_fadvise(fd_.get(), 0, 0, POSIX_FADV_SEQUENTIAL);
  }

  /// The size when it was opened; 0 for what is no regular file.
  std::uint64_t size() const noexcept { return size_; }

  /// Reads what comes next at `offset`, which only a regular file heeds; 0 at the end.
  std::size_t read_some(std::span<std::uint8_t> out, std::uint64_t offset) const {
    while (true) {
      const ssize_t got =
          seekable_ ? ::pread(fd_.get(), out.data(), out.size(), static_cast<off_t>(offset))
                    : ::read(fd_.get(), out.data(), out.size());
      if (got >= 0) return static_cast<std::size_t>(got);
      if (errno != EINTR) throw_errno("cannot read", path_);
    }
  }

  /// Fills `out` from `offset`, by several threads when it is large.
  void read_exactly(std::span<std::uint8_t> out, std::uint64_t offset) const {
    const std::size_t pieces = (out.size() + kPieceBytes - 1) / kPieceBytes;
    parallel_for_each_index(pieces, [&](std::size_t i) {
      const std::size_t begin = i * kPieceBytes;
      read_piece_exactly(out.subspan(begin, std::min(kPieceBytes, out.size() - begin)),
                         offset + begin);
    });
  }

 private:
  void read_piece_exactly(std::span<std::uint8_t> out, std::uint64_t offset) const {
    while (!out.empty()) {
      const std::size_t got = read_some(out, offset);
      if (got == 0) {
        throw Error(ErrorCode::kIo,
                    path_.string() + " became shorter while it was read; hash it again at rest");
      }
      out = out.subspan(got);
      offset += got;
    }
  }

  const std::filesystem::path& path_;
  Descriptor fd_;
  std::uint64_t size_ = 0;
  bool seekable_ = false;
};

FileDigest hash_one(const std::filesystem::path& path, Algorithm algorithm, Progress& progress) {
  const Input input(path);
  const auto hasher = HashFactory::create(algorithm);
  const std::size_t capacity = static_cast<std::size_t>(
      std::clamp<std::uint64_t>(input.size(), kSmallestBuffer, kSliceBytes));
  const auto memory = std::make_unique_for_overwrite<std::uint8_t[]>(capacity);
  const std::span<std::uint8_t> buffer(memory.get(), capacity);
  std::uint64_t offset = 0;
  const auto take = [&](std::size_t count) {
    hasher->update(buffer.first(count));
    progress.add(count);
    offset += count;
  };
  while (offset < input.size()) {
    const auto count =
        static_cast<std::size_t>(std::min<std::uint64_t>(capacity, input.size() - offset));
    input.read_exactly(buffer.first(count), offset);
    take(count);
  }
  // What has no size beforehand (pipes, /proc) or has grown since.
  while (const std::size_t count = input.read_some(buffer, offset)) take(count);
  return {path, offset, hasher->finish()};
}

// Never more than the process may use: oneTBB would warn on stderr.
int arena_size(unsigned threads) {
  const int most = tbb::this_task_arena::max_concurrency();
  return threads == 0 ? most : static_cast<int>(std::min(threads, static_cast<unsigned>(most)));
}

}  // namespace

std::vector<FileDigest> hash_files(const std::vector<std::filesystem::path>& paths,
                                   const FileDigestOptions& options) {
  std::vector<FileDigest> digests(paths.size());
  Progress progress(options.progress);
  tbb::task_arena arena(arena_size(options.threads));
  arena.execute([&] {
    parallel_for_each_index(paths.size(), [&](std::size_t i) {
      // Isolated: a thread that waits for the pieces of its file starts no other file meanwhile.
      tbb::this_task_arena::isolate(
          [&] { digests[i] = hash_one(paths[i], options.algorithm, progress); });
    });
  });
  progress.report();
  return digests;
}

FileDigest hash_file(const std::filesystem::path& path, const FileDigestOptions& options) {
  return std::move(hash_files({path}, options).front());
}

}  // namespace mlprov
