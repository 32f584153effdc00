#include <gtest/gtest.h>
#include <sqlite3.h>

#include <fstream>
#include <functional>
#include <random>

#include "mlprov/identity/wallet.h"
#include "mlprov/log/checkpoint.h"
#include "mlprov/support/error.h"
#include "mlprov/support/file.h"
#include "mlprov/support/hex.h"
#include "store/fixture.h"

namespace mlprov {
namespace {

using mlprov::testing::FastFolder;
using mlprov::testing::folder_in;
using mlprov::testing::TempFolder;
using mlprov::testing::Trainer;

/// A hand from outside, with SQLite and nothing of mlprov's.
class Forger {
 public:
  explicit Forger(const StoreFolder& folder) {
    EXPECT_EQ(sqlite3_open(folder.database().c_str(), &handle_), SQLITE_OK);
  }
  ~Forger() { sqlite3_close(handle_); }
  Forger(const Forger&) = delete;
  Forger& operator=(const Forger&) = delete;

  /// Rows of text; a null is empty.
  std::vector<std::vector<std::string>> query(const std::string& sql) {
    std::vector<std::vector<std::string>> rows;
    sqlite3_stmt* statement = nullptr;
    EXPECT_EQ(sqlite3_prepare_v2(handle_, sql.c_str(), -1, &statement, nullptr), SQLITE_OK)
        << sql << ": " << sqlite3_errmsg(handle_);
    while (sqlite3_step(statement) == SQLITE_ROW) {
      auto& row = rows.emplace_back();
      for (int i = 0; i < sqlite3_column_count(statement); ++i) {
        const auto* text = sqlite3_column_text(statement, i);
        row.emplace_back(text == nullptr ? "" : reinterpret_cast<const char*>(text));
      }
    }
    sqlite3_finalize(statement);
    return rows;
  }

  /// Returns whether SQLite took it (a constraint may stand against it).
  bool run(const std::string& sql) {
    return sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK;
  }

 private:
  sqlite3* handle_ = nullptr;
};

std::string metrics_text(const RunSummary& summary) {
  std::string text;
  for (const Metric& metric : summary.metrics) {
    text += metric.name + "=" + std::to_string(metric.value) + " ";
  }
  return text;
}

/// Every value that a verb prints of one run.
std::string print(const RunSummary& summary) {
  std::string text = summary.record.run + "|" + summary.name + "|" +
                     std::string(to_string(summary.status)) + "|" +
                     std::to_string(summary.statements) + "|" + std::to_string(summary.epochs) +
                     "|" + metrics_text(summary) + "|" + format_utc(summary.record.started);
  if (summary.author) text += "|" + to_string(*summary.author);
  if (summary.first_time) text += "|" + format_utc(*summary.first_time);
  if (summary.last_time) text += "|" + format_utc(*summary.last_time);
  if (summary.root) text += "|" + to_hex(*summary.root);
  for (const std::string& tag : summary.record.tags) text += "|#" + tag;
  for (const std::string& reason : summary.record.reasons) text += "|!" + reason;
  return text;
}

/// What mlprov makes of a store.
struct Look {
  std::map<std::string, std::string> runs;  ///< Printed values of runs without problems.
  std::map<std::string, std::string> bundles;
  bool noticed = false;
  std::string why;

