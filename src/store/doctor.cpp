#include "mlprov/store/doctor.h"

#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <functional>
#include <optional>

#include "mlprov/support/error.h"
#include "store/material.h"
#include "store/run_row.h"
#include "store/store_impl.h"

namespace mlprov {
namespace {

using namespace store;
using Grade = DoctorFinding::Grade;

constexpr std::uint64_t kMegabyte = std::uint64_t{1} << 20;
constexpr std::size_t kMaxListed = 10;

const char* grade_name(Grade grade) {
  if (grade == Grade::kGood) return "good";
  return grade == Grade::kNote ? "note" : "bad";
}

std::string joined(const std::vector<std::string>& texts) {
  std::string list;
  for (std::size_t i = 0; i < std::min(texts.size(), kMaxListed); ++i) {
    list += (i == 0 ? "" : ", ") + texts[i];
  }
  if (texts.size() > kMaxListed) {
    list += " and " + std::to_string(texts.size() - kMaxListed) + " more";
  }
  return list;
}

/// One look at a store; a check that throws becomes a bad finding of its topic.
class Doctor {
 public:
  Doctor(Store& store, Store::Impl& impl) : store_(store), impl_(impl) {}

  DoctorReport examine() {
    look("sqlite", [&] { sqlite(); });
    look("journal", [&] { journal(); });
    look("file-system", [&] { file_system(); });
    look("permissions", [&] { permissions(); });
    look("space", [&] { space(); });
    look("integrity", [&] { integrity(); });
    look("log", [&] { log(); });
    look("runs", [&] { runs(); });
    look("outbox", [&] { outbox(); });
    look("rows", [&] { rows(); });
    return std::move(report_);
  }

 private:
  void look(const char* topic, const std::function<void()>& check) {
    topic_ = topic;
    try {
      check();
    } catch (const std::exception& error) {
      add(Grade::kBad, error.what());
    }
  }

  void add(Grade grade, const std::string& text) {
    report_.findings.push_back({grade, topic_, text});
  }

  void sqlite() { add(Grade::kGood, std::string("SQLite ") + sqlite3_libversion()); }

  void journal() {
    if (impl_.journal.wal) {
      add(Grade::kGood, "write-ahead log: " + impl_.journal.reason);
    } else {
      add(Grade::kNote, "rollback journal: " + impl_.journal.reason +
                            "; readers and writers wait for each other");
    }
  }

  void file_system() {
    const FileSystem system = file_system_of(impl_.folder.root);
    if (system.remote) {
      add(Grade::kNote, system.name +
                            ", of a network: locks and durability are as good as its "
                            "server's; a local folder in MLPROV_DIR is safer");
    } else {
      add(Grade::kGood, system.name);
    }
  }

  void permissions() {
    check_key_file();
    struct stat info {};
    if (::stat(impl_.folder.database().c_str(), &info) == 0 && (info.st_mode & S_IWOTH) != 0) {
      add(Grade::kBad, "everybody may write " + impl_.folder.database().string() +
                           ": take that right away with chmod o-w");
    }
    if (::access(impl_.folder.root.c_str(), W_OK) != 0) {
      add(Grade::kBad, impl_.folder.root.string() + " cannot be written: runs cannot be recorded");
    } else {
      add(Grade::kGood, impl_.folder.root.string() + " can be written");
    }
  }

