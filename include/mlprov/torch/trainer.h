#pragma once

#include <cstdint>
#include <exception>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "mlprov/torch/provenance_callback.h"

namespace mlprov {

/// Where a `Trainer` is when it calls a handler.
enum class Event { kTrainBegin, kEpochBegin, kBatchEnd, kEpochEnd, kTrainEnd, kException };

/// What a handler is told. `metrics` may be added to in `kEpochEnd`: they become the epoch's.
struct TrainerState {
  std::uint64_t epoch = 0;  ///< From 1; 0 before the first.
  std::uint64_t batch = 0;  ///< From 1 within the epoch.
  double loss = 0;          ///< Of the last batch.
  std::map<std::string, double> metrics;
};

/// A small training loop with events, for people who want one; the callback does not need it. Not
/// thread-safe. The step is the user's: it runs one optimisation step and returns the loss.
///
///     mlprov::Trainer trainer([&](auto& batch) { ...; return loss.template item<double>(); });
///     trainer.on(mlprov::Event::kEpochEnd, [&](mlprov::TrainerState& s) { evaluate(); });
///     trainer.fit(*loader, 10, prov);
template <class Step>
class Trainer {
 public:
  using Handler = std::function<void(TrainerState&)>;

  explicit Trainer(Step step) : step_(std::move(step)) {}

  Trainer& on(Event event, Handler handler) {
    handlers_[event].push_back(std::move(handler));
    return *this;
  }

  /// Runs `epochs` passes over the loader under the callback's eyes. An exception from the step or
  /// a handler reaches the caller, after `kException` and with the run marked failed.
  template <class Loader>
  TrainerState fit(Loader& loader, std::uint64_t epochs, ProvenanceCallback& prov) {
    TrainerState state;
    auto batches = prov.track(loader);
    try {
      emit(Event::kTrainBegin, state);
      while (state.epoch < epochs) run_epoch(batches, state, prov);
      emit(Event::kTrainEnd, state);
    } catch (const std::exception& error) {
      emit(Event::kException, state);
      prov.on_exception(error.what());
      throw;
    }
    return state;
  }

 private:
  template <class Batches>
  void run_epoch(Batches& batches, TrainerState& state, ProvenanceCallback& prov) {
    ++state.epoch;
    state.batch = 0;
    state.metrics.clear();
    emit(Event::kEpochBegin, state);
    for (auto& batch : batches) {
      state.loss = step_(batch);
      ++state.batch;
      emit(Event::kBatchEnd, state);
    }
    emit(Event::kEpochEnd, state);
    for (const auto& [name, value] : state.metrics) prov.metric(name, value);
  }

  void emit(Event event, TrainerState& state) {
    for (const Handler& handler : handlers_[event]) handler(state);
  }

  Step step_;
  std::map<Event, std::vector<Handler>> handlers_;
};

}  // namespace mlprov
