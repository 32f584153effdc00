#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mlprov/record/bundle.h"
#include "mlprov/store/doctor.h"
#include "mlprov/store/outbox.h"
#include "mlprov/store/run_lock.h"
#include "mlprov/store/run_record.h"
#include "mlprov/store/store_folder.h"

namespace mlprov {

enum class StoreAccess { kRead, kWrite };

/// How SQLite keeps its journal. `kAuto`: a write-ahead log, or a rollback journal where the file
/// system is a network's or cannot share memory maps.
enum class JournalChoice { kAuto, kWal, kRollback };

struct StoreOptions {
  StoreAccess access = StoreAccess::kWrite;
  JournalChoice journal = JournalChoice::kAuto;
  /// How long one call waits for other processes that write.
  std::chrono::milliseconds busy_timeout{30'000};

  // For tests.
  std::uint64_t max_pages = 0;  ///< Database full at so many pages; 0: no limit.
  std::string vfs;              ///< SQLite's file layer; empty: its default.
};

/// A new run.
struct RunStart {
  std::string run;  ///< From `new_run_id`.
  std::string name;
  Algorithm algorithm = Algorithm::kBlake3;
  UtcSeconds started{};
  std::vector<std::string> tags;
};

/// A statement with what it brings. Borrowed for the call.
struct NewStatement {
  const SignedStatement& statement;
  /// Directories and objects that the statement's tree needs. Those that the store has are
  /// skipped, as are objects over 64 KiB: their entries stay `bound`.
  const DirectoryMap& directories;
  const std::map<Digest32, Bytes>& objects;
  std::vector<std::string> networks;  ///< One outbox row each.
  std::vector<std::string> clears;    ///< Saved states that the statement takes the place of.
};

struct Appended {
  std::uint64_t log_index = 0;
  /// Why the statement is not in the log's tiles and checkpoint yet, though it is stored and has
  /// its number; empty when it is. The next append or open for writing catches up.
  std::string log_problem;
};

/// A run as it is stored: every signature, digest and link checked on the way.
struct LoadedRun {
  RunRecord record;
  Bundle bundle;                      ///< With log and inclusion as far as the log is signed.
  std::vector<std::string> warnings;  ///< E.g. why there is no log.
};

struct StoreCounters {
  std::uint64_t runs = 0;
  std::uint64_t statements = 0;
  std::uint64_t log_size = 0;
  std::uint64_t directories = 0;
  std::uint64_t objects = 0;
  std::uint64_t outbox_open = 0;
  std::uint64_t database_bytes = 0;
};

/// The records of a project: runs, trees, receipts, outbox, and the local log that orders them
/// (docs/store.md). One SQLite database; several processes may read and write at once. An object
/// is one connection: use it from one thread at a time, never in a forked child.
///
/// Durability: a writing call returns when its transaction is on disk (synchronous=FULL), or it
/// throws and nothing of it is there. The log's tiles and checkpoint follow after the commit.
///
/// Trust: nothing that can be edited is believed. Statements carry signatures, trees and objects
/// their digests, the log its checkpoint; every other row is sealed by the log's key. What does
/// not hold gives `kMalformed`, naming the place.
///
/// Errors of all calls: `kIo` (disk full, read-only, another process holds the store for too
/// long), `kMalformed` (altered), `kNotFound`.
class Store {
 public:
  /// Makes the folder with everything in it, or opens it when it is there. Safe when several
  /// processes do it at once.
  static Store init(const StoreFolder& folder, const StoreOptions& options = {});

  /// Opens an existing store. `kNotFound` names the way to make one; `kUnsupported` when a newer
  /// mlprov wrote it; for writing, `kConflict` when database and log do not belong together: an
  /// older database was put back, or another log stands in the log's place.
  static Store open(const StoreFolder& folder, const StoreOptions& options = {});

  ~Store();
  Store(Store&&) noexcept;
  Store& operator=(Store&&) noexcept;

  const StoreFolder& folder() const noexcept;
  /// The log's verifier key, as statements name it.
  const std::string& log_vkey() const noexcept;
  /// `wal` or `rollback`, and why.
  std::string journal() const;

  // Runs. -------------------------------------------------------------------------------------

  /// Registers a run and takes its lock. Throws `kConflict` when the id exists.
  [[nodiscard]] RunLock begin_run(const RunStart& start);
  /// Takes a lock on a run that another process has begun. Throws `kNotFound`.
  [[nodiscard]] RunLock join_run(const std::string& run);