  void check_key_file() {
    struct stat info {};
    const auto key = impl_.folder.log_key();
    if (::stat(key.c_str(), &info) != 0) {
      add(Grade::kBad, "the log's key " + key.string() + " is missing: nothing can be recorded");
    } else if ((info.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
      add(Grade::kBad, "others may read the log's key: run chmod 600 " + key.string());
    }
  }

  void space() {
    struct statvfs info {};
    if (::statvfs(impl_.folder.root.c_str(), &info) != 0) {
      throw Error(ErrorCode::kIo, "the free space cannot be read");
    }
    const std::uint64_t free = std::uint64_t{info.f_bavail} * info.f_frsize;
    const std::string text = std::to_string(free / kMegabyte) + " MB are free";
    if (free < 10 * kMegabyte) {
      add(Grade::kBad, text + ": runs will be incomplete soon; free some space");
    } else {
      add(free < 200 * kMegabyte ? Grade::kNote : Grade::kGood, text);
    }
  }

  void integrity() {
    const std::string answer = impl_.database.value("PRAGMA integrity_check");
    if (answer == "ok") {
      add(Grade::kGood, "the database's pages hold together");
    } else {
      add(Grade::kBad, "the database is damaged (" + answer + "): restore it from a copy");
    }
  }

  void log() {
    if (!impl_.log.problem().empty()) {
      add(Grade::kBad, impl_.log.problem());
      return;
    }
    // Under the lock nobody takes a partial tile away while it is compared.
    std::optional<Transaction> lock;
    if (impl_.writable()) lock.emplace(impl_.database);
    const Checkpoint checkpoint = impl_.log.checkpoint().body;
    const LogTree& tree = impl_.log_tree();
    impl_.log.require_continuation(checkpoint, tree);
    const auto damaged = impl_.log.damaged_tiles(checkpoint, tree);
    if (!damaged.empty()) {
      add(Grade::kBad, "these tiles of the log are missing or damaged: " + joined(damaged) +
                           "; they can be written again (`mlprov doctor --rebuild-log`)");
    }
    if (checkpoint.size < tree.size()) {
      add(Grade::kNote, "the log's checkpoint is " + std::to_string(tree.size() - checkpoint.size) +
                            " statements behind; the next write catches up");
    }
    if (damaged.empty()) {
      add(Grade::kGood, checkpoint.origin + ", " + std::to_string(checkpoint.size) +
                            " statements, consistent with the database");
    }
  }

  void runs() {
    std::vector<std::string> interrupted;
    std::uint64_t good = 0;
    for (const RunSummary& summary : store_.list_runs()) {
      if (summary.status == RunStatus::kInterrupted) interrupted.push_back(summary.record.run);
      good += check_run(summary) ? 1 : 0;
    }
    add(Grade::kGood, std::to_string(good) + " runs hold together");
    if (!interrupted.empty()) {
      add(Grade::kNote, "interrupted: " + joined(interrupted));
    }
  }

  bool check_run(const RunSummary& summary) {
    std::vector<std::string> problems = summary.problems;
    if (problems.empty() && summary.statements > 0) {
      try {
        problems = store_.load(summary.record.run).warnings;
      } catch (const Error& error) {
        problems.emplace_back(error.what());
      }
    }
    for (const std::string& problem : problems) {
      add(Grade::kBad, "run " + summary.record.run + ": " + problem);
    }
    return problems.empty();
  }

  void outbox() {
    (void)store_.outbox(true);
    const auto items = store_.outbox();
    if (items.empty()) {
      add(Grade::kGood, "nothing waits for a network");
    } else {
      add(Grade::kNote, std::to_string(items.size()) +
                            " commitments wait for their networks (`mlprov anchor --pending`)");
    }
  }

  /// Rows that no other look has read, and rows that belong to nothing.
  void rows() {
    for (const RunRecord& record : all_records(impl_)) (void)store_.saved_states(record.run);
    check_counters(impl_);
    check_material(impl_.database);
    static constexpr const char* kOrphans[] = {
        "SELECT count(*) FROM cosignatures WHERE sha256 NOT IN (SELECT sha256 FROM statements)",
        "SELECT count(*) FROM receipts WHERE sha256 NOT IN (SELECT sha256 FROM statements)",
        "SELECT count(*) FROM outbox WHERE sha256 NOT IN (SELECT sha256 FROM statements)",
        "SELECT count(*) FROM states WHERE run NOT IN (SELECT run FROM runs)",
        "SELECT count(*) FROM meta WHERE name != 'store'"};
    for (const char* sql : kOrphans) {
      if (impl_.database.value(sql) != "0") altered("a row belongs to nothing that is stored");
    }
    add(Grade::kGood, "every row is sealed or signed");
  }

  Store& store_;
  Store::Impl& impl_;
  DoctorReport report_;
  const char* topic_ = "";
};

}  // namespace

bool DoctorReport::healthy() const noexcept {
  return std::none_of(findings.begin(), findings.end(),
                      [](const DoctorFinding& finding) { return finding.grade == Grade::kBad; });
}

Json doctor_to_json(const DoctorReport& report) {
  Json list = Json::array();
  for (const DoctorFinding& finding : report.findings) {
    list.push_back(
        {{"grade", grade_name(finding.grade)}, {"text", finding.text}, {"topic", finding.topic}});
  }
  return {{"findings", std::move(list)}, {"healthy", report.healthy()}};
}

DoctorReport Store::doctor() { return Doctor(*this, *impl_).examine(); }

}  // namespace mlprov
