#include "capture/cpu.h"

#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <set>
#include <string_view>

#include "capture/text.h"

namespace mlprov::capture {
namespace {

/// The lines `name : value` of /proc/cpuinfo, of the first processor or of all of them.
class CpuInfo {
 public:
  explicit CpuInfo(std::string_view text) {
    std::string_view package = "0";
    for (const std::string_view line : split(text, '\n')) {
      const auto colon = line.find(':');
      if (colon == std::string_view::npos) continue;
      const std::string_view name = trim(line.substr(0, colon));
      const std::string_view value = trim(line.substr(colon + 1));
      if (name == "physical id") package = value;
      if (name == "core id") cores_.emplace(package, value);
      if (name == "model name" || name == "Model" || name == "cpu") take(model_, value);
      if (name == "flags" || name == "Features") take(flags_, value);
    }
  }

  std::string_view model() const { return model_; }
  std::string_view flags() const { return flags_; }
  std::size_t physical_cores() const { return cores_.size(); }

 private:
  static void take(std::string_view& field, std::string_view value) {
    if (field.empty()) field = value;
  }

  std::string_view model_;
  std::string_view flags_;
  std::set<std::pair<std::string_view, std::string_view>> cores_;
};

std::vector<std::string> sorted_words(std::string_view text) {
  std::vector<std::string> words;
  for (const std::string_view word : split(text, ' ')) {
    if (!word.empty()) words.push_back(printable(word));
  }
  std::sort(words.begin(), words.end());
  words.erase(std::unique(words.begin(), words.end()), words.end());
  return words;
}

std::vector<std::uint32_t> allowed_cpus() {
  constexpr std::size_t kMaxCpus = 8192;
  std::vector<std::uint32_t> cpus;
  cpu_set_t* const set = CPU_ALLOC(kMaxCpus);
  if (set == nullptr) return cpus;
  const std::size_t size = CPU_ALLOC_SIZE(kMaxCpus);
  CPU_ZERO_S(size, set);
  if (::sched_getaffinity(0, size, set) == 0) {
    for (std::size_t cpu = 0; cpu < kMaxCpus; ++cpu) {
      if (CPU_ISSET_S(cpu, size, set)) cpus.push_back(static_cast<std::uint32_t>(cpu));
    }
  }
  CPU_FREE(set);
  return cpus;
}

}  // namespace

void describe_cpu(MachineCapture& machine) {
  const auto text = read_small_file("/proc/cpuinfo");
  if (text) {
    // The kernel lists what the CPU has and the kernel itself switched on.
    const CpuInfo info(*text);
    machine.cpu_model = printable(info.model());
    machine.instruction_sets = sorted_words(info.flags());
    machine.physical_cores = info.physical_cores();
  } else {
    machine.missing.emplace_back("/proc/cpuinfo cannot be read");
  }
  const long online = ::sysconf(_SC_NPROCESSORS_ONLN);
  if (online > 0) machine.logical_cpus = static_cast<std::uint64_t>(online);
  machine.affinity = allowed_cpus();
}

}  // namespace mlprov::capture