  /// Stores a statement, gives it its number in the log and writes its outbox rows, all in one
  /// transaction; then extends the log. Throws `kConflict` when the statement does not follow on
  /// the run's last one, `kUsage` when it names another log or run.
  Appended append(const NewStatement& statement);

  /// Keeps a state under a name until a statement or `drop_state` takes its place: an epoch whose
  /// loop is over but whose metrics are not in. Replaces one of the same name.
  void save_state(const std::string& run, const std::string& name, const Json& body,
                  const DirectoryMap& directories = {},
                  const std::map<Digest32, Bytes>& objects = {});
  std::map<std::string, Json> saved_states(const std::string& run);
  void drop_state(const std::string& run, const std::string& name);

  /// Notes how a run ended. Later calls replace the end and add their reasons.
  void end_run(const std::string& run, RunEnd end, const std::vector<std::string>& reasons = {});
  void add_tag(const std::string& run, const std::string& tag);
  void remove_tag(const std::string& run, const std::string& tag);

  /// The run that `text` means: `latest`, an id, a name (the newest of that name), or a unique
  /// prefix of at least 4 characters. Throws `kNotFound`, or `kConflict` listing the candidates.
  std::string find_run(std::string_view text);

  RunRecord record(const std::string& run);
  RunStatus status(const std::string& run);
  /// All runs, oldest first. A run that does not hold is listed, with its problems.
  std::vector<RunSummary> list_runs();
  RunSummary summary(const std::string& run);

  /// SHA-256 of the run's last statement, or nothing.
  std::optional<Digest32> last_statement(const std::string& run);

  /// The run as a bundle that carries all that is stored. Throws `kNotFound` while it has no
  /// statement.
  LoadedRun load(const std::string& run);

  /// Takes in a bundle that the caller has verified; the record says `imported`. The same bundle
  /// again does nothing; a longer one of an imported run replaces it; anything else under an id
  /// that exists is a `kConflict`. Returns the id.
  std::string import_bundle(const Bundle& bundle, const std::string& name = "");

  // What vouches for statements. ----------------------------------------------------------------

  void add_cosignature(const std::string& run, const Digest32& statement,
                       const Cosignature& cosignature);
  /// Adds or replaces the receipt of that driver and name.
  void put_receipt(const std::string& run, const Digest32& statement, const Receipt& receipt);

  // Outbox. -------------------------------------------------------------------------------------

  /// Items that are not final or abandoned, in order of their time; all when `include_done`.
  std::vector<OutboxItem> outbox(bool include_done = false);
  /// Adds a row later (`mlprov anchor RUN --network N`); the one that is there when it exists.
  OutboxItem enqueue(const std::string& run, const Digest32& statement, const std::string& network);
  /// Takes the next item that is due, so that no other process takes it before `now + lease`.
  std::optional<OutboxItem> claim_due(UtcSeconds now, std::chrono::seconds lease,
                                      const std::string& network = "");
  /// Writes an item back, with the receipt when there is one, in one transaction.
  void update_outbox(const OutboxItem& item, const std::optional<Receipt>& receipt = {});

  // Objects too large for the database. ---------------------------------------------------------

  /// Keeps a copy of a file under its digest in `objects/`, when the user asks for it.
  Digest32 keep_file(Algorithm algorithm, const std::filesystem::path& path);
  /// Where that copy lies, or nothing. Its bytes are for the caller to check.
  std::optional<std::filesystem::path> kept_file(Algorithm algorithm, const Digest32& digest) const;

  // The log and the store as a whole. -----------------------------------------------------------

  /// The signed checkpoint on disk, checked against the log's key.
  std::string checkpoint();
  /// Extends tiles and checkpoint to all statements. Throws `kConflict` when that would not
  /// continue the checkpoint on disk.
  void publish_log();
  /// Writes all tiles again from the database; the checkpoint must hold for it (`kConflict`).
  void rebuild_log();
  /// True when the log as it is now continues the one that a checkpoint from elsewhere (an older
  /// bundle) shows. Throws `kMalformed` for a checkpoint that this log's key did not sign.
  bool continues(std::string_view older_checkpoint);

  /// A number that only grows, one a name: `ethereum/sepolia/0x...` nonces and the like. Returns
  /// the next value and keeps it; at least `at_least`.
  std::uint64_t next_counter(const std::string& name, std::uint64_t at_least = 0);
  StoreCounters counters();
  /// Looks at everything. Slow on a large store; never throws for what it finds.
  DoctorReport doctor();

  struct Impl;

 private:
  explicit Store(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace mlprov
