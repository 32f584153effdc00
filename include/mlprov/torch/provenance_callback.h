#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "mlprov/torch/recorded_sampler.h"
#include "mlprov/torch/tracked_loader.h"
#include "mlprov/tracker/run_session.h"

namespace torch::nn {
class Module;
}
namespace torch::optim {
class Optimizer;
class LRScheduler;
}  // namespace torch::optim

namespace mlprov {

/// Differential privacy as the trainer claims it; nothing proves that noise was added.
struct PrivacyParameters {
  double epsilon = 0;
  double delta = 0;
  double noise_multiplier = 0;
  double max_grad_norm = 0;
  double sample_rate = 0;
  std::uint64_t steps = 0;
  std::string accountant;  ///< `rdp`, `prv`, ...
};

/// Gives a LibTorch training run a verifiable history, with a handful of lines in the user's loop:
///
///     mlprov::ProvenanceCallback prov("mnist");
///     prov.attach(model, optimizer);
///     prov.data("train", data_dir);
///     auto batches = prov.track(*train_loader);
///     for (int epoch = 1; epoch <= epochs; ++epoch) {
///       for (auto& batch : batches) { ... }          // an epoch opens, is seen, and closes
///       prov.metric("accuracy", test(...));
///     }
///     prov.finish();
///
/// What it never does: draw from a generator, change a weight, a flag or an order, or stop the
/// training. Everything that can be wrong with the set-up (configuration, key, data path, a tensor
/// of a kind that has no canonical bytes) throws `Error` before the first batch; what fails later
/// is kept in `problems` and marks the run incomplete.
///
/// Ownership: tensors are held by reference count, so the model may be destroyed first. An
/// optimizer is only read while a tracked loop begins or ends, and must be alive then.
/// Thread-safety: belongs to the training thread.
class ProvenanceCallback {
 public:
  /// Environment, flags and seeds in force are noted here, so construct it after `manual_seed`.
  /// `name` is the run's name; configuration comes from `MLPROV_CONFIG`, else defaults.
  explicit ProvenanceCallback(std::string name);
  explicit ProvenanceCallback(const SessionOptions& options);
  /// Seals what is open, quietly and without network.
  ~ProvenanceCallback();
  ProvenanceCallback(const ProvenanceCallback&) = delete;
  ProvenanceCallback& operator=(const ProvenanceCallback&) = delete;

  /// Follows a model's parameters and buffers and an optimizer's state. `model` is a stack struct,
  /// a holder (TORCH_MODULE) or a shared_ptr. With several, give each a name.
  template <class Model>
  void attach(Model& model) {
    attach_model("model", as_module(model));
  }
  template <class Model>
  void attach(Model& model, torch::optim::Optimizer& optimizer) {
    attach("model", model, optimizer);
  }
  template <class Model>
  void attach(std::string_view name, Model& model) {
    attach_model(name, as_module(model));
  }
  template <class Model>
  void attach(std::string_view name, Model& model, torch::optim::Optimizer& optimizer) {
    attach_model(name, as_module(model));
    attach_optimizer(name, optimizer);
  }
  void attach_model(std::string_view name, const torch::nn::Module& model);
  void attach_optimizer(std::string_view name, torch::optim::Optimizer& optimizer);
  /// Notes a scheduler's step count each epoch; it must live as long as its optimizer.
  void scheduler(std::string_view name, torch::optim::LRScheduler& scheduler);

  /// Inputs: a file or folder (one entry a file), ...
  void data(std::string_view split, const std::filesystem::path& path);
  /// ... or a dataset object with `size()` and `get(index)`: two entries an example. Generators are
  /// put back as they were, also where `get` draws from them.
  template <class Dataset>
  requires requires(Dataset& dataset) { dataset.get(std::size_t{0}); }
  void data(std::string_view split, Dataset& dataset) {
    using mlprov::mlprov_tensors;
    digest_dataset(split, dataset_size(dataset), [&dataset](std::size_t i, const TensorSink& sink) {
      mlprov_tensors(dataset.get(i), sink);
    });
  }

  /// The same loader, seen: each pass over the result is one epoch.
  template <class Loader>
  TrackedLoader<Loader> track(Loader& loader, std::string_view split = "train") {
    note_loader(split, loader_settings(loader));
    return TrackedLoader<Loader>(
        loader, [this, split = std::string(split)] { return begin_epoch_loop(split); });
  }
  /// A loader that only evaluates: its passes are noted inside the epoch, and open none.
  template <class Loader>
  TrackedLoader<Loader> track_evaluation(Loader& loader, std::string_view split = "test") {
    note_loader(split, loader_settings(loader));
    return TrackedLoader<Loader>(
        loader, [this, split = std::string(split)] { return begin_evaluation_loop(split); });
  }

  /// The exact order of a split's samples, from a `Recorded` sampler. Without it the record holds
  /// the generators' states, from which a random sampler's order follows.
  void order(std::string_view split, std::shared_ptr<const SampleOrder> order);

  /// A training parameter that mlprov cannot see (`before/config`), before the first batch.
  void parameter(std::string_view name, double value);
  void parameter(std::string_view name, std::string_view value);
  /// A measured value of the epoch that ran last; after `finish` nothing.
  void metric(std::string_view name, double value);
  void privacy(const PrivacyParameters& parameters);
  /// The state of a standard random engine (or anything with `operator<<`), at this moment.
  template <class Engine>
  void rng(std::string_view name, const Engine& engine) {
    std::ostringstream text;
    text << engine;
    note_generator(name, text.str());
  }

  /// The hooks by name, for loops without a tracked loader. `on_epoch_end` may carry metrics.
  void on_train_begin();
  void on_epoch_begin();
  void on_batch_end();
  void on_epoch_end(const std::map<std::string, double>& metrics = {});
  void on_exception(std::string_view what);
  void on_train_end();

  /// Seals the run and says where it is; later calls do nothing.
  void finish();

  bool enabled() const noexcept;
  const std::string& run_id() const noexcept;
  /// What went wrong since training began, a sentence each; empty is good.
  std::vector<std::string> problems() const;

  class Impl;  ///< Of no use outside; named here for the passes over loaders.

 private:
  using ExampleReader = std::function<void(std::size_t, const TensorSink&)>;

  template <class Model>
  static const torch::nn::Module& as_module(const Model& model) {
    if constexpr (std::is_convertible_v<const Model*, const torch::nn::Module*>) {
      return model;
    } else {
      return *model;
    }
  }
  template <class Dataset>
  static std::size_t dataset_size(const Dataset& dataset) {
    if constexpr (requires { dataset.size().value(); }) {
      return dataset.size().value();
    } else {
      return dataset.size();
    }
  }

  void digest_dataset(std::string_view split, std::size_t size, const ExampleReader& read);
  void note_loader(std::string_view split, const LoaderSettings& settings);
  void note_generator(std::string_view name, const std::string& state);
  std::unique_ptr<LoopObserver> begin_epoch_loop(const std::string& split);
  std::unique_ptr<LoopObserver> begin_evaluation_loop(const std::string& split);

  std::unique_ptr<Impl> impl_;
};

}  // namespace mlprov
