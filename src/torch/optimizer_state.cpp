#include "torch/optimizer_state.h"

#include <torch/optim.h>
#include <torch/serialize/archive.h>

#include <algorithm>
#include <sstream>

#include "mlprov/support/error.h"

namespace mlprov::detail {
namespace {

namespace optim = torch::optim;

/// Collects one parameter's state under its name.
class StateSink {
 public:
  StateSink(std::string parameter, OptimizerSnapshot& out)
      : parameter_(std::move(parameter)), out_(out) {}

  void tensor(const char* key, const at::Tensor& tensor) const {
    if (tensor.defined()) out_.tensors.push_back({parameter_ + "." + key, tensor});
  }
  void tensors(const std::string& key, const std::vector<at::Tensor>& list) const {
    for (std::size_t i = 0; i < list.size(); ++i) {
      tensor((key + "." + std::to_string(i)).c_str(), list[i]);
    }
  }
  void integer(const char* key, std::int64_t value) const { scalar(key, std::to_string(value)); }
  void real(const char* key, double value) const { scalar(key, to_bits(value)); }

  /// Any value out of an archive.
  void value(const std::string& key, const c10::IValue& value) const {
    if (value.isTensor()) return tensor(key.c_str(), value.toTensor());
    if (value.isInt()) return integer(key.c_str(), value.toInt());
    if (value.isDouble()) return real(key.c_str(), value.toDouble());
    std::ostringstream text;
    text << value;
    scalar(key.c_str(), text.str());
  }

 private:
  void scalar(const char* key, Json value) const {
    out_.scalars.push_back({{"name", parameter_ + "." + key}, {"value", std::move(value)}});
  }

