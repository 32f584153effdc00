#pragma once

#include <sqlite3.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "mlprov/support/bytes.h"

namespace mlprov::store {

class Database;

/// One prepared statement. Columns are read with their types checked: a value of another type
/// than the schema's is `kMalformed`, since only a hand from outside can have put it there.
class Query {
 public:
  Query(Database& database, std::string_view sql);

  /// Binds the next parameter, in order. Text and blobs are copied.
  Query& bind(std::uint64_t value);
  Query& bind(std::string_view text);
  Query& bind(const std::string& text) { return bind(std::string_view(text)); }
  Query& bind(const char* text) { return bind(std::string_view(text)); }
  Query& bind(ByteView blob);
  Query& bind_null();

  /// Moves to the next row; false when there is none.
  bool step();
  /// Runs to the end; for statements that give no rows. Returns the number of changed rows.
  int run();
  /// Makes the query ready for new parameters.
  void reset();

  bool is_null(int column) const;
  std::uint64_t integer(int column) const;
  /// Views of the current row, valid until the next step.
  std::string_view text(int column) const;
  ByteView blob(int column) const;
  Digest32 digest(int column) const;

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const noexcept { sqlite3_finalize(statement); }
  };

  void check(int code, const char* doing) const;
  void require_type(int column, int type) const;

  Database* database_;
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
  int next_parameter_ = 1;
};

enum class OpenMode { kRead, kReadImmutable, kWrite, kCreate };

/// One connection. A forked child must not touch it; its destructor then lets the handle leak,
/// since closing it there could disturb the parent's journal.
class Database {
 public:
  Database(const std::filesystem::path& file, OpenMode mode, std::chrono::milliseconds busy_timeout,
           const std::string& vfs = "");
  ~Database();
  Database(Database&& other) noexcept;
  Database& operator=(Database&&) = delete;

  sqlite3* handle() const noexcept { return handle_; }
  const std::filesystem::path& file() const noexcept { return file_; }

  /// Runs SQL without parameters or rows.
  void execute(const char* sql);
  /// First column of the first row of a pragma or select, as text.
  std::string value(const std::string& sql);
  /// True when the last call failed because another connection holds the database.
  bool is_busy() const noexcept { return (sqlite3_errcode(handle_) & 0xFF) == SQLITE_BUSY; }
  /// Throws `kUsage` in a forked child.
  void require_own_process() const;

  /// Turns a failure into an Error: kIo, kMalformed (damaged) or kInternal.
  [[noreturn]] void fail(int code, const std::string& doing) const;

 private:
  std::filesystem::path file_;
  sqlite3* handle_ = nullptr;
  int owner_ = 0;
};

/// A write transaction, begun at once so that it never has to be upgraded. Rolled back unless
/// committed.
class Transaction {
 public:
  explicit Transaction(Database& database);
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  /// Returns when it is durable.
  void commit();

 private:
  Database& database_;
  bool open_ = true;
};

/// A read transaction: everything inside sees one state.
class Snapshot {
 public:
  explicit Snapshot(Database& database);
  ~Snapshot();
  Snapshot(const Snapshot&) = delete;
  Snapshot& operator=(const Snapshot&) = delete;

 private:
  Database& database_;
  bool nested_;
};

}  // namespace mlprov::store
