#include "mlprov/torch/provenance_callback.h"

#include <ATen/core/Tensor.h>

#include <exception>
#include <utility>

#include "mlprov/merkle/name.h"
#include "torch/recorder.h"

namespace mlprov {

/// Stands between the training and everything that the recorder may throw.
class ProvenanceCallback::Impl {
 public:
  explicit Impl(const SessionOptions& options) : recorder(options) {
    if (enabled()) recorder.note_start();
  }

  bool enabled() const noexcept { return recorder.session().enabled(); }

  /// Set-up: errors go to the caller, unless training has begun.
  template <class Action>
  void set_up(const Action& action) {
    if (!enabled()) return;
    if (training) {
      attempt(action);
    } else {
      action();
    }
  }

  /// Training: errors become problems of the run.
  template <class Action>
  void attempt(const Action& action) noexcept {
    if (!enabled()) return;
    try {
      action();
    } catch (const std::exception& error) {
      recorder.session().note_problem(error.what());
    } catch (...) {
      recorder.session().note_problem("an exception of an unknown type");
    }
  }

  void begin_training() {
    training = true;
    attempt([this] { recorder.seal_before(); });
  }

  void finish(bool optimizers_alive) {
    if (std::exchange(finished, true)) return;
    manual.reset();
    attempt([&] { recorder.result(optimizers_alive); });
    attempt([&] { recorder.session().finish(); });
  }

  detail::Recorder recorder;
  bool training = false;  ///< From here on nothing may throw.
  bool finished = false;
  std::unique_ptr<LoopObserver> manual;  ///< The epoch that a hook opened, if any.
  std::uint64_t manual_batches = 0;
};

namespace {

/// What all passes have in common: which batches are digested, how the pass ended.
class Pass : public LoopObserver {
 public:
  Pass(ProvenanceCallback::Impl& run, std::string folder)
      : run_(run), folder_(std::move(folder)), exceptions_(std::uncaught_exceptions()) {}

  void batch(std::uint64_t index, const BatchReader& read) noexcept override {
    ++batches_;
    const ContentPolicy content = run_.recorder.session().config().content;
    if (content == ContentPolicy::kNone || (content == ContentPolicy::kFirst && index > 0)) return;
    run_.attempt([&] { run_.recorder.batch(folder_ + "/batches", index, read); });
  }
  void complete() noexcept override { complete_ = true; }

 protected:
  Json summary() const {
    const bool thrown = std::uncaught_exceptions() > exceptions_;
    const char* ended = thrown ? "exception" : complete_ ? "complete" : "left early";
    return {{"batches", batches_}, {"ended", ended}};
  }

  ProvenanceCallback::Impl& run_;
  std::string folder_;

 private:
  int exceptions_;
  std::uint64_t batches_ = 0;
  bool complete_ = false;
};

/// A pass that is an epoch: its end closes the epoch.
class EpochPass final : public Pass {
 public:
  EpochPass(ProvenanceCallback::Impl& run, std::string folder, std::string split)
      : Pass(run, std::move(folder)), split_(std::move(split)) {}
  ~EpochPass() override { close(); }

  void complete() noexcept override {
    Pass::complete();
    close();  // not later: the optimizer is alive while its loop runs
  }

 private:
  void close() noexcept {
    if (std::exchange(closed_, true)) return;
    run_.attempt([&] { run_.recorder.close_epoch(folder_, split_, summary()); });
  }

