#include "mlprov/store/store_writer.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <future>
#include <thread>

#include "mlprov/inspect/verify.h"
#include "mlprov/support/error.h"
#include "store/fixture.h"

namespace mlprov {
namespace {

using namespace std::chrono_literals;
using mlprov::testing::FastFolder;
using mlprov::testing::folder_in;
using mlprov::testing::Trainer;

class StoreWriterTest : public ::testing::Test {
 protected:
  StoreWriterTest() : store_(Store::init(folder_in(folder_))) {}

  static StoreWriter::Job failing(ErrorCode code, const char* why) {
    return [code, why](Store&) { throw Error(code, why); };
  }

  FastFolder folder_;
  PrivateKey key_ = PrivateKey::generate();
  Store store_;
};

TEST_F(StoreWriterTest, WritesARunInOrder) {
  StoreWriter writer(Store::open(folder_in(folder_)));
  const std::string run = new_run_id();
  const RunLock lock = store_.begin_run({run, "x", Algorithm::kBlake3, now_utc(), {}});
  RunBuilder builder({run, Algorithm::kBlake3, store_.log_vkey()}, key_);
  const auto write = [&](const SignedStatement& statement) {
    const Bundle bundle = builder.bundle();
    EXPECT_TRUE(writer.append(statement, builder.last_tree().directories(), bundle.objects));
  };
  write(builder.seal_before());
  EXPECT_TRUE(writer.save_state(run, "epoch-1", {{"loss", "1"}}));
  for (int i = 0; i < 5; ++i) write(builder.seal_epoch());
  write(builder.seal_after());
  EXPECT_TRUE(writer.end_run(run, RunEnd::kFinished, {}));
  EXPECT_TRUE(writer.flush(10s));
  EXPECT_EQ(verify_bundle(encode_bundle(store_.load(run).bundle)).outcome, Outcome::kHolds);
  const StoreWriterStatus status = writer.close(1s);
  EXPECT_TRUE(status.complete());
  EXPECT_EQ(status.written, 9u);
  EXPECT_TRUE(status.problems.empty());
  EXPECT_FALSE(writer.submit([](Store&) {}));
}

TEST_F(StoreWriterTest, WhatTheSystemRefusesIsTriedAgain) {
  StoreWriterOptions options;
  options.retry_every = 5ms;
  StoreWriter writer(Store::open(folder_in(folder_)), options);
  std::atomic<int> attempts = 0;
  std::vector<int> order;
  EXPECT_TRUE(writer.submit([&](Store&) {
    if (++attempts < 4) throw Error(ErrorCode::kIo, "the disk is full");
    order.push_back(1);
  }));
  EXPECT_TRUE(writer.submit([&](Store&) { order.push_back(2); }));
  EXPECT_TRUE(writer.flush(10s));
  EXPECT_EQ(order, (std::vector<int>{1, 2}));
  const StoreWriterStatus status = writer.status();
  EXPECT_TRUE(status.complete());
  EXPECT_EQ(status.problems, std::vector<std::string>{"the disk is full"});
}

TEST_F(StoreWriterTest, WhatTheStoreRefusesEndsTheChain) {
  StoreWriter writer(Store::open(folder_in(folder_)));
  bool later = false;
  writer.submit(failing(ErrorCode::kConflict, "does not follow"));
  writer.submit([&](Store&) { later = true; });
  EXPECT_FALSE(writer.flush(10s));
  EXPECT_FALSE(writer.submit([&](Store&) { later = true; }));
  const StoreWriterStatus status = writer.close(1s);
  EXPECT_FALSE(later);
  EXPECT_EQ(status.dropped, 3u);
  EXPECT_EQ(status.problems, std::vector<std::string>{"does not follow"});
}

TEST_F(StoreWriterTest, AFullQueueHoldsTheSubmitterWhileTheStoreWorks) {
  StoreWriterOptions options;
  options.max_jobs = 2;
  StoreWriter writer(Store::open(folder_in(folder_)), options);
  std::promise<void> gate;
  auto opened = gate.get_future().share();
  writer.submit([opened](Store&) { opened.wait(); });
  writer.submit([](Store&) {});
  std::atomic<bool> returned = false;
  std::thread submitter([&] {
    EXPECT_TRUE(writer.submit([](Store&) {}));
    returned = true;
  });
  std::this_thread::sleep_for(50ms);
  EXPECT_FALSE(returned);
  gate.set_value();
  submitter.join();
  EXPECT_TRUE(writer.flush(10s));
  EXPECT_EQ(writer.status().written, 3u);
}

TEST_F(StoreWriterTest, AStoreThatRefusesNeverHoldsTraining) {
  StoreWriterOptions options;
  options.max_jobs = 3;
  options.retry_every = 10s;
  StoreWriter writer(Store::open(folder_in(folder_)), options);
  writer.submit(failing(ErrorCode::kIo, "the disk is full"));
  const auto start = std::chrono::steady_clock::now();
  int taken = 1;
  for (int i = 0; i < 10; ++i) taken += writer.submit([](Store&) {}) ? 1 : 0;
  EXPECT_LT(std::chrono::steady_clock::now() - start, 5s);
  EXPECT_EQ(taken, 3);
  EXPECT_FALSE(writer.flush(50ms));
  const StoreWriterStatus status = writer.close(50ms);
  EXPECT_EQ(status.dropped, 11u);
  EXPECT_EQ(status.written, 0u);
  ASSERT_GE(status.problems.size(), 2u);
}

TEST_F(StoreWriterTest, BytesAreBoundedToo) {
  StoreWriterOptions options;
  options.max_bytes = 100;
  options.max_wait = 20ms;
  StoreWriter writer(Store::open(folder_in(folder_)), options);
  std::promise<void> gate;
  auto opened = gate.get_future().share();
  EXPECT_TRUE(writer.submit([opened](Store&) { opened.wait(); }, 1000));  // Alone it may be large.
  EXPECT_FALSE(writer.submit([](Store&) {}, 1));
  gate.set_value();
}

TEST_F(StoreWriterTest, AForkedChildDoesNothing) {
  StoreWriter writer(Store::open(folder_in(folder_)));
  EXPECT_TRUE(writer.flush(1s));
  const pid_t child = ::fork();
  if (child == 0) {
    bool good = !writer.submit([](Store&) {}) && !writer.flush(1s);
    good = good && writer.status().written == 0;
    {
      // Even the end of a writer that came along by the fork is harmless.
      writer.~StoreWriter();
      try {
        (void)store_.list_runs();
        good = false;
      } catch (const Error& error) {
        good = good && error.code() == ErrorCode::kUsage;
      }
    }
    ::_exit(good ? 0 : 1);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_EQ(WEXITSTATUS(status), 0);
  Trainer trainer(store_, key_);
  trainer.train(1);
  EXPECT_TRUE(writer.submit([](Store& own) { (void)own.list_runs(); }));
  EXPECT_TRUE(writer.flush(10s));
}

}  // namespace
}  // namespace mlprov
