#pragma once

#include <memory>
#include <string>
#include <vector>

#include "mlprov/store/store.h"
#include "store/journal.h"
#include "store/local_log.h"
#include "store/row_seal.h"
#include "store/sqlite.h"

namespace mlprov {

/// One open store. The work is done by the functions of src/store, one file a concern, on this.
struct Store::Impl {
  Impl(StoreFolder folder_, StoreOptions options_, store::JournalMode journal_,
       store::Database database_, NoteVerifier verifier);

  /// Throws `kUsage` when opened for reading, `kConflict` when log and database do not match.
  void require_write() const;
  /// The log's tree, extended by what other processes have appended. Throws `kMalformed` when the
  /// numbers have a gap.
  const store::LogTree& log_tree();
  bool writable() const noexcept { return options.access == StoreAccess::kWrite; }

  StoreFolder folder;
  StoreOptions options;
  store::JournalMode journal;
  store::Database database;
  store::LocalLog log;
  store::RowSeal seal;
  std::string vkey;

 private:
  store::LogTree tree_;
};

}  // namespace mlprov

namespace mlprov::store {

/// Canonical JSON of a sealed row, ready to be written.
struct SealedRow {
  std::string body;
  Bytes seal;
};
SealedRow seal_row(const Store::Impl& impl, std::string_view table, const Json& body);

/// Opens every counter's row; throws at the first that does not hold.
void check_counters(Store::Impl& impl);

/// Throws `kMalformed` with "the store: " and where.
[[noreturn]] void altered(const std::string& what);

}  // namespace mlprov::store
