#include <fcntl.h>

#include <system_error>

#include "mlprov/support/error.h"
#include "mlprov/support/file.h"
#include "store/json_fields.h"
#include "store/log_publish.h"
#include "store/schema.h"
#include "store/store_impl.h"

namespace mlprov {
namespace {

using namespace store;

constexpr char kMeta[] = "store";

void make_folder(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (!error && std::filesystem::is_directory(folder)) return;
  throw Error(ErrorCode::kIo, "cannot make the store's folder " + folder.string() + ": " +
                                  (error ? error.message() : "a file stands in its place"));
}

void make_folders(const StoreFolder& folder) {
  make_folder(folder.root);
  make_folder(folder.locks());
  make_folder(folder.objects());
  const auto ignore = folder.root / ".gitignore";
  if (!std::filesystem::exists(ignore)) write_file_atomic(ignore, "*\n");
}

/// Makes log and tables in one transaction: whoever comes second finds them there.
void fill_blank(const StoreFolder& folder, Database& database) {
  Transaction transaction(database);
  if (!is_blank(database)) return;
  const auto signer = std::make_shared<const NoteSigner>(LocalLog::create(folder.log()));
  create_schema(database);
  const RowSeal seal(signer->verifier, signer);
  const std::string body =
      to_canonical({{"format", "mlprov-store-v1"}, {"log", signer->verifier.to_string()}});
  Query(database, "INSERT INTO meta(name, body, seal) VALUES(?, ?, ?)")
      .bind(kMeta)
      .bind(body)
      .bind(ByteView(seal.sign("meta", body)))
      .run();
  transaction.commit();
}

/// The log that the database names. The row is sealed by that log's own key: it says nothing
/// about who made it, which the statements' signatures do.
NoteVerifier read_verifier(Database& database) {
  Query query(database, "SELECT body, seal FROM meta WHERE name = ?");
  query.bind(kMeta);
  if (!query.step()) altered("it does not name its log");
  const Json body = parse_canonical(query.text(0));
  NoteVerifier verifier = NoteVerifier::parse(text_field(body, "log"));
  (void)RowSeal(verifier, nullptr).open("meta", kMeta, query.text(0), query.blob(1));
  return verifier;
}

Database open_database(const StoreFolder& folder, const StoreOptions& options, OpenMode mode) {
  Database database(folder.database(), mode, options.busy_timeout, options.vfs);
  if (options.max_pages > 0) {
    database.value("PRAGMA max_page_count=" + std::to_string(options.max_pages));
  }
  return database;
}

/// Reading needs the journal's files, which cannot be made in a folder that cannot be written;
/// when there are none, the database file alone is the whole truth.
Database open_for_reading(const StoreFolder& folder, const StoreOptions& options) {
  Database database = open_database(folder, options, OpenMode::kRead);
  try {
    database.value("SELECT count(*) FROM sqlite_schema");
    return database;
  } catch (const Error& error) {
    const auto wal = folder.database().string() + "-wal";
    const auto journal = folder.database().string() + "-journal";
    if (error.code() != ErrorCode::kIo || std::filesystem::exists(wal) ||
        std::filesystem::exists(journal)) {
      throw;
    }
  }
  return open_database(folder, options, OpenMode::kReadImmutable);
}

std::unique_ptr<Store::Impl> assemble(const StoreFolder& folder, const StoreOptions& options,
                                      JournalMode journal, Database database) {
  check_schema(database);
  NoteVerifier verifier = read_verifier(database);
  auto impl = std::make_unique<Store::Impl>(folder, options, std::move(journal),
                                            std::move(database), std::move(verifier));
  if (options.access == StoreAccess::kWrite) {
    impl->require_write();
    catch_up(*impl);
  }
  return impl;
}

std::unique_ptr<Store::Impl> open_writing(const StoreFolder& folder, const StoreOptions& options,
                                          OpenMode mode) {
  JournalMode journal = choose_journal(folder.root, options.journal);
  Database database = open_database(folder, options, mode);
  journal = apply_journal(database, std::move(journal));
  if (mode == OpenMode::kCreate) fill_blank(folder, database);
  return assemble(folder, options, std::move(journal), std::move(database));
}

void require_store(const StoreFolder& folder) {
  std::error_code ignored;
  if (std::filesystem::exists(folder.database(), ignored)) return;
  throw Error(ErrorCode::kNotFound,
              "there is no store in " + folder.root.string() + ": `mlprov init` makes one");
}

}  // namespace

Store::Impl::Impl(StoreFolder folder_, StoreOptions options_, JournalMode journal_,
                  Database database_, NoteVerifier verifier)
    : folder(std::move(folder_)),
      options(std::move(options_)),
      journal(std::move(journal_)),
      database(std::move(database_)),
      log(folder.log(), std::move(verifier)),
      seal(log.verifier(), log.signer()),
      vkey(log.verifier().to_string()) {}

void Store::Impl::require_write() const {
  if (!writable()) throw Error(ErrorCode::kUsage, "the store was opened for reading only");
  if (!log.problem().empty()) throw Error(ErrorCode::kConflict, log.problem());
  if (!seal.can_sign()) {
    throw Error(ErrorCode::kIo, "the store cannot be written: the key of its log, " +
                                    folder.log_key().string() + ", is missing or cannot be read");
  }
}

Store Store::init(const StoreFolder& given, const StoreOptions& options) {
  const StoreFolder folder{std::filesystem::absolute(given.root)};
  make_folders(folder);
  StoreOptions writing = options;
  writing.access = StoreAccess::kWrite;
  return Store(open_writing(folder, writing, OpenMode::kCreate));
}

Store Store::open(const StoreFolder& given, const StoreOptions& options) {
  // The process may change its folder later.
  const StoreFolder folder{std::filesystem::absolute(given.root)};
  require_store(folder);
  if (options.access == StoreAccess::kWrite) {
    return Store(open_writing(folder, options, OpenMode::kWrite));
  }
  Database database = open_for_reading(folder, options);
  const bool wal = database.value("PRAGMA journal_mode") == "wal";
  return Store(assemble(folder, options, {wal, "as it was found"}, std::move(database)));
}

Store::Store(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Store::~Store() = default;
Store::Store(Store&&) noexcept = default;
Store& Store::operator=(Store&&) noexcept = default;

const StoreFolder& Store::folder() const noexcept { return impl_->folder; }
const std::string& Store::log_vkey() const noexcept { return impl_->vkey; }

std::string Store::journal() const {
  return std::string(impl_->journal.wal ? "wal" : "rollback") + ": " + impl_->journal.reason;
}

}  // namespace mlprov

namespace mlprov::store {

void altered(const std::string& what) {
  throw Error(ErrorCode::kMalformed, "the store has been altered: " + what);
}

SealedRow seal_row(const Store::Impl& impl, std::string_view table, const Json& body) {
  SealedRow row;
  row.body = to_canonical(body);
  row.seal = impl.seal.sign(table, row.body);
  return row;
}

}  // namespace mlprov::store
