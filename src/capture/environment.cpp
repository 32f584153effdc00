#include "mlprov/capture/environment.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "capture/text.h"

namespace mlprov {
namespace {

using namespace std::string_view_literals;

/// May change bits. The list follows what LibTorch, oneDNN, MKL, OpenMP, cuBLAS, cuDNN and NCCL
/// read from the environment.
constexpr std::array kNumeric = {
    "ATEN_CPU_CAPABILITY"sv,
    "CUBLAS_WORKSPACE_CONFIG"sv,
    "CUDA_LAUNCH_BLOCKING"sv,
    "DNNL_DEFAULT_FPMATH_MODE"sv,
    "DNNL_MAX_CPU_ISA"sv,
    "LRU_CACHE_CAPACITY"sv,
    "MKL_CBWR"sv,
    "MKL_DYNAMIC"sv,
    "MKL_ENABLE_INSTRUCTIONS"sv,
    "MKL_NUM_THREADS"sv,
    "NCCL_ALGO"sv,
    "NCCL_PROTO"sv,
    "NVIDIA_TF32_OVERRIDE"sv,
    "OMP_DYNAMIC"sv,
    "OMP_NUM_THREADS"sv,
    "OMP_SCHEDULE"sv,
    "ONEDNN_DEFAULT_FPMATH_MODE"sv,
    "ONEDNN_MAX_CPU_ISA"sv,
    "OPENBLAS_CORETYPE"sv,
    "OPENBLAS_NUM_THREADS"sv,
    "TORCH_ALLOW_TF32_CUBLAS_OVERRIDE"sv,
    "TORCH_BLAS_PREFER_CUBLASLT"sv,
    "TORCH_CUDNN_USE_HEURISTIC_MODE_B"sv,
    "TORCH_CUDNN_V8_API_DISABLED"sv,
    "TORCH_LINALG_PREFER_CUSOLVER"sv,
    "TORCH_MKLDNN_MATMUL_MIN_DIM"sv,
};
constexpr std::array kNumericPrefixes = {"GOMP_"sv, "KMP_"sv};

constexpr std::array kOther = {
    "CUDA_VISIBLE_DEVICES"sv,
    "GLIBC_TUNABLES"sv,
    "LANG"sv,
    "LC_ALL"sv,
    "LC_NUMERIC"sv,
    "LD_LIBRARY_PATH"sv,
    "LD_PRELOAD"sv,
    "MALLOC_ARENA_MAX"sv,
    "MLPROV_DISABLED"sv,
    "NVIDIA_VISIBLE_DEVICES"sv,
    "SOURCE_DATE_EPOCH"sv,
    "TZ"sv,
};

constexpr std::array kSecretWords = {"KEY"sv,  "TOKEN"sv,      "SECRET"sv,
                                     "PASS"sv, "CREDENTIAL"sv, "AUTH"sv};
constexpr std::size_t kMaxValue = 4096;

template <std::size_t N>
bool contains(const std::array<std::string_view, N>& list, std::string_view name) {
  return std::find(list.begin(), list.end(), name) != list.end();
}

std::string bounded_value(std::string_view value) {
  if (value.size() <= kMaxValue) return capture::printable(value);
  return capture::printable(value.substr(0, kMaxValue)) + "...(" + std::to_string(value.size()) +
         " bytes)";
}

Json list_json(const std::vector<EnvironmentVariable>& variables) {
  Json list = Json::array();
  for (const auto& variable : variables) {
    list.push_back({{"name", variable.name}, {"value", variable.value}});
  }
  return list;
}

void sort_by_name(std::vector<EnvironmentVariable>& variables) {
  std::stable_sort(variables.begin(), variables.end(),
                   [](const auto& a, const auto& b) { return a.name < b.name; });
}

}  // namespace

bool is_secret_name(std::string_view name) {
  std::string upper(name);
  for (char& c : upper) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return std::any_of(kSecretWords.begin(), kSecretWords.end(),
                     [&](std::string_view word) { return upper.find(word) != std::string::npos; });
}

bool is_allowed_variable(std::string_view name, bool& numeric) {
  if (is_secret_name(name)) return false;
  numeric = contains(kNumeric, name) ||
            std::any_of(kNumericPrefixes.begin(), kNumericPrefixes.end(),
                        [&](std::string_view prefix) { return name.starts_with(prefix); });
  return numeric || contains(kOther, name);
}

EnvironmentCapture capture_environment(const char* const* environment) {
  EnvironmentCapture taken;
  for (; environment != nullptr && *environment != nullptr; ++environment) {
    const std::string_view line = *environment;
    const auto equals = line.find('=');
    if (equals == std::string_view::npos) continue;
    const std::string_view name = line.substr(0, equals);
    bool numeric = false;
    if (!is_allowed_variable(name, numeric)) continue;
    (numeric ? taken.numeric : taken.other)
        .push_back({capture::printable(name), bounded_value(line.substr(equals + 1))});
  }
  sort_by_name(taken.numeric);
  sort_by_name(taken.other);
  return taken;
}

EnvironmentCapture capture_environment() { return capture_environment(::environ); }

Json environment_content(const EnvironmentCapture& environment) {
  return {{"variables", list_json(environment.numeric)}};
}

Json environment_circumstances(const EnvironmentCapture& environment) {
  return {{"variables", list_json(environment.other)}};
}

}  // namespace mlprov