  void notice(const std::string& text) {
    noticed = true;
    if (why.empty()) why = text;
  }
};

Look look_at(const StoreFolder& folder) {
  Look look;
  try {
    StoreOptions options;
    options.access = StoreAccess::kRead;
    Store store = Store::open(folder, options);
    for (const RunSummary& summary : store.list_runs()) {
      for (const std::string& problem : summary.problems) look.notice(problem);
      if (summary.problems.empty()) look.runs[summary.record.run] = print(summary);
      if (summary.statements == 0) continue;
      try {
        const LoadedRun loaded = store.load(summary.record.run);
        for (const std::string& warning : loaded.warnings) look.notice(warning);
        look.bundles[summary.record.run] = encode_bundle(loaded.bundle);
      } catch (const Error& error) {
        look.notice(error.what());
      }
    }
    for (const DoctorFinding& finding : store.doctor().findings) {
      if (finding.grade == DoctorFinding::Grade::kBad) look.notice(finding.text);
    }
  } catch (const Error& error) {
    look.notice(error.what());
  }
  return look;
}

/// A store with something in every table, and copies of it to spoil.
class TamperTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    pristine_ = new FastFolder;
    const PrivateKey key = PrivateKey::generate();
    const PrivateKey witness = PrivateKey::generate();
    Store store = Store::init(folder_in(*pristine_));
    Trainer finished(store, key, "finished", {"baseline"});
    finished.train(2);
    const Digest32 last = *store.last_statement(finished.id());
    store.add_cosignature(finished.id(), last, {witness.address(), cosign(witness, last)});
    store.put_receipt(finished.id(), last, {"ethereum", "sepolia", {{"block", 7}}});
    Trainer cut(store, key, "cut");
    cut.before({"ethereum"});
    cut.epoch(0.5);
    store.save_state(cut.id(), "epoch-2", {{"loss", "1"}});
    store.end_run(cut.id(), RunEnd::kFailed, {"the loss exploded"});
    store.next_counter("nonce", 5);
    import_one(store, key);
  }

  static void import_one(Store& store, const PrivateKey& key) {
    const FastFolder elsewhere;
    Store other = Store::init(folder_in(elsewhere));
    Trainer theirs(other, key, "theirs");
    theirs.train(1);
    store.import_bundle(other.load(theirs.id()).bundle);
  }

  static void TearDownTestSuite() {
    delete pristine_;
    pristine_ = nullptr;
  }

  void SetUp() override {
    original_ = look_at(folder_in(*pristine_));
    ASSERT_FALSE(original_.noticed) << original_.why;
    ASSERT_EQ(original_.runs.size(), 3u);
    ASSERT_EQ(original_.bundles.size(), 3u);
  }

  /// Copies the store, lets `spoil` at it, and looks. What is still printed without a problem
  /// must be the truth; `must_notice` demands that something was said.
  Look spoiled(const std::string& what, const std::function<void(const StoreFolder&)>& spoil,
               bool must_notice = true) {
    SCOPED_TRACE(what);
    const FastFolder copy;
    const StoreFolder folder = folder_in(copy);
    std::filesystem::copy(folder_in(*pristine_).root, folder.root,
                          std::filesystem::copy_options::recursive);
    spoil(folder);
    Look look = look_at(folder);
    EXPECT_TRUE(look.noticed || !must_notice);
    for (const auto& [run, text] : look.runs) {
      const auto found = original_.runs.find(run);
      if (found == original_.runs.end()) {
        ADD_FAILURE() << "a run appeared: " << text;
      } else {
        EXPECT_EQ(text, found->second);
      }
    }
    return look;
  }

  /// One update: it is noticed exactly when it changes anything.
  bool spoil_row(const std::string& sql) {
    bool changed = false;
    const auto spoil = [&](const StoreFolder& folder) {
      Forger forger(folder);
      changed = forger.run(sql) && forger.query("SELECT changes()")[0][0] == "1";
    };
    const Look look = spoiled(sql, spoil, false);
    EXPECT_EQ(look.noticed, changed) << sql << " " << look.why;
    return changed;
  }

  ErrorCode open_for_writing(const StoreFolder& folder, std::string* what = nullptr) {
    try {
      (void)Store::open(folder);
    } catch (const Error& error) {
      if (what != nullptr) *what = error.what();
      return error.code();
    }
    return ErrorCode::kInternal;
  }

  static FastFolder* pristine_;
  Look original_;
};

FastFolder* TamperTest::pristine_ = nullptr;

