#include <gtest/gtest.h>
#include <sys/mount.h>

#include <fstream>
#include <random>

#include "mlprov/inspect/verify.h"
#include "mlprov/support/error.h"
#include "store/fixture.h"
#include "store/tool.h"

namespace mlprov {
namespace {

using mlprov::testing::FastFolder;
using mlprov::testing::folder_in;
using mlprov::testing::TempFolder;
using mlprov::testing::Tool;
using mlprov::testing::Trainer;

/// What the doctor finds bad; the disk of a test may well be small.
std::string health(Store& store) {
  DoctorReport report = store.doctor();
  std::erase_if(report.findings, [](const auto& finding) { return finding.topic == "space"; });
  return report.healthy() ? "" : doctor_to_json(report).dump(1);
}

/// What a killed writer left: acknowledged epochs are there, at most the one in progress is lost,
/// and everything that is there verifies.
void check_killed_run(Store& store, const Tool& tool) {
  const auto begun = tool.lines("run ");
  if (begun.empty()) return;
  const std::string run = begun[0].substr(4);
  const auto acknowledged = tool.lines("before").size() + tool.lines("epoch").size();
  const RunSummary summary = store.summary(run);
  EXPECT_EQ(summary.status, RunStatus::kInterrupted);
  EXPECT_TRUE(summary.problems.empty()) << summary.problems.at(0);
  EXPECT_GE(summary.statements, acknowledged);
  EXPECT_LE(summary.statements, acknowledged + 1);
  if (summary.statements == 0) return;
  const LoadedRun loaded = store.load(run);
  EXPECT_TRUE(loaded.warnings.empty()) << loaded.warnings.at(0);
  const Verdict verdict = verify_bundle(encode_bundle(loaded.bundle));
  EXPECT_EQ(verdict.outcome, Outcome::kUnfinished) << verdict.detail;
}

void kill_at_random_moments(const std::string& journal, int times, unsigned seed) {
  const TempFolder shared;
  std::mt19937 random(seed);
  std::uint64_t statements = 0;
  for (int i = 0; i < times; ++i) {
    SCOPED_TRACE("kill " + std::to_string(i));
    // Every third one meets the making of a new store, the others one that grows.
    const TempFolder fresh;
    const StoreFolder folder = folder_in(i % 3 == 0 ? fresh : shared);
    Tool tool({"train", folder.root.string(), "100000", journal});
    tool.kill_after(std::chrono::microseconds(random() % 150'000));
    ASSERT_TRUE(tool.lines("error").empty()) << tool.text();
    Store store = Store::init(folder);
    check_killed_run(store, tool);
    statements += store.counters().statements;
    if (i % 10 == 0) {
      EXPECT_EQ(health(store), "");
    }
  }
  EXPECT_GT(statements, static_cast<std::uint64_t>(times) / 2)
      << "the kills came before anything was written";
  Store store = Store::init(folder_in(shared));
  EXPECT_EQ(health(store), "");
}

TEST(StoreCrash, KilledAtFiftyMomentsNothingAcknowledgedIsLost) {
  kill_at_random_moments("auto", 50, 20261121);
}

TEST(StoreCrash, TheSameWithARollbackJournal) { kill_at_random_moments("rollback", 15, 7); }

void write_at_once(const std::string& journal) {
  const FastFolder temporary;
  const StoreFolder folder = folder_in(temporary);
  Tool first({"steps", folder.root.string(), "200", journal});
  Tool second({"steps", folder.root.string(), "200", journal});
  EXPECT_EQ(first.finish(), 0) << first.text();
  EXPECT_EQ(second.finish(), 0) << second.text();
  EXPECT_EQ(first.text().find("log:"), std::string::npos) << first.text();
  Store store = Store::open(folder);
  EXPECT_EQ(store.counters().log_size, 400u);
  const auto runs = store.list_runs();
  ASSERT_EQ(runs.size(), 2u);
  for (const RunSummary& run : runs) {
    EXPECT_EQ(run.statements, 200u);
    EXPECT_EQ(run.status, RunStatus::kFinished);
    const Verdict verdict = verify_bundle(encode_bundle(store.load(run.record.run).bundle));
    EXPECT_EQ(verdict.outcome, Outcome::kHolds) << verdict.detail;
  }
  EXPECT_EQ(health(store), "");
}

TEST(StoreCrash, TwoProcessesWriteTwoHundredStatementsEach) { write_at_once("auto"); }
TEST(StoreCrash, TwoProcessesWithARollbackJournal) { write_at_once("rollback"); }

/// What a writer without space left: the store opens, the run verifies, and with space it grows.
void check_after_full_disk(const StoreFolder& folder) {
  Store store = Store::open(folder);
  const auto runs = store.list_runs();
  ASSERT_EQ(runs.size(), 1u);
  EXPECT_EQ(runs[0].status, RunStatus::kInterrupted);
  const LoadedRun loaded = store.load(runs[0].record.run);
  EXPECT_TRUE(loaded.warnings.empty()) << loaded.warnings.at(0);
  const Verdict verdict = verify_bundle(encode_bundle(loaded.bundle));
  EXPECT_EQ(verdict.outcome, Outcome::kUnfinished) << verdict.detail;
  const PrivateKey key = PrivateKey::generate();
  Trainer trainer(store, key);
  trainer.train(1);
  EXPECT_EQ(health(store), "");
}

TEST(StoreCrash, AFileSizeLimitIsASentenceAndLeavesTheStoreWhole) {
  for (const char* journal : {"auto", "rollback"}) {
    SCOPED_TRACE(journal);
    const FastFolder temporary;
    const StoreFolder folder = folder_in(temporary);
    Tool tool({"train", folder.root.string(), "100000", journal, "fsize=400000"});
    EXPECT_EQ(tool.finish(), 3);
    ASSERT_EQ(tool.lines("error io").size(), 1u) << tool.text().substr(0, 2000);
    EXPECT_NE(tool.lines("error io")[0].find("store.db"), std::string::npos);
    EXPECT_GT(tool.lines("epoch").size(), 3u);
    check_after_full_disk(folder);
  }
}

TEST(StoreCrash, AFullDatabaseIsASentenceAndLeavesTheStoreWhole) {
  const FastFolder temporary;
  StoreOptions options;
  options.max_pages = 120;
  const PrivateKey key = PrivateKey::generate();
  {
    Store store = Store::init(folder_in(temporary), options);
    Trainer trainer(store, key);
    try {
      trainer.before();
      for (int i = 0; i < 1000; ++i) trainer.epoch(0.5);
      FAIL() << "never full";
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kIo);
      EXPECT_NE(std::string(error.what()).find("disk is full"), std::string::npos) << error.what();
    }
    // The same connection still reads.
    EXPECT_EQ(store.list_runs().size(), 1u);
  }
  check_after_full_disk(folder_in(temporary));
}

/// A small file system of its own, where the machine lets us mount one.
class SmallDisk {
 public:
  explicit SmallDisk(const std::filesystem::path& folder) : folder_(folder) {
    std::filesystem::create_directories(folder);
    mounted_ = ::mount("tmpfs", folder.c_str(), "tmpfs", 0, "size=2m") == 0;
  }
  ~SmallDisk() {
    if (mounted_) ::umount2(folder_.c_str(), MNT_DETACH);
  }
  bool mounted() const { return mounted_; }

 private:
  std::filesystem::path folder_;
  bool mounted_ = false;
};

TEST(StoreCrash, AFullDiskIsASentenceAndLeavesTheStoreWhole) {
  const TempFolder temporary;
  const SmallDisk disk(temporary / "disk");
  if (!disk.mounted()) GTEST_SKIP() << "this machine lets nobody mount; the limits above are tried";
  const StoreFolder folder{temporary / "disk/.mlprov"};
  const auto ballast = temporary / "disk/ballast";
  std::ofstream(ballast) << std::string(1'000'000, 'x');
  Tool tool({"train", folder.root.string(), "100000"});
  EXPECT_EQ(tool.finish(), 3);
  ASSERT_EQ(tool.lines("error io").size(), 1u) << tool.text().substr(0, 2000);
  // A reader on the full disk, and a writer that only looks.
  StoreOptions reading;
  reading.access = StoreAccess::kRead;
  EXPECT_EQ(Store::open(folder, reading).list_runs().size(), 1u);
  std::filesystem::remove(ballast);
  check_after_full_disk(folder);
}

ErrorCode code_of_init(const StoreFolder& folder, std::string& what) {
  try {
    (void)Store::init(folder);
  } catch (const Error& error) {
    what = error.what();
    return error.code();
  }
  return ErrorCode::kInternal;
}

TEST(StoreReadOnly, AFolderThatCannotBeMadeIsNamed) {
  const TempFolder temporary;
  std::ofstream(temporary / ".mlprov") << "a file in its place";
  std::string what;
  for (const StoreFolder& folder : {folder_in(temporary), StoreFolder{"/proc/.mlprov"}}) {
    EXPECT_EQ(code_of_init(folder, what), ErrorCode::kIo) << folder.root;
    EXPECT_NE(what.find(folder.root.string()), std::string::npos) << what;
  }
}

TEST(StoreReadOnly, AReadOnlyFileSystemCanBeRead) {
  const TempFolder temporary;
  const SmallDisk disk(temporary / "disk");
  if (!disk.mounted()) GTEST_SKIP() << "this machine lets nobody mount";
  const StoreFolder folder{temporary / "disk/.mlprov"};
  std::string run;
  {
    const PrivateKey key = PrivateKey::generate();
    Store store = Store::init(folder);
    Trainer trainer(store, key);
    trainer.train(1);
    run = trainer.id();
  }
  ASSERT_EQ(
      ::mount(nullptr, (temporary / "disk").c_str(), nullptr, MS_REMOUNT | MS_RDONLY, nullptr), 0);
  std::string what;
  EXPECT_EQ(code_of_init(folder, what), ErrorCode::kIo) << what;
  StoreOptions reading;
  reading.access = StoreAccess::kRead;
  Store store = Store::open(folder, reading);
  EXPECT_EQ(store.list_runs().at(0).status, RunStatus::kFinished);
  const Verdict verdict = verify_bundle(encode_bundle(store.load(run).bundle));
  EXPECT_EQ(verdict.outcome, Outcome::kHolds) << verdict.detail;
}

TEST(StoreJournal, WithoutSharedMemoryARollbackJournalServes) {
  const TempFolder temporary;
  const PrivateKey key = PrivateKey::generate();
  StoreOptions options;
  // This layer of SQLite has no shared memory maps, as on many network file systems.
  options.vfs = "unix-dotfile";
  std::string run;
  {
    Store store = Store::init(folder_in(temporary), options);
    EXPECT_TRUE(store.journal().starts_with("rollback")) << store.journal();
    Trainer trainer(store, key);
    trainer.train(2);
    run = trainer.id();
  }
  Store store = Store::open(folder_in(temporary), options);
  EXPECT_EQ(verify_bundle(encode_bundle(store.load(run).bundle)).outcome, Outcome::kHolds);
  EXPECT_EQ(health(store), "");
}

TEST(StoreJournal, AStoreThatMovesToSuchAFileSystemChangesItsJournal) {
  const TempFolder temporary;
  const PrivateKey key = PrivateKey::generate();
  std::string run;
  {
    Store store = Store::init(folder_in(temporary));
    ASSERT_TRUE(store.journal().starts_with("wal"));
    Trainer trainer(store, key);
    trainer.train(1);
    run = trainer.id();
  }
  StoreOptions options;
  options.journal = JournalChoice::kRollback;
  options.vfs = "unix-dotfile";
  {
    Store store = Store::open(folder_in(temporary), options);
    EXPECT_TRUE(store.journal().starts_with("rollback"));
    Trainer trainer(store, key);
    trainer.train(1);
  }
  Store back = Store::open(folder_in(temporary));
  EXPECT_TRUE(back.journal().starts_with("wal"));
  EXPECT_EQ(back.list_runs().size(), 2u);
  EXPECT_EQ(health(back), "");
}

}  // namespace
}  // namespace mlprov
