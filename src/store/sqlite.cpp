#include "store/sqlite.h"

#include <unistd.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "mlprov/support/error.h"

namespace mlprov::store {
namespace {

[[noreturn]] void malformed(const Database& database, const std::string& what) {
  throw Error(ErrorCode::kMalformed, database.file().string() + ": " + what);
}

int open_flags(OpenMode mode) {
  const int common = SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX;
  if (mode == OpenMode::kCreate) return common | SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  if (mode == OpenMode::kWrite) return common | SQLITE_OPEN_READWRITE;
  return common | SQLITE_OPEN_READONLY;
}

/// A URI for any path: only then can `immutable` be asked for.
std::string file_uri(const std::filesystem::path& file, OpenMode mode) {
  static constexpr char kDigits[] = "0123456789ABCDEF";
  static constexpr std::string_view kPlain = "-._~/";
  std::string uri = "file:";
  for (const char c : std::filesystem::absolute(file).string()) {
    const auto byte = static_cast<unsigned char>(c);
    const bool alphanumeric = (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') ||
                              (byte >= 'a' && byte <= 'z');
    if (alphanumeric || kPlain.find(c) != std::string_view::npos) {
      uri += c;
    } else {
      uri += '%';
      uri += kDigits[byte >> 4];
      uri += kDigits[byte & 15];
    }
  }
  if (mode == OpenMode::kReadImmutable) uri += "?immutable=1";
  return uri;
}

/// What a person can do about it.
std::string way_out(int code) {
  switch (code & 0xFF) {
    case SQLITE_FULL:
      return "the disk is full: free some space and run it again";
    case SQLITE_READONLY:
    case SQLITE_PERM:
      return "it cannot be written: check its permissions and the file system's";
    case SQLITE_CANTOPEN:
      return "it cannot be opened: check that the folder exists and its permissions";
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return "another process holds the store for too long: try again when it has finished";
    case SQLITE_IOERR:
      return "the file system refused to read or write: check its space and its limits";
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return "it is damaged or no database: restore it from a copy";
    default:
      return "the database gave an error";
  }
}

ErrorCode kind_of(int code) {
  switch (code & 0xFF) {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_MISMATCH:
    case SQLITE_TOOBIG:
      return ErrorCode::kMalformed;
    case SQLITE_FULL:
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_CANTOPEN:
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_IOERR:
    case SQLITE_AUTH:
    case SQLITE_PROTOCOL:
      return ErrorCode::kIo;
    default:
      return ErrorCode::kInternal;
  }
}

}  // namespace

Database::Database(const std::filesystem::path& file, OpenMode mode,
                   std::chrono::milliseconds busy_timeout, const std::string& vfs)
    : file_(file), owner_(::getpid()) {
  const int code = sqlite3_open_v2(file_uri(file, mode).c_str(), &handle_, open_flags(mode),
                                   vfs.empty() ? nullptr : vfs.c_str());
  if (code != SQLITE_OK) {
    const std::string reason = way_out(code);
    sqlite3_close_v2(std::exchange(handle_, nullptr));
    throw Error(kind_of(code), "cannot open " + file.string() + ": " + reason);
  }
  sqlite3_extended_result_codes(handle_, 1);
  sqlite3_busy_timeout(handle_, static_cast<int>(busy_timeout.count()));
  // A store from elsewhere may hold anything: no code of its schema runs, no shadow is written.
  sqlite3_db_config(handle_, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(handle_, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  sqlite3_db_config(handle_, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, nullptr);
  sqlite3_db_config(handle_, SQLITE_DBCONFIG_ENABLE_VIEW, 0, nullptr);
}

Database::~Database() {
  if (handle_ != nullptr && owner_ == ::getpid()) sqlite3_close_v2(handle_);
}

Database::Database(Database&& other) noexcept
    : file_(std::move(other.file_)),
      handle_(std::exchange(other.handle_, nullptr)),
      owner_(other.owner_) {}

void Database::require_own_process() const {
  if (owner_ == ::getpid()) return;
  throw Error(ErrorCode::kUsage, "a store cannot be used in a forked process: open it again there");
}

void Database::fail(int code, const std::string& doing) const {
  std::string detail = handle_ != nullptr ? sqlite3_errmsg(handle_) : sqlite3_errstr(code);
  throw Error(kind_of(code),
              doing + " " + file_.string() + ": " + way_out(code) + " (" + detail + ")");
}

void Database::execute(const char* sql) {
  require_own_process();
  const int code = sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) fail(code, "cannot write to");
}

std::string Database::value(const std::string& sql) {
  Query query(*this, sql);
  if (!query.step() || query.is_null(0)) return {};
  return std::string(query.text(0));
}

Query::Query(Database& database, std::string_view sql) : database_(&database) {
  database.require_own_process();
  sqlite3_stmt* statement = nullptr;
  const int code = sqlite3_prepare_v2(database.handle(), sql.data(), static_cast<int>(sql.size()),
                                      &statement, nullptr);
  statement_.reset(statement);
  check(code, "cannot read");
}

void Query::check(int code, const char* doing) const {
  if (code != SQLITE_OK) database_->fail(code, doing);
}

Query& Query::bind(std::uint64_t value) {
  if (value > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
    throw Error(ErrorCode::kTooLarge, "a number over 2^63 - 1 cannot be stored");
  }
  check(sqlite3_bind_int64(statement_.get(), next_parameter_++, static_cast<sqlite3_int64>(value)),
        "cannot write to");
  return *this;
}

Query& Query::bind(std::string_view text) {
  // An empty view may have no address, which SQLite would take for NULL.
  check(sqlite3_bind_text64(statement_.get(), next_parameter_++, text.empty() ? "" : text.data(),
                            text.size(), SQLITE_TRANSIENT, SQLITE_UTF8),
        "cannot write to");
  return *this;
}

Query& Query::bind(ByteView blob) {
  const int code = blob.empty() ? sqlite3_bind_zeroblob(statement_.get(), next_parameter_++, 0)
                                : sqlite3_bind_blob64(statement_.get(), next_parameter_++,
                                                      blob.data(), blob.size(), SQLITE_TRANSIENT);
  check(code, "cannot write to");
  return *this;
}

Query& Query::bind_null() {
  check(sqlite3_bind_null(statement_.get(), next_parameter_++), "cannot write to");
  return *this;
}

bool Query::step() {
  database_->require_own_process();
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  const bool reads = sqlite3_stmt_readonly(statement_.get()) != 0;
  sqlite3_reset(statement_.get());
  database_->fail(code, reads ? "cannot read" : "cannot write to");
}

int Query::run() {
  while (step()) {
  }
  return sqlite3_changes(database_->handle());
}

void Query::reset() {
  sqlite3_reset(statement_.get());
  sqlite3_clear_bindings(statement_.get());
  next_parameter_ = 1;
}

bool Query::is_null(int column) const {
  return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL;
}

void Query::require_type(int column, int type) const {
  if (sqlite3_column_type(statement_.get(), column) == type) return;
  const char* name = sqlite3_column_name(statement_.get(), column);
  malformed(*database_, "a value of `" + std::string(name == nullptr ? "?" : name) +
                            "` has another type than the store gives it");
}

std::uint64_t Query::integer(int column) const {
  require_type(column, SQLITE_INTEGER);
  const sqlite3_int64 value = sqlite3_column_int64(statement_.get(), column);
  if (value < 0) malformed(*database_, "a number is negative");
  return static_cast<std::uint64_t>(value);
}

std::string_view Query::text(int column) const {
  const int type = sqlite3_column_type(statement_.get(), column);
  if (type != SQLITE_INTEGER) require_type(column, SQLITE_TEXT);
  const auto* text = sqlite3_column_text(statement_.get(), column);
  const int size = sqlite3_column_bytes(statement_.get(), column);
  return {reinterpret_cast<const char*>(text), static_cast<std::size_t>(size)};
}

ByteView Query::blob(int column) const {
  require_type(column, SQLITE_BLOB);
  const void* data = sqlite3_column_blob(statement_.get(), column);
  const int size = sqlite3_column_bytes(statement_.get(), column);
  return {static_cast<const std::uint8_t*>(data), static_cast<std::size_t>(size)};
}

Digest32 Query::digest(int column) const {
  const ByteView bytes = blob(column);
  Digest32 digest{};
  if (bytes.size() != digest.size()) malformed(*database_, "a digest has not 32 bytes");
  std::copy(bytes.begin(), bytes.end(), digest.begin());
  return digest;
}

Transaction::Transaction(Database& database) : database_(database) {
  database_.execute("BEGIN IMMEDIATE");
}

Transaction::~Transaction() {
  if (!open_) return;
  // SQLite may have rolled back by itself (disk full); then this says so and is ignored.
  sqlite3_exec(database_.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
}

void Transaction::commit() {
  database_.execute("COMMIT");
  open_ = false;
}

Snapshot::Snapshot(Database& database)
    : database_(database), nested_(sqlite3_get_autocommit(database.handle()) == 0) {
  if (!nested_) database_.execute("BEGIN");
}

Snapshot::~Snapshot() {
  if (!nested_) sqlite3_exec(database_.handle(), "COMMIT", nullptr, nullptr, nullptr);
}

}  // namespace mlprov::store
