#include "capture/cgroup.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string_view>

#include "capture/text.h"

namespace mlprov::capture {
namespace {

/// Version 1 writes this rounded to pages for "no limit".
constexpr std::uint64_t kNoLimit = std::uint64_t{1} << 62;

/// This process's path in one hierarchy; lines read `id:controllers:path`.
std::string path_in_hierarchy(std::string_view cgroups, std::string_view controller) {
  for (const std::string_view line : split(cgroups, '\n')) {
    const auto first = line.find(':');
    const auto second = line.find(':', first + 1);
    if (first == std::string_view::npos || second == std::string_view::npos) continue;
    const auto names = split(line.substr(first + 1, second - first - 1), ',');
    const bool unified = controller.empty() && second == first + 1;
    if (unified || std::find(names.begin(), names.end(), controller) != names.end()) {
      return std::string(line.substr(second + 1));
    }
  }
  return "/";
}

/// Reads a control file at the process's own path, else at the top, as inside a container.
std::string read_control(const std::string& mount, const std::string& path, const char* file) {
  for (const std::string& folder : {mount + path, mount}) {
    if (const auto text = read_small_file((folder + "/" + file).c_str())) {
      return std::string(trim(*text));
    }
  }
  return {};
}

void describe_limits_v2(MachineCapture& machine, const std::string& path) {
  const std::string cpu = read_control("/sys/fs/cgroup", path, "cpu.max");
  if (!cpu.empty() && !cpu.starts_with("max")) machine.cpu_quota = printable(cpu);
  const auto memory = parse_number(read_control("/sys/fs/cgroup", path, "memory.max"));
  if (memory) machine.memory_limit_bytes = *memory;
}

void describe_limits_v1(MachineCapture& machine, std::string_view cgroups) {
  const std::string cpu = path_in_hierarchy(cgroups, "cpu");
  const std::string quota = read_control("/sys/fs/cgroup/cpu", cpu, "cpu.cfs_quota_us");
  const std::string period = read_control("/sys/fs/cgroup/cpu", cpu, "cpu.cfs_period_us");
  if (parse_number(quota) && parse_number(period)) machine.cpu_quota = quota + " " + period;
  const std::string memory = path_in_hierarchy(cgroups, "memory");
  const auto limit =
      parse_number(read_control("/sys/fs/cgroup/memory", memory, "memory.limit_in_bytes"));
  if (limit && *limit < kNoLimit) machine.memory_limit_bytes = *limit;
}

bool exists(const char* path) { return ::access(path, F_OK) == 0; }

void add_hint(MachineCapture& machine, const char* hint) {
  auto& hints = machine.container;
  if (std::find(hints.begin(), hints.end(), hint) == hints.end()) hints.emplace_back(hint);
}

void describe_hints(MachineCapture& machine, std::string_view cgroups) {
  struct Hint {
    std::string_view part;
    const char* name;
  };
  static constexpr std::array kParts = {Hint{"docker", "docker"}, Hint{"kubepods", "kubernetes"},
                                        Hint{"libpod", "podman"}, Hint{"containerd", "containerd"},
                                        Hint{"/lxc", "lxc"},      Hint{"slurm", "slurm"}};
  for (const Hint& hint : kParts) {
    if (cgroups.find(hint.part) != std::string_view::npos) add_hint(machine, hint.name);
  }
  if (exists("/.dockerenv")) add_hint(machine, "docker");
  if (exists("/run/.containerenv")) add_hint(machine, "podman");
  if (std::getenv("KUBERNETES_SERVICE_HOST") != nullptr) add_hint(machine, "kubernetes");
  if (std::getenv("SINGULARITY_CONTAINER") != nullptr ||
      std::getenv("APPTAINER_CONTAINER") != nullptr) {
    add_hint(machine, "apptainer");
  }
}

}  // namespace

void describe_container(MachineCapture& machine) {
  const auto cgroups = read_small_file("/proc/self/cgroup");
  if (!cgroups) machine.missing.emplace_back("/proc/self/cgroup cannot be read");
  const std::string text = cgroups.value_or("");
  if (exists("/sys/fs/cgroup/cgroup.controllers")) {
    describe_limits_v2(machine, path_in_hierarchy(text, ""));
  } else {
    describe_limits_v1(machine, text);
  }
  describe_hints(machine, text);
}

}  // namespace mlprov::capture