/// SQL that gives a column another value of the same kind.
std::vector<std::string> alterations(const std::string& column, const std::string& type) {
  if (type == "INTEGER") return {"COALESCE(" + column + ", 0) + 1", column + " + 100000"};
  if (type == "BLOB") {
    return {"CAST(substr(" + column + ", 1, length(" + column + ") - 1) || X'5A' AS BLOB)",
            "zeroblob(length(" + column + "))", "X''"};
  }
  return {"'{}'", column + " || 'x'", "replace(" + column + ", '1', '2')",
          "replace(" + column + ", 'e', 'f')"};
}

TEST_F(TamperTest, EveryColumnOfEveryRow) {
  std::vector<std::string> tables;
  int spoils = 0;
  {
    Forger forger(folder_in(*pristine_));
    for (const auto& row : forger.query("SELECT name FROM sqlite_schema WHERE type = 'table'")) {
      tables.push_back(row[0]);
    }
  }
  ASSERT_EQ(tables.size(), 10u);
  for (const std::string& table : tables) {
    std::vector<std::vector<std::string>> columns;
    std::vector<std::vector<std::string>> rows;
    {
      Forger forger(folder_in(*pristine_));
      columns = forger.query("SELECT name, type FROM pragma_table_info('" + table + "')");
      rows = forger.query("SELECT rowid FROM " + table);
    }
    ASSERT_FALSE(rows.empty()) << table << " is empty: the test does not reach it";
    for (const auto& column : columns) {
      for (const std::string& value : alterations(column[0], column[1])) {
        const std::string set = "UPDATE " + table + " SET " + column[0] + " = " + value +
                                " WHERE " + column[0] + " IS NOT " + value + " AND rowid = ";
        for (const auto& row : rows) spoils += spoil_row(set + row[0]) ? 1 : 0;
      }
    }
  }
  EXPECT_GT(spoils, 500);
}

TEST_F(TamperTest, RowsTakenAwayPutInOrMoved) {
  const char* const attacks[] = {
      "DELETE FROM statements WHERE log_index = 0",
      "DELETE FROM statements WHERE log_index = 2",
      "DELETE FROM statements WHERE log_index = (SELECT MAX(log_index) FROM statements)",
      "DELETE FROM statements WHERE log_index IS NULL AND ordinal = 1",
      "DELETE FROM runs WHERE sequence = 1",
      "DELETE FROM runs WHERE sequence = 3",
      "DELETE FROM meta",
      "DELETE FROM directories WHERE rowid = 3",
      "DELETE FROM objects",
      "INSERT INTO runs(sequence, run, name, body, seal) SELECT 9, "
      "'ffffffffffffffffffffffffffffffff',"
      " name, replace(body, run, 'ffffffffffffffffffffffffffffffff'), seal FROM runs LIMIT 1",
      "UPDATE runs SET body = (SELECT body FROM runs WHERE sequence = 2), seal = (SELECT seal FROM "
      "runs WHERE sequence = 2) WHERE sequence = 1",
      "UPDATE statements SET envelope = (SELECT envelope FROM statements WHERE log_index = 5) "
      "WHERE "
      "log_index = 1",
      "UPDATE receipts SET sha256 = (SELECT sha256 FROM statements WHERE log_index = 0)",
      "UPDATE cosignatures SET sha256 = (SELECT sha256 FROM statements WHERE log_index = 0)",
      "UPDATE outbox SET sha256 = (SELECT sha256 FROM statements WHERE log_index = 0)",
      "UPDATE states SET run = (SELECT run FROM runs WHERE sequence = 1)",
      "CREATE TRIGGER t AFTER INSERT ON runs BEGIN DELETE FROM runs; END",
      "CREATE TABLE extra(x)",
      "CREATE VIEW v AS SELECT 1",
      "DROP TABLE counters",
      "DROP INDEX runs_by_name",
      "ALTER TABLE runs ADD COLUMN more TEXT",
      "PRAGMA application_id = 1",
      "PRAGMA user_version = 0",
  };
  for (const char* sql : attacks) {
    spoiled(sql, [&](const StoreFolder& folder) {
      Forger forger(folder);
      EXPECT_TRUE(forger.run(sql));
    });
  }
}