  std::string split_;
  bool closed_ = false;
};

/// A pass inside an epoch, over an evaluation loader.
class InnerPass final : public Pass {
 public:
  using Pass::Pass;
  ~InnerPass() override {
    run_.attempt([&] { run_.recorder.note_pass(folder_, summary()); });
  }
};

SessionOptions named(std::string name) {
  SessionOptions options;
  options.name = std::move(name);
  return options;
}

}  // namespace

ProvenanceCallback::ProvenanceCallback(std::string name)
    : ProvenanceCallback(named(std::move(name))) {}

ProvenanceCallback::ProvenanceCallback(const SessionOptions& options)
    : impl_(std::make_unique<Impl>(options)) {}

ProvenanceCallback::~ProvenanceCallback() {
  if (std::uncaught_exceptions() > 0) impl_->recorder.session().fail("an exception left the run");
  impl_->finish(false);
}

void ProvenanceCallback::attach_model(std::string_view name, const torch::nn::Module& model) {
  impl_->set_up([&] { impl_->recorder.attach_model(name, model); });
}

void ProvenanceCallback::attach_optimizer(std::string_view name,
                                          torch::optim::Optimizer& optimizer) {
  impl_->set_up([&] { impl_->recorder.attach_optimizer(name, optimizer); });
}

void ProvenanceCallback::scheduler(std::string_view name, torch::optim::LRScheduler& scheduler) {
  impl_->set_up([&] { impl_->recorder.attach_scheduler(name, scheduler); });
}

void ProvenanceCallback::data(std::string_view split, const std::filesystem::path& path) {
  impl_->set_up([&] { impl_->recorder.session().data(split, path); });
}

void ProvenanceCallback::digest_dataset(std::string_view split, std::size_t size,
                                        const ExampleReader& read) {
  impl_->set_up([&] { impl_->recorder.dataset(split, size, read); });
}

void ProvenanceCallback::note_loader(std::string_view split, const LoaderSettings& settings) {
  impl_->set_up([&] { impl_->recorder.loader(split, settings); });
}

void ProvenanceCallback::order(std::string_view split, std::shared_ptr<const SampleOrder> order) {
  impl_->set_up([&] { impl_->recorder.attach_order(split, std::move(order)); });
}

void ProvenanceCallback::parameter(std::string_view name, double value) {
  impl_->set_up([&] { impl_->recorder.parameter(name, to_bits(value)); });
}

void ProvenanceCallback::parameter(std::string_view name, std::string_view value) {
  impl_->set_up([&] { impl_->recorder.parameter(name, std::string(value)); });
}

void ProvenanceCallback::metric(std::string_view name, double value) {
  impl_->attempt([&] { impl_->recorder.session().metric(name, value); });
}

void ProvenanceCallback::privacy(const PrivacyParameters& parameters) {
  impl_->set_up([&] { impl_->recorder.privacy(parameters); });
}

void ProvenanceCallback::note_generator(std::string_view name, const std::string& state) {
  impl_->set_up([&] { impl_->recorder.user_generator(name, state); });
}

std::unique_ptr<LoopObserver> ProvenanceCallback::begin_epoch_loop(const std::string& split) {
  if (impl_->manual) return begin_evaluation_loop(split);  // the hooks have opened the epoch
  std::unique_ptr<LoopObserver> pass;
  impl_->begin_training();
  impl_->attempt(
      [&] { pass = std::make_unique<EpochPass>(*impl_, impl_->recorder.open_epoch(), split); });
  return pass;
}

std::unique_ptr<LoopObserver> ProvenanceCallback::begin_evaluation_loop(const std::string& split) {
  std::unique_ptr<LoopObserver> pass;
  impl_->attempt([&] {
    if (impl_->recorder.epoch().empty()) return;  // an evaluation before training
    pass = std::make_unique<InnerPass>(*impl_,
                                       impl_->recorder.epoch() + "/passes/" + escape_name(split));
  });
  return pass;
}

void ProvenanceCallback::on_train_begin() { impl_->begin_training(); }

void ProvenanceCallback::on_epoch_begin() {
  impl_->manual.reset();
  impl_->manual_batches = 0;
  impl_->manual = begin_epoch_loop("train");
}

void ProvenanceCallback::on_batch_end() {
  if (impl_->manual) impl_->manual->batch(++impl_->manual_batches, [](const TensorSink&) {});
}

void ProvenanceCallback::on_epoch_end(const std::map<std::string, double>& metrics) {
  if (impl_->manual) impl_->manual->complete();
  impl_->manual.reset();
  for (const auto& [name, value] : metrics) metric(name, value);
}

void ProvenanceCallback::on_exception(std::string_view what) {
  impl_->attempt([&] { impl_->recorder.session().fail(what); });
}

void ProvenanceCallback::on_train_end() { finish(); }

void ProvenanceCallback::finish() { impl_->finish(true); }

bool ProvenanceCallback::enabled() const noexcept { return impl_->enabled(); }

const std::string& ProvenanceCallback::run_id() const noexcept {
  return impl_->recorder.session().run_id();
}

std::vector<std::string> ProvenanceCallback::problems() const {
  return impl_->recorder.session().problems();
}

}  // namespace mlprov