  std::string parameter_;
  OptimizerSnapshot& out_;
};

void read_lbfgs(const optim::LBFGSParamState& state, const StateSink& sink) {
  sink.integer("func_evals", state.func_evals());
  sink.integer("n_iter", state.n_iter());
  sink.real("t", state.t());
  sink.real("prev_loss", state.prev_loss());
  sink.tensor("d", state.d());
  sink.tensor("H_diag", state.H_diag());
  sink.tensor("prev_flat_grad", state.prev_flat_grad());
  sink.tensors("old_dirs", {state.old_dirs().begin(), state.old_dirs().end()});
  sink.tensors("old_stps", {state.old_stps().begin(), state.old_stps().end()});
  sink.tensors("ro", {state.ro().begin(), state.ro().end()});
  if (state.al()) sink.tensors("al", *state.al());
}

/// Reads the adaptive optimizers, whose states differ in names only by case.
template <class State>
void read_adam(const State& state, const StateSink& sink) {
  sink.integer("step", state.step());
  sink.tensor("exp_avg", state.exp_avg());
  sink.tensor("exp_avg_sq", state.exp_avg_sq());
  sink.tensor("max_exp_avg_sq", state.max_exp_avg_sq());
}

/// Another's state, through its own serialisation.
void read_archive(const optim::OptimizerParamState& state, const StateSink& sink) {
  torch::serialize::OutputArchive out;
  state.serialize(out);
  std::stringstream stream;
  out.save_to(stream);
  torch::serialize::InputArchive in;
  in.load_from(stream);
  for (const std::string& key : in.keys()) {
    c10::IValue value;
    in.read(key, value);
    sink.value(key, value);
  }
}

void read_state(const optim::OptimizerParamState& state, const StateSink& sink) {
  if (const auto* sgd = dynamic_cast<const optim::SGDParamState*>(&state)) {
    sink.tensor("momentum_buffer", sgd->momentum_buffer());
  } else if (const auto* adam = dynamic_cast<const optim::AdamParamState*>(&state)) {
    read_adam(*adam, sink);
  } else if (const auto* adamw = dynamic_cast<const optim::AdamWParamState*>(&state)) {
    read_adam(*adamw, sink);
  } else if (const auto* adagrad = dynamic_cast<const optim::AdagradParamState*>(&state)) {
    sink.integer("step", adagrad->step());
    sink.tensor("sum", adagrad->sum());
  } else if (const auto* rms = dynamic_cast<const optim::RMSpropParamState*>(&state)) {
    sink.integer("step", rms->step());
    sink.tensor("square_avg", rms->square_avg());
    sink.tensor("momentum_buffer", rms->momentum_buffer());
    sink.tensor("grad_avg", rms->grad_avg());
  } else if (const auto* lbfgs = dynamic_cast<const optim::LBFGSParamState*>(&state)) {
    read_lbfgs(*lbfgs, sink);
  } else {
    read_archive(state, sink);
  }
}

/// A name for a parameter: its model's, or its place in the groups.
std::string parameter_name(const std::vector<ModelState>& models, const at::Tensor& parameter,
                           std::size_t group, std::size_t index) {
  for (const ModelState& model : models) {
    const std::string name = model.name_of(parameter);
    if (name.empty()) continue;
    return models.size() == 1 ? name : model.name() + "." + name;
  }
  return "group" + std::to_string(group) + ".param" + std::to_string(index);
}

template <class Visit>
void for_each_parameter(const optim::Optimizer& optimizer, const std::vector<ModelState>& models,
                        const Visit& visit) {
  const auto& groups = optimizer.param_groups();
  for (std::size_t g = 0; g < groups.size(); ++g) {
    for (std::size_t p = 0; p < groups[g].params().size(); ++p) {
      const at::Tensor& parameter = groups[g].params()[p];
      visit(g, parameter, parameter_name(models, parameter, g, p));
    }
  }
}

Json option_list(const optim::OptimizerOptions& options) {
  OptimizerSnapshot found;
  torch::serialize::OutputArchive out;
  options.serialize(out);
  std::stringstream stream;
  out.save_to(stream);
  torch::serialize::InputArchive in;
  in.load_from(stream);
  std::vector<std::string> keys = in.keys();
  std::ranges::sort(keys);
  Json list = Json::array();
  for (const std::string& key : keys) {
    c10::IValue value;
    in.read(key, value);
    OptimizerSnapshot one;
    one.scalars = Json::array();
    StateSink("", one).value(key, value);
    Json shown = one.scalars.empty() ? Json("tensor") : one.scalars[0]["value"];
    list.push_back({{"name", key}, {"value", std::move(shown)}});
  }
  return list;
}

}  // namespace

Json learning_rates(const optim::Optimizer& optimizer) {
  Json rates = Json::array();
  for (const auto& group : optimizer.param_groups())
    rates.push_back(to_bits(group.options().get_lr()));
  return rates;
}

Json optimizer_settings(const optim::Optimizer& optimizer, const std::vector<ModelState>& models) {
  Json groups = Json::array();
  for (const auto& group : optimizer.param_groups()) {
    Json options = Json::array();
    try {
      options = option_list(group.options());
    } catch (const std::exception&) {
      // A user's own options without serialisation: the learning rate is still recorded below.
      options = "not serialisable";
    }
    groups.push_back({{"options", options}, {"parameters", Json::array()}});
  }
  for_each_parameter(optimizer, models,
                     [&](std::size_t group, const at::Tensor&, const std::string& name) {
                       groups[group]["parameters"].push_back(name);
                     });
  return {{"groups", groups}, {"type", c10::demangle(typeid(optimizer).name())}};
}

OptimizerSnapshot optimizer_snapshot(const optim::Optimizer& optimizer,
                                     const std::vector<ModelState>& models) {
  OptimizerSnapshot snapshot;
  snapshot.scalars = Json::array();
  const auto& states = optimizer.state();
  for_each_parameter(
      optimizer, models, [&](std::size_t, const at::Tensor& parameter, const std::string& name) {
        const auto found = states.find(parameter.unsafeGetTensorImpl());
        if (found == states.end()) return;  // no gradient so far
        try {
          read_state(*found->second, StateSink(name, snapshot));
        } catch (const std::exception& error) {
          throw Error(ErrorCode::kUnsupported,
                      "the optimizer's state of '" + name + "' cannot be read: " + error.what());
        }
      });
  std::ranges::sort(snapshot.tensors, {}, &NamedTensor::name);
  std::sort(snapshot.scalars.begin(), snapshot.scalars.end(),
            [](const Json& a, const Json& b) { return a.at("name") < b.at("name"); });
  return snapshot;
}

}  // namespace mlprov::detail