TEST_F(TamperTest, SwappedNumbersInTheLog) {
  spoiled("swap", [](const StoreFolder& folder) {
    Forger forger(folder);
    EXPECT_TRUE(forger.run("UPDATE statements SET log_index = 1000 WHERE log_index = 1"));
    EXPECT_TRUE(forger.run("UPDATE statements SET log_index = 1 WHERE log_index = 4"));
    EXPECT_TRUE(forger.run("UPDATE statements SET log_index = 4 WHERE log_index = 1000"));
  });
}

TEST_F(TamperTest, AnyBitOfTheDatabase) {
  std::mt19937 random(4711);
  for (int i = 0; i < 150; ++i) {
    spoiled(
        "bit " + std::to_string(i),
        [&](const StoreFolder& folder) {
          std::string bytes = read_file(folder.database(), 1 << 24);
          const std::size_t at = random() % bytes.size();
          bytes[at] = static_cast<char>(bytes[at] ^ (1 << random() % 8));
          write_file_atomic(folder.database(), bytes);
        },
        false);
  }
  for (const std::size_t size : {0u, 10u, 100u, 5000u}) {
    spoiled("cut", [&](const StoreFolder& folder) {
      std::filesystem::resize_file(folder.database(), size);
    });
  }
}

TEST_F(TamperTest, ANewerStoreIsRefusedWithASentence) {
  const Look look = spoiled(
      "version", [](const StoreFolder& folder) { Forger(folder).run("PRAGMA user_version = 2"); });
  EXPECT_NE(look.why.find("newer mlprov"), std::string::npos) << look.why;
}

/// Lets the pristine store's copy grow by one run, then hands both to `attack`.
class LogTamperTest : public TamperTest {
 protected:
  void SetUp() override {
    TamperTest::SetUp();
    std::filesystem::copy(folder_in(*pristine_).root, grown().root,
                          std::filesystem::copy_options::recursive);
    Store store = Store::open(grown());
    Trainer later(store, key_, "later");
    later.train(1);
  }

  StoreFolder grown() const { return folder_in(copy_); }
  const StoreFolder older() const { return folder_in(*pristine_); }

  static void replace(const std::filesystem::path& from, const std::filesystem::path& to) {
    std::filesystem::remove_all(to);
    std::filesystem::copy(from, to, std::filesystem::copy_options::recursive);
  }

  FastFolder copy_;
  PrivateKey key_ = PrivateKey::generate();
};

TEST_F(LogTamperTest, AnOlderDatabasePutBack) {
  replace(older().database(), grown().database());
  std::string what;
  EXPECT_EQ(open_for_writing(grown(), &what), ErrorCode::kConflict);
  EXPECT_NE(what.find("an older database was put back"), std::string::npos) << what;
  const Look look = look_at(grown());
  EXPECT_TRUE(look.noticed);
  EXPECT_EQ(look.runs.size(), 1u);  // Only the imported run, which stands in another log.
  StoreOptions reading;
  reading.access = StoreAccess::kRead;
  Store store = Store::open(grown(), reading);
  const LoadedRun loaded = store.load(store.find_run("finished"));
  EXPECT_FALSE(loaded.bundle.log);
  ASSERT_EQ(loaded.warnings.size(), 1u);
}

TEST_F(LogTamperTest, AnOlderLogPutBackIsMadeUpFor) {
  replace(older().log(), grown().log());
  EXPECT_EQ(open_for_writing(grown()), ErrorCode::kInternal);
  EXPECT_FALSE(look_at(grown()).noticed) << look_at(grown()).why;
}

