#include "mlprov/capture/digest_cache.h"

#include <sys/stat.h>

#include <cerrno>
#include <chrono>
#include <system_error>

#include "capture/text.h"
#include "mlprov/digest/file_digest.h"
#include "mlprov/json/canonical.h"
#include "mlprov/support/error.h"
#include "mlprov/support/file.h"
#include "mlprov/support/hex.h"

namespace mlprov {
namespace {

constexpr std::string_view kFormat = "mlprov-digest-cache-v1";
constexpr std::uint64_t kMaxCacheBytes = std::uint64_t{16} << 20;
/// More than a process ever loads; beyond it the file starts anew.
constexpr std::size_t kMaxKnown = 20'000;
constexpr std::int64_t kSecond = 1'000'000'000;

std::int64_t nanoseconds(const timespec& time) {
  return static_cast<std::int64_t>(time.tv_sec) * kSecond + time.tv_nsec;
}

std::int64_t now_nanoseconds() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

struct stat stat_file(const std::filesystem::path& path) {
  struct stat info {};
  if (::stat(path.c_str(), &info) == 0) return info;
  const int code = errno;
  const auto kind = code == ENOENT || code == ENOTDIR ? ErrorCode::kNotFound : ErrorCode::kIo;
  throw Error(kind, "cannot read " + path.string() + ": " + std::generic_category().message(code));
}

template <typename Number>
std::optional<Number> number_at(const Json& row, std::size_t index) {
  if (!row[index].is_string()) return std::nullopt;
  const auto value = capture::parse_number(row[index].get_ref<const std::string&>());
  if (!value) return std::nullopt;
  return static_cast<Number>(*value);
}

}  // namespace

DigestCache::DigestCache(std::filesystem::path file, Algorithm algorithm)
    : file_(std::move(file)), algorithm_(algorithm) {
  if (file_.empty()) return;
  try {
    load();
  } catch (const std::exception&) {
    known_.clear();  // Absent or broken: hashing again is all it costs.
  }
}

void DigestCache::load() {
  const Json document = parse_canonical(read_file(file_, kMaxCacheBytes));
  if (document.at("format") != kFormat) return;
  if (document.at("algorithm") != to_string(algorithm_)) return;
  for (const Json& row : document.at("files")) {
    if (!row.is_array() || row.size() != 6 || !row[5].is_string()) continue;
    const auto device = number_at<std::uint64_t>(row, 0);
    const auto inode = number_at<std::uint64_t>(row, 1);
    const auto size = number_at<std::uint64_t>(row, 2);
    const auto modified = number_at<std::int64_t>(row, 3);
    const auto changed = number_at<std::int64_t>(row, 4);
    const auto digest = digest_from_hex(row[5].get_ref<const std::string&>());
    if (!device || !inode || !size || !modified || !changed || !digest) continue;
    known_[{*device, *inode, *size, *modified, *changed}] = *digest;
  }
}

Digest32 DigestCache::digest(const std::filesystem::path& path) {
  const struct stat info = stat_file(path);
  const Key key{info.st_dev, info.st_ino, static_cast<std::uint64_t>(info.st_size),
                nanoseconds(info.st_mtim), nanoseconds(info.st_ctim)};
  if (const auto found = known_.find(key); found != known_.end()) return found->second;
  FileDigestOptions options;
  options.algorithm = algorithm_;
  const FileDigest hashed = hash_file(path, options);
  Digest32 result{};
  std::copy_n(hashed.digest.begin(), result.size(), result.begin());
  hashed_bytes_ += hashed.size;
  const std::int64_t newest = std::max(std::get<3>(key), std::get<4>(key));
  if (newest < now_nanoseconds() - 2 * kSecond && hashed.size == std::get<2>(key)) {
    if (known_.size() >= kMaxKnown) known_.clear();
    known_[key] = result;
    changed_ = true;
  }
  return result;
}

std::string DigestCache::encode() const {
  Json files = Json::array();
  for (const auto& [key, digest] : known_) {
    const auto& [device, inode, size, modified, changed] = key;
    files.push_back({std::to_string(device), std::to_string(inode), std::to_string(size),
                     std::to_string(modified), std::to_string(changed), to_hex(digest)});
  }
  return to_canonical(
      {{"algorithm", to_string(algorithm_)}, {"files", files}, {"format", kFormat}});
}

void DigestCache::save() noexcept {
  if (file_.empty() || !changed_) return;
  try {
    write_file_atomic(file_, encode(), 0600);
    changed_ = false;
  } catch (const std::exception&) {
    // The next run hashes again.
  }
}

}  // namespace mlprov
