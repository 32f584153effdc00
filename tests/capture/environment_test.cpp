#include "mlprov/capture/environment.h"

#include <gtest/gtest.h>

namespace mlprov {
namespace {

TEST(CaptureEnvironment, TakesWhatIsListedAndNothingElse) {
  const char* const environment[] = {"OMP_NUM_THREADS=4",
                                     "KMP_AFFINITY=granularity=fine",
                                     "MKL_CBWR=",
                                     "LANG=C.UTF-8",
                                     "PATH=/usr/bin",
                                     "HOME=/home/me",
                                     "AWS_SECRET_ACCESS_KEY=abc",
                                     "KMP_SECRET_KEY=abc",
                                     "GOMP_AUTH_TOKEN=abc",
                                     "KMP_passphrase=abc",
                                     "nonsense",
                                     nullptr};
  const EnvironmentCapture taken = capture_environment(environment);
  const std::vector<EnvironmentVariable> numeric = {
      {"KMP_AFFINITY", "granularity=fine"}, {"MKL_CBWR", ""}, {"OMP_NUM_THREADS", "4"}};
  EXPECT_EQ(taken.numeric, numeric);
  const std::vector<EnvironmentVariable> other = {{"LANG", "C.UTF-8"}};
  EXPECT_EQ(taken.other, other);
}

TEST(CaptureEnvironment, SecretNamesAreNeverAllowed) {
  bool numeric = false;
  for (const char* name : {"ETH_PRIVATE_KEY", "KMP_TOKEN", "GOMP_SECRET", "KMP_PASSWORD", "KMP_key",
                           "GOMP_CREDENTIALS", "KMP_AUTHORIZATION"}) {
    EXPECT_TRUE(is_secret_name(name)) << name;
    EXPECT_FALSE(is_allowed_variable(name, numeric)) << name;
  }
}

TEST(CaptureEnvironment, EveryVariableThatChangesBitsIsNumeric) {
  for (const char* name : {"OMP_NUM_THREADS",
                           "MKL_NUM_THREADS",
                           "MKL_DYNAMIC",
                           "OMP_DYNAMIC",
                           "MKL_CBWR",
                           "MKL_ENABLE_INSTRUCTIONS",
                           "ATEN_CPU_CAPABILITY",
                           "ONEDNN_MAX_CPU_ISA",
                           "DNNL_MAX_CPU_ISA",
                           "ONEDNN_DEFAULT_FPMATH_MODE",
                           "KMP_BLOCKTIME",
                           "GOMP_SPINCOUNT",
                           "CUBLAS_WORKSPACE_CONFIG",
                           "CUDA_LAUNCH_BLOCKING",
                           "NVIDIA_TF32_OVERRIDE",
                           "TORCH_ALLOW_TF32_CUBLAS_OVERRIDE",
                           "TORCH_BLAS_PREFER_CUBLASLT",
                           "TORCH_LINALG_PREFER_CUSOLVER",
                           "TORCH_MKLDNN_MATMUL_MIN_DIM",
                           "TORCH_CUDNN_V8_API_DISABLED",
                           "TORCH_CUDNN_USE_HEURISTIC_MODE_B",
                           "LRU_CACHE_CAPACITY",
                           "NCCL_ALGO",
                           "NCCL_PROTO"}) {
    bool numeric = false;
    EXPECT_TRUE(is_allowed_variable(name, numeric)) << name;
    EXPECT_TRUE(numeric) << name;
  }
  for (const char* name : {"LD_PRELOAD", "LD_LIBRARY_PATH", "CUDA_VISIBLE_DEVICES"}) {
    bool numeric = true;
    EXPECT_TRUE(is_allowed_variable(name, numeric)) << name;
    EXPECT_FALSE(numeric) << name;
  }
}

TEST(CaptureEnvironment, HostileValuesBecomeBoundedText) {
  const std::string huge = "OMP_SCHEDULE=" + std::string(100'000, 'x');
  const char* const environment[] = {huge.c_str(), "LANG=\xff\xfe", nullptr};
  const EnvironmentCapture taken = capture_environment(environment);
  ASSERT_EQ(taken.numeric.size(), 1u);
  EXPECT_EQ(taken.numeric[0].value, std::string(4096, 'x') + "...(100000 bytes)");
  ASSERT_EQ(taken.other.size(), 1u);
  EXPECT_EQ(taken.other[0].value, "\\xff\\xfe");
  EXPECT_NO_THROW(to_canonical(environment_content(taken)));
  EXPECT_NO_THROW(to_canonical(environment_circumstances(taken)));
}

}  // namespace
}  // namespace mlprov