TEST_F(LogTamperTest, ALogRebuiltUnderTheSameName) {
  const std::string vkey = read_file(grown().log_vkey(), 4096);
  const NoteSigner impostor = NoteSigner::generate(vkey.substr(0, vkey.find('+')));
  // With a checkpoint over the same entries, signed by another key of the same name.
  const Note note = Note::parse(read_file(grown().checkpoint(), 1 << 20));
  write_file_atomic(grown().checkpoint(), sign_note(note.text, impostor).to_string());
  EXPECT_TRUE(look_at(grown()).noticed);
  write_file_atomic(grown().log_vkey(), impostor.verifier.to_string() + "\n");
  write_file_atomic(grown().log_key(), impostor.to_secret_string() + "\n", 0600);
  std::string what;
  EXPECT_EQ(open_for_writing(grown(), &what), ErrorCode::kConflict);
  EXPECT_NE(what.find("another log"), std::string::npos) << what;
  EXPECT_TRUE(look_at(grown()).noticed);
}

TEST_F(LogTamperTest, ACheckpointThatIsGoneOrForged) {
  const std::string note = read_file(grown().checkpoint(), 1 << 20);
  std::filesystem::remove(grown().checkpoint());
  EXPECT_EQ(open_for_writing(grown()), ErrorCode::kNotFound);
  EXPECT_TRUE(look_at(grown()).noticed);
  for (std::size_t at = 0; at < note.size(); at += 7) {
    std::string forged = note;
    forged[at] = static_cast<char>(forged[at] ^ 1);
    write_file_atomic(grown().checkpoint(), forged);
    EXPECT_TRUE(look_at(grown()).noticed) << at;
  }
}

TEST_F(LogTamperTest, TilesAreWrittenAgain) {
  std::filesystem::remove_all(grown().log() / "tile/0");
  for (const auto& entry : std::filesystem::recursive_directory_iterator(grown().log() / "tile")) {
    if (entry.is_regular_file()) std::ofstream(entry.path()) << "spoiled";
  }
  Store store = Store::open(grown());
  const DoctorReport report = store.doctor();
  EXPECT_FALSE(report.healthy());
  EXPECT_NE(doctor_to_json(report).dump().find("tile/entries"), std::string::npos);
  store.rebuild_log();
  EXPECT_TRUE(store.doctor().healthy()) << doctor_to_json(store.doctor()).dump(1);
}

TEST_F(LogTamperTest, WithoutItsKeyAStoreCanOnlyBeRead) {
  std::filesystem::remove(grown().log_key());
  std::string what;
  EXPECT_EQ(open_for_writing(grown(), &what), ErrorCode::kIo);
  EXPECT_NE(what.find("log.key"), std::string::npos) << what;
  const Look look = look_at(grown());
  EXPECT_EQ(look.runs.size(), 4u);
}

TEST_F(LogTamperTest, ADatabaseThatIsGoneDoesNotCostTheLog) {
  std::filesystem::remove(grown().database());
  try {
    (void)Store::init(grown());
    FAIL() << "the log was overwritten";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kConflict);
  }
  EXPECT_TRUE(std::filesystem::exists(grown().log_key()));
}

TEST_F(LogTamperTest, ACheckpointFromElsewhereMustBeContinued) {
  Store store = Store::open(grown());
  EXPECT_TRUE(store.continues(read_file(older().checkpoint(), 1 << 20)));
  EXPECT_TRUE(store.continues(store.checkpoint()));
  StoreOptions reading;
  reading.access = StoreAccess::kRead;
  EXPECT_FALSE(Store::open(older(), reading).continues(store.checkpoint()));
  // The owner of the key himself rewrites his log: the checkpoint that somebody kept shows it.
  const NoteSigner owner = NoteSigner::parse([&] {
    std::string text = read_file(grown().log_key(), 4096);
    text.pop_back();
    return text;
  }());
  Checkpoint other = open_checkpoint(store.checkpoint(), owner.verifier);
  other.root[0] ^= 1;
  EXPECT_FALSE(store.continues(sign_note(other.to_string(), owner).to_string()));
}

}  // namespace
}  // namespace mlprov
