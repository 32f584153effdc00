#include "mlprov/capture/machine.h"

#include <sys/utsname.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <string_view>

#include "capture/cgroup.h"
#include "capture/cpu.h"
#include "capture/text.h"
#include "mlprov/capture/environment.h"

namespace mlprov {
namespace {

using capture::printable;
using capture::trim;

/// Which job, which nodes, which rank: never the variables that hold a job's credentials.
constexpr std::array kBatchVariables = {"SLURM_JOB_ID",        "SLURM_JOB_NAME",
                                        "SLURM_JOB_NODELIST",  "SLURM_JOB_PARTITION",
                                        "SLURM_CLUSTER_NAME",  "SLURM_ARRAY_JOB_ID",
                                        "SLURM_ARRAY_TASK_ID", "SLURM_STEP_ID",
                                        "SLURM_NTASKS",        "SLURM_PROCID",
                                        "SLURM_LOCALID",       "SLURM_NODEID",
                                        "SLURM_CPUS_PER_TASK", "SLURM_GPUS_ON_NODE",
                                        "PBS_JOBID",           "PBS_JOBNAME",
                                        "PBS_QUEUE",           "PBS_ARRAYID",
                                        "PBS_NODENUM",         "PBS_NUM_NODES",
                                        "LSB_JOBID",           "LSB_JOBNAME",
                                        "LSB_QUEUE",           "LSB_HOSTS",
                                        "LSB_JOBINDEX",        "JOB_ID",
                                        "SGE_TASK_ID",         "KUBERNETES_SERVICE_HOST"};

std::string field_of(std::string_view text, std::string_view name, char separator) {
  for (const std::string_view line : capture::split(text, '\n')) {
    if (!line.starts_with(name) || line.size() <= name.size()) continue;
    if (line[name.size()] == separator) return std::string(trim(line.substr(name.size() + 1)));
  }
  return {};
}

std::string unquoted(std::string text) {
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"') {
    return text.substr(1, text.size() - 2);
  }
  return text;
}

void describe_system(MachineCapture& machine) {
  struct utsname name {};
  if (::uname(&name) == 0) {
    machine.architecture = printable(name.machine);
    machine.hostname = printable(name.nodename);
    machine.kernel = printable(std::string(name.sysname) + " " + name.release + " " + name.version);
  } else {
    machine.missing.emplace_back("uname gave nothing");
  }
  const auto release = capture::read_small_file("/etc/os-release");
  if (release) machine.os_release = printable(unquoted(field_of(*release, "PRETTY_NAME", '=')));
  if (!release) machine.missing.emplace_back("/etc/os-release cannot be read");
}

void describe_memory(MachineCapture& machine) {
  const auto text = capture::read_small_file("/proc/meminfo");
  std::string total = text ? field_of(*text, "MemTotal", ':') : "";
  if (total.ends_with(" kB")) total.resize(total.size() - 3);
  if (const auto kilobytes = capture::parse_number(trim(total))) {
    machine.memory_bytes = *kilobytes * 1024;
  } else {
    machine.missing.emplace_back("/proc/meminfo does not tell the memory");
  }
}

void describe_driver(MachineCapture& machine) {
  const auto text = capture::read_small_file("/proc/driver/nvidia/version");
  if (text) machine.nvidia_driver = printable(field_of(*text, "NVRM version", ':'));
}

void describe_batch(MachineCapture& machine) {
  for (const char* name : kBatchVariables) {
    const char* const value = std::getenv(name);
    if (value == nullptr || is_secret_name(name)) continue;
    machine.batch.emplace_back(name, printable(std::string_view(value).substr(0, 4096)));
  }
}

}  // namespace

MachineCapture capture_machine() {
  MachineCapture machine;
  describe_system(machine);
  capture::describe_cpu(machine);
  describe_memory(machine);
  capture::describe_container(machine);
  describe_driver(machine);
  describe_batch(machine);
  return machine;
}

Json machine_circumstances(const MachineCapture& machine) {
  Json batch = Json::array();
  for (const auto& [name, value] : machine.batch) {
    batch.push_back({{"name", name}, {"value", value}});
  }
  return {{"affinity", machine.affinity},
          {"architecture", machine.architecture},
          {"batch", std::move(batch)},
          {"container", machine.container},
          {"cpu_model", machine.cpu_model},
          {"cpu_quota", machine.cpu_quota},
          {"hostname", machine.hostname},
          {"instruction_sets", machine.instruction_sets},
          {"kernel", machine.kernel},
          {"logical_cpus", machine.logical_cpus},
          {"memory_bytes", capture::json_number(machine.memory_bytes)},
          {"memory_limit_bytes", capture::json_number(machine.memory_limit_bytes)},
          {"missing", machine.missing},
          {"nvidia_driver", machine.nvidia_driver},
          {"os_release", machine.os_release},
          {"physical_cores", machine.physical_cores}};
}

}  // namespace mlprov
