#pragma once

#include <string>
#include <vector>

#include "mlprov/json/canonical.h"
#include "torch/model_state.h"
#include "torch/tensor_parts.h"

namespace torch::optim {
class Optimizer;
}

namespace mlprov::detail {

/// What an optimizer holds at one moment.
struct OptimizerSnapshot {
  std::vector<NamedTensor> tensors;  ///< `<parameter>.exp_avg`, ..., sorted by name.
  Json scalars;  ///< `[{"name":"<parameter>.step","value":...}, ...]`, sorted by name.
};

/// Hyperparameters, one object a parameter group: `options` and the names of its parameters.
Json optimizer_settings(const torch::optim::Optimizer& optimizer,
                        const std::vector<ModelState>& models);

/// Learning rates of the groups, as bits.
Json learning_rates(const torch::optim::Optimizer& optimizer);

/// Reads the state in the order of groups and parameters. Optimizers of LibTorch are read by their
/// types; others through their own `serialize`. Throws `kUnsupported` when neither works.
OptimizerSnapshot optimizer_snapshot(const torch::optim::Optimizer& optimizer,
                                     const std::vector<ModelState>& models);

}  // namespace mlprov::detail
