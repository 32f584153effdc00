#include "mlprov/store/store.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <thread>

#include "mlprov/digest/hasher.h"
#include "mlprov/identity/wallet.h"
#include "mlprov/inspect/verify.h"
#include "mlprov/support/error.h"
#include "mlprov/support/hex.h"
#include "store/fixture.h"

namespace mlprov {
namespace {

using mlprov::testing::folder_in;
using mlprov::testing::TempFolder;
using mlprov::testing::Trainer;

class StoreTest : public ::testing::Test {
 protected:
  Store reopen(StoreAccess access = StoreAccess::kWrite) {
    StoreOptions options;
    options.access = access;
    return Store::open(folder_in(folder_), options);
  }

  static ErrorCode code_of(const std::function<void()>& call) {
    try {
      call();
    } catch (const Error& error) {
      return error.code();
    }
    return ErrorCode::kInternal;
  }

  static Verdict verify(const LoadedRun& run) { return verify_bundle(encode_bundle(run.bundle)); }

  TempFolder folder_;
  PrivateKey key_ = PrivateKey::generate();
  Store store_ = Store::init(folder_in(folder_));
};

TEST_F(StoreTest, InitMakesAllThatAStoreNeeds) {
  const StoreFolder folder = folder_in(folder_);
  std::ifstream ignore(folder.root / ".gitignore");
  std::string text;
  std::getline(ignore, text);
  EXPECT_EQ(text, "*");
  struct stat info {};
  ASSERT_EQ(::stat(folder.log_key().c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777u, 0600u);
  EXPECT_TRUE(store_.log_vkey().starts_with("mlprov.local/"));
  EXPECT_TRUE(store_.journal().starts_with("wal")) << store_.journal();
  // A second init finds it.
  EXPECT_EQ(Store::init(folder).log_vkey(), store_.log_vkey());
  EXPECT_TRUE(store_.doctor().healthy()) << doctor_to_json(store_.doctor()).dump(1);
}

TEST_F(StoreTest, ARunComesBackAsABundleThatVerifies) {
  Trainer trainer(store_, key_);
  trainer.train(3);
  trainer.release();
  Store reader = reopen(StoreAccess::kRead);
  const LoadedRun loaded = reader.load(trainer.id());
  EXPECT_TRUE(loaded.warnings.empty()) << loaded.warnings.at(0);
  ASSERT_EQ(loaded.bundle.statements.size(), 5u);
  ASSERT_TRUE(loaded.bundle.log);
  EXPECT_EQ(loaded.bundle.log->vkey, store_.log_vkey());
  const Verdict verdict = verify(loaded);
  EXPECT_EQ(verdict.outcome, Outcome::kHolds) << verdict.detail;
  for (const auto& statement : verdict.statements) EXPECT_EQ(statement.log, "included");
  EXPECT_EQ(encode_bundle(loaded.bundle).size(),
            encode_bundle(reader.load(trainer.id()).bundle).size());
}

TEST_F(StoreTest, ListShowsWhatIsSigned) {
  Trainer first(store_, key_, "first", {"baseline", "a", "a"});
  first.train(2);
  Trainer second(store_, key_, "second");
  second.before();
  second.epoch(0.5);
  const auto runs = store_.list_runs();
  ASSERT_EQ(runs.size(), 2u);
  EXPECT_EQ(runs[0].name, "first");
  EXPECT_EQ(runs[0].status, RunStatus::kRunning);  // Its lock is still held.
  EXPECT_EQ(runs[0].epochs, 2u);
  EXPECT_EQ(runs[0].statements, 4u);
  EXPECT_EQ(runs[0].author, key_.address());
  EXPECT_EQ(runs[0].record.tags, (std::vector<std::string>{"a", "baseline"}));
  ASSERT_EQ(runs[0].metrics.size(), 2u);
  EXPECT_EQ(runs[0].metrics[0].name, "accuracy");
  EXPECT_EQ(runs[0].metrics[0].value, 0.92);
  EXPECT_EQ(runs[0].metrics[1].value, 0.25);
  EXPECT_TRUE(runs[0].problems.empty()) << runs[0].problems.at(0);
  EXPECT_EQ(runs[1].epochs, 1u);
  first.release();
  second.release();
  EXPECT_EQ(store_.status(first.id()), RunStatus::kFinished);
  EXPECT_EQ(store_.status(second.id()), RunStatus::kInterrupted);
  store_.end_run(second.id(), RunEnd::kFailed, {"the loss exploded", "the loss exploded"});
  EXPECT_EQ(store_.status(second.id()), RunStatus::kFailed);
  EXPECT_EQ(store_.record(second.id()).reasons, std::vector<std::string>{"the loss exploded"});
}

TEST_F(StoreTest, RunsAreFoundByIdPrefixNameAndLatest) {
  const std::string a = "aaaa1" + std::string(27, '0');
  const std::string b = "aaaa2" + std::string(27, '0');
  Trainer one(store_, key_, "digits", {}, a);
  Trainer two(store_, key_, "digits", {}, b);
  Trainer three(store_, key_, "aaaa1", {});
  EXPECT_EQ(store_.find_run(a), a);
  EXPECT_EQ(store_.find_run("aaaa2"), b);
  EXPECT_EQ(store_.find_run("digits"), b);
  EXPECT_EQ(store_.find_run("aaaa1"), three.id());  // A name before a prefix.
  EXPECT_EQ(store_.find_run("latest"), three.id());
  EXPECT_EQ(code_of([&] { store_.find_run("aaaa"); }), ErrorCode::kConflict);
  EXPECT_EQ(code_of([&] { store_.find_run("aaa"); }), ErrorCode::kNotFound);
  EXPECT_EQ(code_of([&] { store_.find_run("nobody"); }), ErrorCode::kNotFound);
  EXPECT_EQ(code_of([&] { store_.find_run("aaaa*"); }), ErrorCode::kNotFound);
  EXPECT_EQ(code_of([&] { store_.find_run(""); }), ErrorCode::kUsage);
}

TEST_F(StoreTest, TagsComeAndGo) {
  Trainer trainer(store_, key_);
  store_.add_tag(trainer.id(), "best");
  store_.add_tag(trainer.id(), "best");
  EXPECT_EQ(store_.record(trainer.id()).tags, std::vector<std::string>{"best"});
  store_.remove_tag(trainer.id(), "best");
  EXPECT_TRUE(store_.record(trainer.id()).tags.empty());
  EXPECT_EQ(code_of([&] { store_.remove_tag(trainer.id(), "best"); }), ErrorCode::kNotFound);
  EXPECT_EQ(code_of([&] { store_.add_tag(trainer.id(), ""); }), ErrorCode::kUsage);
}

TEST_F(StoreTest, AStatementThatDoesNotFollowIsRefusedAndNothingChanges) {
  Trainer trainer(store_, key_);
  trainer.before();
  const auto before = store_.counters();
  const SignedStatement& again = trainer.builder().seal_epoch();
  const Bundle bundle = trainer.builder().bundle();
  const auto& directories = trainer.builder().last_tree().directories();
  store_.append({again, directories, bundle.objects, {}, {}});
  EXPECT_EQ(code_of([&] {
              store_.append({again, directories, bundle.objects, {}, {}});
            }),
            ErrorCode::kConflict);
  SignedStatement forged = again;
  forged.envelope.signature[5] ^= 1;
  EXPECT_EQ(code_of([&] {
              store_.append({forged, directories, bundle.objects, {}, {}});
            }),
            ErrorCode::kCrypto);
  EXPECT_EQ(store_.counters().statements, before.statements + 1);
  EXPECT_EQ(store_.counters().log_size, before.log_size + 1);
}

TEST_F(StoreTest, AStatementForAnotherLogIsRefused) {
  const std::string run = new_run_id();
  const RunLock lock = store_.begin_run({run, "x", Algorithm::kBlake3, now_utc(), {}});
  RunBuilder builder({run, Algorithm::kBlake3, std::nullopt}, key_);
  const SignedStatement& before = builder.seal_before();
  const Bundle bundle = builder.bundle();
  EXPECT_EQ(code_of([&] {
              store_.append({before, bundle.directories, bundle.objects, {}, {}});
            }),
            ErrorCode::kUsage);
}

TEST_F(StoreTest, ARunBeginsOnce) {
  Trainer trainer(store_, key_);
  EXPECT_EQ(code_of([&] {
              (void)store_.begin_run({trainer.id(), "", Algorithm::kBlake3, now_utc(), {}});
            }),
            ErrorCode::kConflict);
  EXPECT_EQ(code_of([&] {
              (void)store_.begin_run({"x", "", Algorithm::kBlake3, now_utc(), {}});
            }),
            ErrorCode::kUsage);
  EXPECT_EQ(code_of([&] { (void)store_.join_run(new_run_id()); }), ErrorCode::kNotFound);
  EXPECT_EQ(code_of([&] { store_.load(trainer.id()); }), ErrorCode::kNotFound);
  trainer.release();
  const RunLock joined = store_.join_run(trainer.id());
  EXPECT_EQ(store_.status(trainer.id()), RunStatus::kRunning);
}

TEST_F(StoreTest, AnEpochsStateIsKeptUntilItsStatement) {
  Trainer trainer(store_, key_);
  trainer.before();
  store_.save_state(trainer.id(), "epoch-1", {{"loss", "1"}});
  store_.save_state(trainer.id(), "epoch-1", {{"loss", "2"}});
  EXPECT_EQ(store_.saved_states(trainer.id()).at("epoch-1"), Json({{"loss", "2"}}));
  const SignedStatement& epoch = trainer.builder().seal_epoch();
  const Bundle bundle = trainer.builder().bundle();
  store_.append(
      {epoch, trainer.builder().last_tree().directories(), bundle.objects, {}, {"epoch-1"}});
  EXPECT_TRUE(store_.saved_states(trainer.id()).empty());
}

TEST_F(StoreTest, LargeDirectoriesAreStoredInPieces) {
  const std::string run = new_run_id();
  const RunLock lock = store_.begin_run({run, "big", Algorithm::kBlake3, now_utc(), {}});
  RunBuilder builder({run, Algorithm::kBlake3, store_.log_vkey()}, key_);
  for (int i = 0; i < 20'000; ++i) {
    builder.add_file_digest("before/data/train", "example-" + std::to_string(i), Digest32{}, 7);
  }
  const SignedStatement& before = builder.seal_before();
  const Bundle bundle = builder.bundle();
  store_.append({before, bundle.directories, bundle.objects, {}, {}});
  const LoadedRun loaded = store_.load(run);
  EXPECT_EQ(loaded.bundle.directories.size(), bundle.directories.size());
  const Verdict verdict = verify(loaded);
  EXPECT_EQ(verdict.outcome, Outcome::kUnfinished) << verdict.detail;
}

TEST_F(StoreTest, OutboxRowsComeWithTheirStatementAndAreClaimedOnce) {
  Trainer trainer(store_, key_);
  trainer.before({"ethereum", "bitcoin", "ethereum"});
  auto items = store_.outbox();
  ASSERT_EQ(items.size(), 2u);
  EXPECT_EQ(items[0].network, "ethereum");
  EXPECT_EQ(items[0].statement, *store_.last_statement(trainer.id()));
  EXPECT_EQ(items[0].root, trainer.builder().last_tree().root());

  const UtcSeconds now = now_utc() + std::chrono::seconds(5);
  Store other = reopen();
  auto mine = store_.claim_due(now, std::chrono::seconds(60));
  auto theirs = other.claim_due(now, std::chrono::seconds(60));
  ASSERT_TRUE(mine && theirs);
  EXPECT_NE(mine->network, theirs->network);
  EXPECT_FALSE(store_.claim_due(now, std::chrono::seconds(60)));
  EXPECT_TRUE(
      store_.claim_due(now + std::chrono::seconds(61), std::chrono::seconds(60), "bitcoin"));

  mine->state = OutboxState::kSent;
  mine->attempts = 3;
  mine->nonce = "18446744073709551615";
  mine->signed_bytes = {1, 2, 3};
  mine->data = {{"tx", "0xab"}};
  store_.update_outbox(*mine);
  mine->state = OutboxState::kFinal;
  store_.update_outbox(*mine, Receipt{"ethereum", "ethereum", {{"tx", "0xab"}}});
  EXPECT_EQ(store_.outbox().size(), 1u);
  const auto all = store_.outbox(true);
  ASSERT_EQ(all.size(), 2u);
  const auto& final = all[0].network == mine->network ? all[0] : all[1];
  EXPECT_EQ(final.signed_bytes, (Bytes{1, 2, 3}));
  EXPECT_EQ(final.nonce, "18446744073709551615");
  EXPECT_EQ(store_.load(trainer.id()).bundle.statements[0].receipts.size(), 1u);
  const OutboxItem same = store_.enqueue(trainer.id(), mine->statement, mine->network);
  EXPECT_EQ(same.id, mine->id);
  EXPECT_EQ(store_.enqueue(trainer.id(), mine->statement, "ipfs").state, OutboxState::kPending);
  EXPECT_EQ(code_of([&] { store_.enqueue(trainer.id(), Digest32{}, "ipfs"); }),
            ErrorCode::kNotFound);
}

TEST_F(StoreTest, CosignaturesAreCheckedOnTheWayIn) {
  Trainer trainer(store_, key_);
  trainer.train(1);
  const Digest32 last = *store_.last_statement(trainer.id());
  const PrivateKey witness = PrivateKey::generate();
  store_.add_cosignature(trainer.id(), last, {witness.address(), cosign(witness, last)});
  EXPECT_EQ(code_of([&] {
              store_.add_cosignature(trainer.id(), last, {key_.address(), cosign(witness, last)});
            }),
            ErrorCode::kCrypto);
  EXPECT_EQ(code_of([&] {
              store_.add_cosignature(trainer.id(), last, {key_.address(), cosign(key_, last)});
            }),
            ErrorCode::kUsage);
  const Verdict verdict = verify(store_.load(trainer.id()));
  EXPECT_EQ(verdict.statements.back().cosigners, std::vector<Address>{witness.address()});
}

TEST_F(StoreTest, ABundleFromElsewhereIsImported) {
  const TempFolder elsewhere;
  Store other = Store::init(folder_in(elsewhere));
  Trainer trainer(other, key_, "theirs");
  trainer.before();
  const Bundle early = other.load(trainer.id()).bundle;
  trainer.epoch(0.7);
  trainer.after();
  other.put_receipt(trainer.id(), *other.last_statement(trainer.id()),
                    {"ethereum", "sepolia", {{"block", 7}}});
  const Bundle whole = other.load(trainer.id()).bundle;

  EXPECT_EQ(store_.import_bundle(early), trainer.id());
  EXPECT_EQ(store_.import_bundle(early), trainer.id());
  EXPECT_EQ(store_.import_bundle(whole), trainer.id());
  EXPECT_EQ(code_of([&] { store_.import_bundle(early); }), ErrorCode::kConflict);
  const LoadedRun loaded = store_.load(trainer.id());
  EXPECT_EQ(encode_bundle(loaded.bundle), encode_bundle(whole));
  EXPECT_EQ(verify(loaded).outcome, Outcome::kHolds);
  const RunSummary summary = store_.summary(trainer.id());
  EXPECT_EQ(summary.status, RunStatus::kImported);
  EXPECT_EQ(summary.name, "theirs");
  EXPECT_TRUE(summary.problems.empty()) << summary.problems.at(0);
  EXPECT_EQ(store_.counters().log_size, 0u);
  EXPECT_EQ(code_of([&] { (void)store_.join_run(trainer.id()); }), ErrorCode::kConflict);
  EXPECT_TRUE(store_.doctor().healthy()) << doctor_to_json(store_.doctor()).dump(1);

  // Back home only what vouches for the same statements is taken over.
  Bundle cosigned = whole;
  const PrivateKey witness = PrivateKey::generate();
  const Digest32 last = cosigned.statements.back().id();
  cosigned.statements.back().cosignatures = {{witness.address(), cosign(witness, last)}};
  other.import_bundle(cosigned);
  EXPECT_EQ(other.load(trainer.id()).bundle.statements.back().cosignatures.size(), 1u);
  EXPECT_EQ(other.status(trainer.id()), RunStatus::kRunning);
}

TEST_F(StoreTest, LargeFilesAreKeptOnlyWhenAsked) {
  const auto file = folder_ / "weights";
  std::ofstream(file) << std::string(100'000, 'w');
  const Digest32 digest = store_.keep_file(Algorithm::kBlake3, file);
  EXPECT_EQ(digest, digest32(Algorithm::kBlake3, as_bytes(std::string(100'000, 'w'))));
  EXPECT_EQ(store_.keep_file(Algorithm::kBlake3, file), digest);
  const auto kept = store_.kept_file(Algorithm::kBlake3, digest);
  ASSERT_TRUE(kept);
  EXPECT_EQ(std::filesystem::file_size(*kept), 100'000u);
  EXPECT_FALSE(store_.kept_file(Algorithm::kSha256, digest));
  EXPECT_EQ(code_of([&] { store_.keep_file(Algorithm::kBlake3, folder_ / "none"); }),
            ErrorCode::kNotFound);
}

TEST_F(StoreTest, CountersOnlyGrow) {
  EXPECT_EQ(store_.next_counter("n"), 0u);
  EXPECT_EQ(store_.next_counter("n"), 1u);
  EXPECT_EQ(store_.next_counter("n", 10), 10u);
  EXPECT_EQ(store_.next_counter("n", 5), 11u);
  EXPECT_EQ(store_.next_counter("m"), 0u);
}

TEST_F(StoreTest, AReaderChangesNothing) {
  Store reader = reopen(StoreAccess::kRead);
  EXPECT_EQ(code_of([&] {
              (void)reader.begin_run({new_run_id(), "", Algorithm::kBlake3, now_utc(), {}});
            }),
            ErrorCode::kUsage);
  EXPECT_EQ(code_of([&] { reader.next_counter("n"); }), ErrorCode::kUsage);
}

TEST_F(StoreTest, NoStoreIsASentenceWithTheWayOut) {
  try {
    (void)Store::open({folder_ / "nothing"});
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kNotFound);
    EXPECT_NE(std::string(error.what()).find("mlprov init"), std::string::npos);
  }
}

TEST_F(StoreTest, SeveralThreadsWithTheirOwnConnections) {
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      Store own = reopen();
      Trainer trainer(own, key_, "thread-" + std::to_string(t));
      trainer.train(3);
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(store_.counters().log_size, 20u);
  EXPECT_TRUE(store_.doctor().healthy()) << doctor_to_json(store_.doctor()).dump(1);
}

}  // namespace
}  // namespace mlprov
