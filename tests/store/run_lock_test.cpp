#include "mlprov/store/run_lock.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <optional>

#include "support/temp_folder.h"

namespace mlprov {
namespace {

using mlprov::testing::TempFolder;

const std::string kRun(32, 'a');

TEST(RunLock, IsHeldWhileOneOfThemLives) {
  const TempFolder folder;
  EXPECT_FALSE(RunLock::is_held(folder.path(), kRun));
  std::optional<RunLock> first(std::in_place, folder.path(), kRun);
  EXPECT_TRUE(RunLock::is_held(folder.path(), kRun));
  std::optional<RunLock> second(std::in_place, folder.path(), kRun);
  first.reset();
  EXPECT_TRUE(RunLock::is_held(folder.path(), kRun));
  second.reset();
  EXPECT_FALSE(RunLock::is_held(folder.path(), kRun));
  EXPECT_FALSE(RunLock::is_held(folder.path(), std::string(32, 'b')));
}

/// Runs `body` in a child that then waits to be killed; returns its pid when it is ready.
template <typename Body>
pid_t start_child(Body body) {
  int ready[2];
  if (::pipe(ready) != 0) return -1;
  const pid_t child = ::fork();
  if (child == 0) {
    body();
    (void)!::write(ready[1], "x", 1);
    while (true) ::pause();
  }
  char byte = 0;
  (void)!::read(ready[0], &byte, 1);
  ::close(ready[0]);
  ::close(ready[1]);
  return child;
}

void kill_child(pid_t child) {
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
}

TEST(RunLock, AKilledProcessLosesIt) {
  const TempFolder folder;
  const pid_t child = start_child([&] { new RunLock(folder.path(), kRun); });
  EXPECT_TRUE(RunLock::is_held(folder.path(), kRun));
  // Asking took nothing away.
  EXPECT_TRUE(RunLock::is_held(folder.path(), kRun));
  kill_child(child);
  EXPECT_FALSE(RunLock::is_held(folder.path(), kRun));
}

TEST(RunLock, AForkedChildNeitherKeepsNorDropsIt) {
  const TempFolder folder;
  std::optional<RunLock> lock(std::in_place, folder.path(), kRun);
  // The child destroys its copy and lives on.
  const pid_t child = start_child([&] { lock.reset(); });
  EXPECT_TRUE(RunLock::is_held(folder.path(), kRun));
  const pid_t asker = ::fork();
  if (asker == 0) ::_exit(RunLock::is_held(folder.path(), kRun) ? 0 : 1);
  int status = 0;
  ::waitpid(asker, &status, 0);
  EXPECT_EQ(WEXITSTATUS(status), 0);
  lock.reset();
  EXPECT_FALSE(RunLock::is_held(folder.path(), kRun));
  kill_child(child);
}

TEST(RunLock, TwoProcessesMayHoldIt) {
  const TempFolder folder;
  const pid_t child = start_child([&] { new RunLock(folder.path(), kRun); });
  std::optional<RunLock> own(std::in_place, folder.path(), kRun);
  kill_child(child);
  EXPECT_TRUE(RunLock::is_held(folder.path(), kRun));
  own.reset();
  EXPECT_FALSE(RunLock::is_held(folder.path(), kRun));
}

}  // namespace
}  // namespace mlprov
