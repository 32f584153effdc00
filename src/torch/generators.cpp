#include "torch/generators.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Context.h>
#include <ATen/core/Tensor.h>

#include <mutex>

namespace mlprov::detail {
namespace {

struct NamedGenerator {
  std::string device;
  at::Generator generator;
};

std::vector<NamedGenerator> default_generators() {
  std::vector<NamedGenerator> found{{"cpu", at::detail::getDefaultCPUGenerator()}};
  const auto gpus = static_cast<int>(at::getNumGPUs());
  for (int gpu = 0; gpu < gpus; ++gpu) {
    const at::Device device(at::kCUDA, static_cast<at::DeviceIndex>(gpu));
    found.push_back({"cuda-" + std::to_string(gpu), at::globalContext().defaultGenerator(device)});
  }
  return found;
}

at::Tensor locked_state(at::Generator& generator) {
  const std::lock_guard lock(generator.mutex());
  return generator.get_state();
}

}  // namespace

std::vector<GeneratorState> generator_states() {
  std::vector<GeneratorState> states;
  for (NamedGenerator& named : default_generators()) {
    const at::Tensor state = locked_state(named.generator);
    const auto* bytes = state.const_data_ptr<std::uint8_t>();
    states.push_back({named.device, std::to_string(named.generator.current_seed()),
                      Bytes(bytes, bytes + state.numel())});
  }
  return states;
}

struct GeneratorGuard::Impl {
  std::vector<NamedGenerator> generators = default_generators();
  std::vector<at::Tensor> states;
};

GeneratorGuard::GeneratorGuard() : impl_(std::make_unique<Impl>()) {
  for (NamedGenerator& named : impl_->generators) {
    impl_->states.push_back(locked_state(named.generator));
  }
}

GeneratorGuard::~GeneratorGuard() {
  for (std::size_t i = 0; i < impl_->states.size(); ++i) {
    const std::lock_guard lock(impl_->generators[i].generator.mutex());
    impl_->generators[i].generator.set_state(impl_->states[i]);
  }
}

}  // namespace mlprov::detail
