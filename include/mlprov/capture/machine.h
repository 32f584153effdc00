#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "mlprov/json/canonical.h"

namespace mlprov {

/// The machine as this process sees it. All of it is circumstance.
struct MachineCapture {
  std::string architecture;                   ///< `x86_64`, `aarch64`, ...
  std::string cpu_model;                      ///< Empty when the system does not say.
  std::vector<std::string> instruction_sets;  ///< In force: the CPU has and the kernel enables.
  std::uint64_t logical_cpus = 0;             ///< Online.
  std::uint64_t physical_cores = 0;           ///< 0: unknown.
  std::vector<std::uint32_t> affinity;        ///< CPUs that this process may run on.
  std::string cpu_quota;  ///< The cgroup's limit as it stands there; empty: none.

  std::uint64_t memory_bytes = 0;
  std::uint64_t memory_limit_bytes = 0;  ///< The cgroup's; 0: none.

  std::string kernel;      ///< `Linux 6.1.0 #1 SMP ...`
  std::string os_release;  ///< PRETTY_NAME.
  std::string hostname;
  std::string nvidia_driver;  ///< As /proc has it; empty without one.

  std::vector<std::string> container;  ///< Hints such as `docker`, `kubernetes`; empty: none seen.
  /// Variables of a batch system that say which job and nodes these are: (name, value).
  std::vector<std::pair<std::string, std::string>> batch;

  std::vector<std::string> missing;  ///< What could not be read, and why.
};

/// Reads /proc, /sys, uname and the environment. Never throws for what it finds.
MachineCapture capture_machine();

Json machine_circumstances(const MachineCapture& machine);

}  // namespace mlprov
