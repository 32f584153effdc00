// BLAKE3's threads must really be in use: its own CMake switches them off without a word when
// oneTBB is older than it likes, as Debian's is.
#include <gtest/gtest.h>
#include <tbb/global_control.h>
#include <tbb/task_arena.h>
#include <tbb/task_scheduler_observer.h>

#include <atomic>
#include <chrono>
#include <fstream>

#include "digest/cpu_backend.h"
#include "digest/pattern.h"
#include "mlprov/digest/file_digest.h"
#include "mlprov/digest/hasher.h"
#include "mlprov/support/hex.h"
#include "support/temp_folder.h"

namespace mlprov {
namespace {

/// Counts worker threads that enter an arena. They do so only when there are tasks to take.
class WorkerCounter final : public tbb::task_scheduler_observer {
 public:
  explicit WorkerCounter(tbb::task_arena& arena) : task_scheduler_observer(arena) { observe(true); }
  ~WorkerCounter() override { observe(false); }
  void on_scheduler_entry(bool is_worker) override { workers_ += is_worker; }
  int workers() const noexcept { return workers_; }

 private:
  std::atomic<int> workers_{0};
};

/// Repeats `action` in an arena of four until a worker has come, for at most ten seconds: on a
/// busy machine one may need a while to wake up.
template <typename Action>
int workers_seen_during(Action&& action) {
  // Lets workers exist also on a machine with one core.
  const tbb::global_control four(tbb::global_control::max_allowed_parallelism, 4);
  tbb::task_arena arena(4);
  const WorkerCounter counter(arena);
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (counter.workers() == 0 && std::chrono::steady_clock::now() < end) arena.execute(action);
  return counter.workers();
}

TEST(Threads, TheObserverSeesNoneForASmallInput) {
  const tbb::global_control four(tbb::global_control::max_allowed_parallelism, 4);
  tbb::task_arena arena(4);
  const WorkerCounter counter(arena);
  const Bytes bytes = testing::pattern(100 << 10);
  arena.execute([&] {
    for (int i = 0; i < 1000; ++i) digest32(Algorithm::kBlake3, bytes);
  });
  EXPECT_EQ(counter.workers(), 0);
}

TEST(Threads, OneLargeUpdateRunsOnSeveral) {
  const Bytes bytes = testing::pattern(16 << 20);
  const auto hasher = HashFactory::create(Algorithm::kBlake3);
  EXPECT_GT(workers_seen_during([&] { hasher->update(bytes); }), 0);
}

TEST(Threads, OneLargeDigestRunsOnSeveral) {
  const Bytes bytes = testing::pattern(16 << 20);
  EXPECT_GT(workers_seen_during([&] { digest32(Algorithm::kBlake3, bytes); }), 0);
}

// The digest does not depend on how many threads there are: one, two, many.
TEST(Threads, DigestIsTheSameForEveryCount) {
  const testing::TempFolder folder;
  const Bytes bytes = testing::pattern((20 << 20) + 4321);
  std::ofstream(folder / "file", std::ios::binary) << as_text(bytes);
  const std::string expected = to_hex(digest(Algorithm::kBlake3, bytes));
  for (const unsigned threads : {0u, 1u, 2u, 3u, 16u, 4'000'000'000u}) {
    FileDigestOptions options;
    options.threads = threads;
    EXPECT_EQ(to_hex(hash_file(folder / "file", options).digest), expected) << threads;
  }
}

}  // namespace
}  // namespace mlprov
