#include "torch/recorder.h"

#include <torch/optim/schedulers/lr_scheduler.h>

#include <cstdio>

#include "mlprov/merkle/name.h"
#include "mlprov/support/error.h"
#include "torch/generators.h"
#include "torch/optimizer_state.h"
#include "torch/runtime_state.h"

namespace mlprov::detail {
namespace {

/// Fixed width, so that order by bytes is order by number.
std::string ten_digits(std::uint64_t number) {
  char text[24];
  std::snprintf(text, sizeof text, "%010llu", static_cast<unsigned long long>(number));
  return text;
}

std::string below(std::string_view folder, std::string_view name) {
  return std::string(folder) + "/" + escape_name(name);
}

/// `<i>.data`, `<i>.target`, and numbers for a third tensor and more.
std::string example_part(std::uint64_t index, std::size_t part) {
  const std::string number = ten_digits(index);
  if (part == 0) return number + ".data";
  if (part == 1) return number + ".target";
  return number + "." + std::to_string(part);
}

/// Reads a scheduler's protected counter: LibTorch offers no other way (it has no save or load).
struct SchedulerPeek : torch::optim::LRScheduler {
  static unsigned torch::optim::LRScheduler::*counter() { return &SchedulerPeek::step_count_; }
};

template <class List>
void require_new_name(const List& list, std::string_view name, const char* what) {
  for (const auto& item : list) {
    if (item.name == name) {
      throw Error(ErrorCode::kConflict, std::string(what) + " named '" + std::string(name) +
                                            "' is attached already; give each a name of its own");
    }
  }
}

}  // namespace

void Recorder::attach_model(std::string_view name, const torch::nn::Module& model) {
  for (const ModelState& known : models_) {
    if (known.name() == name) {
      throw Error(ErrorCode::kConflict, "a model named '" + std::string(name) +
                                            "' is attached already; give each a name of its own");
    }
  }
  models_.emplace_back(std::string(name), model);
}

void Recorder::attach_optimizer(std::string_view name, torch::optim::Optimizer& optimizer) {
  require_new_name(optimizers_, name, "an optimizer");
  optimizers_.push_back({std::string(name), &optimizer});
}

void Recorder::attach_scheduler(std::string_view name, torch::optim::LRScheduler& scheduler) {
  require_new_name(schedulers_, name, "a scheduler");
  schedulers_.push_back({std::string(name), &scheduler});
}

void Recorder::attach_order(std::string_view split, std::shared_ptr<const SampleOrder> order) {
  orders_[std::string(split)] = std::move(order);
}

void Recorder::parameter(std::string_view name, Json value) {
  parameters_.push_back({{"name", std::string(name)}, {"value", std::move(value)}});
}

void Recorder::privacy(const PrivacyParameters& parameters) {
  const Json claim{{"accountant", parameters.accountant},
                   {"delta", to_bits(parameters.delta)},
                   {"epsilon", to_bits(parameters.epsilon)},
                   {"max_grad_norm", to_bits(parameters.max_grad_norm)},
                   {"noise_multiplier", to_bits(parameters.noise_multiplier)},
                   {"sample_rate", to_bits(parameters.sample_rate)},
                   {"steps", parameters.steps}};
  session_.add_json(sealed_ ? epoch_ : "before/config", "privacy", claim);
}

void Recorder::loader(std::string_view split, const LoaderSettings& settings) {
  Json note{{"batch_size", settings.batch_size},
            {"drop_last", settings.drop_last},
            {"enforce_ordering", settings.enforce_ordering},
            {"max_jobs", settings.max_jobs},
            {"workers", settings.workers}};
  if (settings.timeout_ms) note["timeout_ms"] = *settings.timeout_ms;
  session_.add_json("before/loaders", split, note);
}

void Recorder::user_generator(std::string_view name, const std::string& state) {
  user_generators_.push_back({{"name", std::string(name)}, {"state", state}});
}

void Recorder::dataset(std::string_view split, std::size_t size,
                       const std::function<void(std::size_t, const TensorSink&)>& read) {
  constexpr std::size_t kTogether = 256;
  const GeneratorGuard guard;  // `get` may draw random numbers: nobody shall notice
  const std::string folder = below("before/data", split);
  std::vector<NamedTensor> waiting;
  for (std::size_t i = 0; i < size; ++i) {
    std::size_t part = 0;
    read(i, [&](const at::Tensor& tensor) {
      waiting.push_back({example_part(i, part++), tensor});
      require_recordable(waiting.back());
    });
    if (waiting.size() < kTogether && i + 1 < size) continue;
    session_.add_tensors(folder, digest_tensors(waiting, session_.algorithm()));
    waiting.clear();
  }
}

void Recorder::note_start() {
  session_.add_json("before/determinism", "in_force", determinism_in_force());
  session_.add_json("before/circumstances", "libtorch", libtorch_build(), Salting::kSalted);
  generators("before/determinism/generators", "start");
}

void Recorder::generators(const std::string& folder, std::string_view moment) {
  Json seeds = Json::array();
  for (const GeneratorState& generator : generator_states()) {
    seeds.push_back({{"device", generator.device}, {"seed", generator.seed}});
    session_.add_bytes(folder, generator.device + "." + std::string(moment), generator.state);
  }
  session_.add_json(folder, "seeds." + std::string(moment), seeds);
  if (user_generators_.empty()) return;
  session_.add_json(folder, "named." + std::string(moment), user_generators_);
  user_generators_ = Json::array();
}

void Recorder::models(const std::string& folder, bool describe) {
  for (const ModelState& model : models_) {
    const std::string place = below(folder, model.name());
    if (describe) {
      session_.add_text(place, "architecture", model.architecture());
      session_.add_json(place, "layout", model.layout());
    }
    session_.add_tensors(describe ? place + "/weights" : place,
                         digest_tensors(model.tensors(), session_.algorithm()));
  }
}

void Recorder::optimizer_states(const std::string& folder) {
  for (const NamedOptimizer& named : optimizers_) {
    const OptimizerSnapshot snapshot = optimizer_snapshot(*named.optimizer, models_);
    const std::string place = below(folder, named.name);
    session_.add_tensors(place + "/state", digest_tensors(snapshot.tensors, session_.algorithm()));
    session_.add_json(place, "scalars", snapshot.scalars);
  }
}

void Recorder::seal_before(bool optimizers_alive) {
  if (sealed_) return;
  sealed_ = true;
  models("before/model", true);
  if (!optimizers_alive) optimizers_.clear();
  for (const NamedOptimizer& named : optimizers_) {
    session_.add_json("before/optimizer", named.name,
                      optimizer_settings(*named.optimizer, models_));
  }
  if (!parameters_.empty()) session_.add_json("before/config", "run_parameters", parameters_);
  session_.seal_before();
}

std::string Recorder::open_epoch() {
  seal_before();
  epoch_ = session_.open_epoch();
  generators(epoch_ + "/rng", "begin");
  return epoch_;
}

void Recorder::order(const std::string& folder, const std::string& split) {
  const auto found = orders_.find(split);
  if (found == orders_.end()) return;
  const std::vector<std::size_t> indices = found->second->indices();
  Bytes bytes;
  bytes.reserve(indices.size() * 4);
  for (const std::size_t index : indices) {
    if (index > 0xFFFFFFFFULL) {
      throw Error(ErrorCode::kUnsupported,
                  "an example's index is over 2^32: its order is not kept");
    }
    for (int shift = 0; shift < 32; shift += 8) {
      bytes.push_back(static_cast<std::uint8_t>(index >> shift));
    }
  }
  session_.add_bytes(folder, "order.u32", bytes);
}

void Recorder::schedules(const std::string& folder) {
  Json rates = Json::array();
  for (const NamedOptimizer& named : optimizers_) {
    rates.push_back({{"name", named.name}, {"rates", learning_rates(*named.optimizer)}});
  }
  if (!rates.empty()) session_.add_json(folder, "learning_rates", rates);
  Json steps = Json::array();
  for (const NamedScheduler& named : schedulers_) {
    steps.push_back({{"name", named.name}, {"steps", named.scheduler->*SchedulerPeek::counter()}});
  }
  if (!steps.empty()) session_.add_json(folder, "schedulers", steps);
}

void Recorder::close_epoch(const std::string& folder, const std::string& split, const Json& loop) {
  session_.add_json(folder, "loop", loop);
  models(folder + "/model", false);
  if (session_.config().optimizer == OptimizerPolicy::kEvery) {
    optimizer_states(folder + "/optimizer");
  }
  schedules(folder);
  order(folder, split);
  generators(folder + "/rng", "end");
  session_.add_json(folder, "determinism", determinism_in_force());
  session_.commit_epoch();
}

void Recorder::batch(const std::string& folder, std::uint64_t index, const BatchReader& read) {
  std::vector<NamedTensor> parts;
  read([&](const at::Tensor& tensor) {
    parts.push_back({example_part(index, parts.size()), tensor});
  });
  session_.add_tensors(folder, digest_tensors(parts, session_.algorithm()));
}

void Recorder::note_pass(const std::string& folder, const Json& pass) {
  session_.add_json(folder, "pass", pass);
}

void Recorder::result(bool optimizers_alive) {
  seal_before(optimizers_alive);
  models("result/weights", false);
  if (optimizers_alive && session_.config().optimizer == OptimizerPolicy::kLast) {
    optimizer_states("result/optimizer");
  }
}

}  // namespace mlprov::detail
