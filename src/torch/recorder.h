#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "mlprov/torch/provenance_callback.h"
#include "torch/model_state.h"

namespace mlprov::detail {

/// Turns LibTorch's state into entries of a run. Every function may throw; the callback decides
/// what a failure means. Belongs to the training thread.
class Recorder {
 public:
  explicit Recorder(const SessionOptions& options) : session_(options) {}

  RunSession& session() noexcept { return session_; }
  const RunSession& session() const noexcept { return session_; }

  void attach_model(std::string_view name, const torch::nn::Module& model);
  void attach_optimizer(std::string_view name, torch::optim::Optimizer& optimizer);
  void attach_scheduler(std::string_view name, torch::optim::LRScheduler& scheduler);
  void attach_order(std::string_view split, std::shared_ptr<const SampleOrder> order);
  void parameter(std::string_view name, Json value);
  void privacy(const PrivacyParameters& parameters);
  void loader(std::string_view split, const LoaderSettings& settings);
  void user_generator(std::string_view name, const std::string& state);
  void dataset(std::string_view split, std::size_t size,
               const std::function<void(std::size_t, const TensorSink&)>& read);

  /// What is in force when the run is constructed.
  void note_start();
  /// Models, optimizers and settings into `before/`, then seals it. Once; later calls do nothing.
  /// Optimizers are read only when the caller knows that they are alive.
  void seal_before(bool optimizers_alive = true);

  /// Opens an epoch and notes the generators before the loader draws from them. Returns its folder.
  std::string open_epoch();
  /// Everything that is known once an epoch's loop has ended.
  void close_epoch(const std::string& folder, const std::string& split, const Json& loop);
  /// Digests a batch's tensors, named by batch and place, into `folder`.
  void batch(const std::string& folder, std::uint64_t index, const BatchReader& read);
  /// Folder of the open epoch; empty before the first.
  const std::string& epoch() const noexcept { return epoch_; }
  /// How a pass over another loader inside the epoch ended.
  void note_pass(const std::string& folder, const Json& pass);

  /// Final weights; the optimizer's state too when only the last is wanted and it is still alive.
  void result(bool optimizers_alive);

 private:
  struct NamedOptimizer {
    std::string name;
    torch::optim::Optimizer* optimizer;
  };
  struct NamedScheduler {
    std::string name;
    torch::optim::LRScheduler* scheduler;
  };

  void generators(const std::string& folder, std::string_view moment);
  void models(const std::string& folder, bool describe);
  void optimizer_states(const std::string& folder);
  void order(const std::string& folder, const std::string& split);
  void schedules(const std::string& folder);

  RunSession session_;
  bool sealed_ = false;
  std::string epoch_;  ///< Folder of the epoch that was opened last; empty before the first.
  std::vector<ModelState> models_;
  std::vector<NamedOptimizer> optimizers_;
  std::vector<NamedScheduler> schedulers_;
  std::map<std::string, std::shared_ptr<const SampleOrder>> orders_;
  Json parameters_ = Json::array();
  Json user_generators_ = Json::array();
};

}  // namespace mlprov::detail
