#pragma once

#include <string>
#include <vector>

#include "mlprov/json/canonical.h"
#include "torch/tensor_parts.h"

namespace torch::nn {
class Module;
}

namespace mlprov::detail {

/// A model's parameters and buffers by handle: the module itself may die first.
class ModelState {
 public:
  /// Throws `kUnsupported` for a tensor that cannot be recorded.
  ModelState(std::string name, const torch::nn::Module& module);

  const std::string& name() const noexcept { return name_; }
  /// Parameters and buffers, each name once, sorted by name.
  const std::vector<NamedTensor>& tensors() const noexcept { return tensors_; }
  /// The module printed by LibTorch.
  const std::string& architecture() const noexcept { return architecture_; }
  /// Names in registration order, which are buffers, which share storage, which need gradients,
  /// and what tensors of special layouts add.
  Json layout() const;
  /// The name of a parameter handle; empty when it is not this model's.
  std::string name_of(const at::Tensor& parameter) const;

 private:
  Json aliases() const;

  std::string name_;
  std::string architecture_;
  std::vector<std::string> registration_order_;
  std::vector<std::string> buffers_;
  std::vector<NamedTensor> tensors_;
};

}  // namespace mlprov::detail
