#include "torch/runtime_state.h"

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <torch/version.h>

#include <exception>
#include <optional>
#include <string>

namespace mlprov::detail {
namespace {

template <class Value>
Json as_json(const Value& value) {
  return value;
}
template <class Value>
Json as_json(const std::optional<Value>& value) {
  return value ? Json(*value) : Json("default");
}

/// Reads one value; a getter that throws on this build is recorded as such, not lost.
template <class Read>
void note(Json& flags, const char* name, const Read& read) {
  try {
    flags[name] = as_json(read());
  } catch (const std::exception&) {
    flags[name] = "unavailable";
  }
}

/// Precision of each (backend, operation) pair; pairs that LibTorch refuses are left out.
Json float32_precisions(const at::Context& context) {
  struct Backend {
    at::Float32Backend value;
    const char* name;
  };
  struct Operation {
    at::Float32Op value;
    const char* name;
  };
  static constexpr Backend kBackends[] = {{at::Float32Backend::GENERIC, "generic"},
                                          {at::Float32Backend::CUDA, "cuda"},
                                          {at::Float32Backend::MKLDNN, "mkldnn"}};
  static constexpr Operation kOperations[] = {{at::Float32Op::ALL, "all"},
                                              {at::Float32Op::CONV, "conv"},
                                              {at::Float32Op::RNN, "rnn"},
                                              {at::Float32Op::MATMUL, "matmul"}};
  Json precisions = Json::object();
  for (const Backend& backend : kBackends) {
    for (const Operation& operation : kOperations) {
      try {
        precisions[std::string(backend.name) + "." + operation.name] =
            at::precision2str(context.float32Precision(backend.value, operation.value));
      } catch (const std::exception&) {
        continue;  // GENERIC knows only ALL
      }
    }
  }
  return precisions;
}

void note_kernels(Json& flags, const at::Context& c) {
  note(flags, "deterministic_algorithms", [&] { return c.deterministicAlgorithms(); });
  note(flags, "deterministic_warn_only", [&] { return c.deterministicAlgorithmsWarnOnly(); });
  note(flags, "fill_uninitialized_memory",
       [&] { return c.deterministicFillUninitializedMemory(); });
  note(flags, "cudnn_enabled", [&] { return c.userEnabledCuDNN(); });
  note(flags, "cudnn_benchmark", [&] { return c.benchmarkCuDNN(); });
  note(flags, "cudnn_benchmark_limit", [&] { return c.benchmarkLimitCuDNN(); });
  note(flags, "cudnn_deterministic", [&] { return c.deterministicCuDNN(); });
  note(flags, "mkldnn_enabled", [&] { return c.userEnabledMkldnn(); });
  note(flags, "mkldnn_deterministic", [&] { return c.deterministicMkldnn(); });
  note(flags, "nnpack_enabled", [&] { return c.userEnabledNNPACK(); });
  note(flags, "linalg_backend", [&] { return static_cast<int>(c.linalgPreferredBackend()); });
  note(flags, "quantized_engine", [&] { return static_cast<int>(c.qEngine()); });
  note(flags, "check_sparse_invariants", [&] { return c.checkSparseTensorInvariants(); });
}

void note_precision(Json& flags, at::Context& c) {
  note(flags, "tf32_cublas", [&] { return c.allowTF32CuBLAS(); });
  note(flags, "tf32_cudnn", [&] { return c.allowTF32CuDNN(); });
  note(flags, "tf32_onednn", [&] { return c.allowTF32OneDNN(); });
  note(flags, "matmul_precision", [&] { return static_cast<int>(c.float32MatmulPrecision()); });
  note(flags, "float32_precision", [&] { return float32_precisions(c); });
  note(flags, "fp16_reduction_cublas",
       [&] { return static_cast<int>(c.allowFP16ReductionCuBLAS()); });
  note(flags, "bf16_reduction_cublas",
       [&] { return static_cast<int>(c.allowBF16ReductionCuBLAS()); });
  note(flags, "fp16_accumulation_cublas", [&] { return c.allowFP16AccumulationCuBLAS(); });
  note(flags, "fp16_reduction_cpu", [&] { return c.allowFP16ReductionCPU(); });
  note(flags, "blas_backend", [&] { return static_cast<int>(c.blasPreferredBackend()); });
}

void note_attention(Json& flags, at::Context& c) {
  note(flags, "sdp_flash", [&] { return c.userEnabledFlashSDP(); });
  note(flags, "sdp_mem_efficient", [&] { return c.userEnabledMemEfficientSDP(); });
  note(flags, "sdp_math", [&] { return c.userEnabledMathSDP(); });
  note(flags, "sdp_cudnn", [&] { return c.userEnabledCuDNNSDP(); });
  note(flags, "sdp_fa3", [&] { return c.userEnabledFA3SDP(); });
  note(flags, "sdp_math_reduced", [&] { return c.allowFP16BF16ReductionMathSDP(); });
  note(flags, "sdp_priority", [&] {
    Json order = Json::array();
    for (const auto backend : c.sDPPriorityOrder()) order.push_back(static_cast<int>(backend));
    return order;
  });
}

}  // namespace

Json determinism_in_force() {
  at::Context& context = at::globalContext();
  Json flags = Json::object();
  note_kernels(flags, context);
  note_precision(flags, context);
  note_attention(flags, context);
  note(flags, "cpu_capability", [] { return at::get_cpu_capability(); });
  note(flags, "threads", [] { return at::get_num_threads(); });
  note(flags, "interop_threads", [] { return at::get_num_interop_threads(); });
  return flags;
}

Json libtorch_build() {
  Json build = Json::object();
  note(build, "version", [] { return TORCH_VERSION; });
  note(build, "config", [] { return at::show_config(); });
  note(build, "mkl", [] { return at::get_mkl_version(); });
  note(build, "onednn", [] { return at::get_mkldnn_version(); });
  note(build, "openmp", [] { return at::get_openmp_version(); });
  note(build, "cxx_flags", [] { return at::get_cxx_flags(); });
  note(build, "gpus", [] { return static_cast<int>(at::getNumGPUs()); });
  return build;
}

}  // namespace mlprov::detail
