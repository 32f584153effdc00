#include "mlprov/capture/machine.h"

#include <gtest/gtest.h>
#include <sched.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "mlprov/capture/capture.h"

namespace mlprov {
namespace {

TEST(CaptureMachine, AgreesWithTheSystem) {
  const MachineCapture machine = capture_machine();
  struct utsname name {};
  ASSERT_EQ(::uname(&name), 0);
  EXPECT_EQ(machine.architecture, name.machine);
  EXPECT_EQ(machine.hostname, name.nodename);
  EXPECT_NE(machine.kernel.find(name.release), std::string::npos);
  EXPECT_EQ(machine.logical_cpus, static_cast<std::uint64_t>(::sysconf(_SC_NPROCESSORS_ONLN)));
  const auto pages = static_cast<std::uint64_t>(::sysconf(_SC_PHYS_PAGES));
  EXPECT_EQ(machine.memory_bytes, pages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE)));
  EXPECT_FALSE(machine.instruction_sets.empty());
#ifdef __x86_64__
  const auto& sets = machine.instruction_sets;
  EXPECT_EQ(std::count(sets.begin(), sets.end(), "sse2"), 1);
  const bool avx2 = std::count(sets.begin(), sets.end(), "avx2") == 1;
  EXPECT_EQ(avx2, __builtin_cpu_supports("avx2") != 0);
#endif
  EXPECT_TRUE(machine.missing.empty());
  EXPECT_NO_THROW(to_canonical(machine_circumstances(machine)));
}

TEST(CaptureMachine, AffinityIsTheProcess) {
  cpu_set_t before;
  ASSERT_EQ(::sched_getaffinity(0, sizeof before, &before), 0);
  const std::uint32_t first = capture_machine().affinity.at(0);
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(first, &one);
  ASSERT_EQ(::sched_setaffinity(0, sizeof one, &one), 0);
  EXPECT_EQ(capture_machine().affinity, std::vector<std::uint32_t>{first});
  ::sched_setaffinity(0, sizeof before, &before);
}

TEST(CaptureMachine, BatchVariablesAreTakenAndTheirSecretsAreNot) {
  ::setenv("SLURM_JOB_ID", "4711", 1);
  ::setenv("SLURM_JWT", "S3CRET", 1);
  ::setenv("PBS_O_SECRET_TOKEN", "S3CRET", 1);
  const MachineCapture machine = capture_machine();
  ::unsetenv("SLURM_JOB_ID");
  ::unsetenv("SLURM_JWT");
  ::unsetenv("PBS_O_SECRET_TOKEN");
  const std::pair<std::string, std::string> want{"SLURM_JOB_ID", "4711"};
  EXPECT_EQ(std::count(machine.batch.begin(), machine.batch.end(), want), 1);
  EXPECT_EQ(machine_circumstances(machine).dump().find("S3CRET"), std::string::npos);
}

TEST(CaptureAll, NeverThrowsAndSaysWhatIsMissing) {
  CaptureOptions options;
  options.project = "/proc/self";
  options.digest_cache = "/proc/no/such/folder/cache";
  const Capture capture = capture_all(options);
  EXPECT_EQ(capture.git.state, GitState::kNone);
  const auto names_git = [](const std::string& why) { return why.starts_with("git: "); };
  EXPECT_EQ(std::count_if(capture.missing.begin(), capture.missing.end(), names_git), 1);
  EXPECT_FALSE(capture.executable.libraries.empty());
  EXPECT_FALSE(capture.machine.kernel.empty());
}

}  // namespace
}  // namespace mlprov
