#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

#include "mlprov/digest/hasher.h"
#include "mlprov/support/error.h"
#include "mlprov/support/hex.h"
#include "mlprov/support/random.h"
#include "store/json_fields.h"
#include "store/store_impl.h"

namespace mlprov {
namespace {

using namespace store;

[[noreturn]] void fail(const char* doing, const std::filesystem::path& path) {
  const int code = errno;
  const auto kind = code == ENOENT ? ErrorCode::kNotFound : ErrorCode::kIo;
  throw Error(kind, std::string(doing) + " " + path.string() + ": " +
                        std::generic_category().message(code));
}

class Descriptor {
 public:
  Descriptor(const std::filesystem::path& path, int flags, const char* doing)
      : fd_(::open(path.c_str(), flags | O_CLOEXEC, 0644)) {
    if (fd_ < 0) fail(doing, path);
  }
  ~Descriptor() { ::close(fd_); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const noexcept { return fd_; }

 private:
  int fd_;
};

void write_all(int fd, ByteView bytes, const std::filesystem::path& path) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail("cannot write", path);
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
}

/// Copies and hashes in one pass: the name is the digest of what was written, not of what the
/// file holds a moment later.
Digest32 copy_hashed(const std::filesystem::path& from, const std::filesystem::path& to,
                     Algorithm algorithm) {
  const Descriptor source(from, O_RDONLY, "cannot read");
  const Descriptor target(to, O_WRONLY | O_CREAT | O_EXCL, "cannot write");
  const auto hasher = HashFactory::create(algorithm);
  Bytes buffer(std::size_t{1} << 20);
  while (true) {
    const ssize_t got = ::read(source.get(), buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail("cannot read", from);
    if (got == 0) break;
    const ByteView piece = ByteView(buffer).first(static_cast<std::size_t>(got));
    hasher->update(piece);
    write_all(target.get(), piece, to);
  }
  if (::fsync(target.get()) != 0) fail("cannot write", to);
  const Bytes digest = hasher->finish();
  Digest32 result{};
  std::copy_n(digest.begin(), result.size(), result.begin());
  return result;
}

std::filesystem::path object_path(const StoreFolder& folder, Algorithm algorithm,
                                  const Digest32& digest) {
  const std::string hex = to_hex(digest);
  return folder.objects() / std::string(to_string(algorithm)) / hex.substr(0, 2) / hex;
}

std::filesystem::path temporary_in(const std::filesystem::path& folder) {
  std::array<std::uint8_t, 8> tag;
  fill_random(tag);
  return folder / ("." + to_hex(tag) + ".tmp");
}

std::uint64_t read_counter(Store::Impl& impl, const Query& query) {
  const std::string name(query.text(0));
  const Json body = impl.seal.open("counters", name, query.text(1), query.blob(2));
  if (text_field(body, "name") != name) altered("a counter has another's row");
  return number_field(body, "value");
}

std::uint64_t count(Database& database, const char* sql) {
  Query query(database, sql);
  query.step();
  return query.integer(0);
}

}  // namespace

Digest32 Store::keep_file(Algorithm algorithm, const std::filesystem::path& path) {
  impl_->require_write();
  if (!is_tree_algorithm(algorithm)) {
    throw Error(ErrorCode::kUsage, "files are kept under 32-byte digests only");
  }
  const auto temporary = temporary_in(impl_->folder.objects());
  try {
    const Digest32 digest = copy_hashed(path, temporary, algorithm);
    const auto target = object_path(impl_->folder, algorithm, digest);
    std::filesystem::create_directories(target.parent_path());
    std::filesystem::rename(temporary, target);
    return digest;
  } catch (const std::filesystem::filesystem_error& error) {
    ::unlink(temporary.c_str());
    throw Error(ErrorCode::kIo, "cannot keep " + path.string() + ": " + error.code().message());
  } catch (...) {
    ::unlink(temporary.c_str());
    throw;
  }
}

std::optional<std::filesystem::path> Store::kept_file(Algorithm algorithm,
                                                      const Digest32& digest) const {
  const auto path = object_path(impl_->folder, algorithm, digest);
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(path, ignored)) return std::nullopt;
  return path;
}

std::uint64_t Store::next_counter(const std::string& name, std::uint64_t at_least) {
  impl_->require_write();
  Transaction transaction(impl_->database);
  std::uint64_t value = at_least;
  {
    Query query(impl_->database, "SELECT name, body, seal FROM counters WHERE name = ?");
    query.bind(name);
    if (query.step()) value = std::max(value, read_counter(*impl_, query) + 1);
  }
  const SealedRow row = seal_row(*impl_, "counters", {{"name", name}, {"value", value}});
  Query(impl_->database,
        "INSERT INTO counters(name, body, seal) VALUES(?, ?, ?) "
        "ON CONFLICT(name) DO UPDATE SET body = excluded.body, seal = excluded.seal")
      .bind(name)
      .bind(row.body)
      .bind(ByteView(row.seal))
      .run();
  transaction.commit();
  return value;
}

void store::check_counters(Store::Impl& impl) {
  Query query(impl.database, "SELECT name, body, seal FROM counters");
  while (query.step()) (void)read_counter(impl, query);
}

StoreCounters Store::counters() {
  const Snapshot snapshot(impl_->database);
  Database& database = impl_->database;
  StoreCounters counters;
  counters.runs = count(database, "SELECT count(*) FROM runs");
  counters.statements = count(database, "SELECT count(*) FROM statements");
  counters.log_size = impl_->log_tree().size();
  counters.directories = count(database, "SELECT count(*) FROM directories WHERE part = 0");
  counters.objects = count(database, "SELECT count(*) FROM objects");
  counters.outbox_open =
      count(database, "SELECT count(*) FROM outbox WHERE state NOT IN ('final', 'abandoned')");
  counters.database_bytes =
      count(database, "PRAGMA page_count") * count(database, "PRAGMA page_size");
  return counters;
}

}  // namespace mlprov
