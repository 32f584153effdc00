#include "tracker/surroundings.h"

#include "mlprov/capture/capture.h"
#include "mlprov/merkle/name.h"
#include "mlprov/tracker/config.h"

namespace mlprov::detail {
namespace {

constexpr const char* kCircumstancesOfBefore = "before/circumstances";
constexpr std::int64_t kMaxSafeInteger = (std::int64_t{1} << 53) - 1;

bool is_safe_integer(const Json& value) {
  if (value.is_number_unsigned()) {
    return value.get<std::uint64_t>() <= static_cast<std::uint64_t>(kMaxSafeInteger);
  }
  if (!value.is_number_integer()) return false;
  const auto number = value.get<std::int64_t>();
  return number >= -kMaxSafeInteger && number <= kMaxSafeInteger;
}

/// A diff is text unless some changed file is not UTF-8.
void record_diff(RunBuilder& run, const GitCapture& git) {
  if (git.diff_bytes == 0) return;
  if (git.diff.size() < git.diff_bytes) {
    run.add_file_digest("before/code", "diff", git.diff_digest, git.diff_bytes);
  } else if (is_utf8(git.diff)) {
    run.add_text("before/code", "diff", git.diff);
  } else {
    run.add_file("before/code", "diff", as_bytes(git.diff));
  }
}

/// `a/b/c` below `folder`: the folder of the file, and its own name.
std::pair<std::string, std::string> place_of(const std::string& folder, const std::string& path) {
  std::string place = folder;
  std::size_t begin = 0;
  for (std::size_t slash; (slash = path.find('/', begin)) != std::string::npos; begin = slash + 1) {
    place += "/" + escape_name(path.substr(begin, slash - begin));
  }
  return {place, path.substr(begin)};
}

void record_code(RunBuilder& run, const GitCapture& git) {
  run.add_json("before/code", "source", git_content(git));
  run.add_json(kCircumstancesOfBefore, "repository", git_circumstances(git), Salting::kSalted);
  record_diff(run, git);
  for (const GitFile& file : git.files) {
    if (!file.digest) continue;
    const auto [place, name] = place_of("before/code/files", file.path);
    run.add_file_digest(place, name, *file.digest, file.size);
  }
}

}  // namespace

Json recordable(const Json& value) {
  if (value.is_object()) {
    Json list = Json::array();
    for (const auto& [name, member] : value.items()) {
      list.push_back({{"name", name}, {"value", recordable(member)}});
    }
    return list;
  }
  if (value.is_array()) {
    Json list = Json::array();
    for (const Json& element : value) list.push_back(recordable(element));
    return list;
  }
  if (value.is_number_float()) return to_bits(value.get<double>());
  if (value.is_number() && !is_safe_integer(value)) return value.dump();
  return value;
}

void record_surroundings(RunBuilder& run, const Capture& capture) {
  record_code(run, capture.git);
  run.add_json("before/determinism", "variables", environment_content(capture.environment));
  run.add_json(kCircumstancesOfBefore, "environment",
               environment_circumstances(capture.environment), Salting::kSalted);
  run.add_json(kCircumstancesOfBefore, "executable", executable_circumstances(capture.executable),
               Salting::kSalted);
  run.add_json(kCircumstancesOfBefore, "machine", machine_circumstances(capture.machine),
               Salting::kSalted);
  run.add_json(kCircumstancesOfBefore, "compiler", compiler_content(capture.library),
               Salting::kSalted);
  if (!capture.missing.empty()) {
    run.add_json(kCircumstancesOfBefore, "missing", capture.missing, Salting::kSalted);
  }
}

void record_config(RunBuilder& run, const Config& config) {
  static constexpr const char* kContent[] = {"first", "all", "none"};
  const Json settings{{"algorithm", std::string(to_string(config.algorithm))},
                      {"content", kContent[static_cast<int>(config.content)]},
                      {"optimizer", config.optimizer == OptimizerPolicy::kLast ? "last" : "every"},
                      {"pre_anchor", config.pre_anchor == PreAnchor::kWait ? "wait" : "async"}};
  run.add_json("before/config", "mlprov", settings);
  if (!config.parameters.empty()) {
    run.add_json("before/config", "parameters", recordable(config.parameters));
  }
}

}  // namespace mlprov::detail
