#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

namespace mlprov {

/// The indices that a `Recorded` sampler gave out since its last reset. Thread-safe.
class SampleOrder {
 public:
  void clear() {
    const std::lock_guard lock(mutex_);
    indices_.clear();
  }
  void append(const std::vector<std::size_t>& indices) {
    const std::lock_guard lock(mutex_);
    indices_.insert(indices_.end(), indices.begin(), indices.end());
  }
  std::vector<std::size_t> indices() const {
    const std::lock_guard lock(mutex_);
    return indices_;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<std::size_t> indices_;
};

/// Any LibTorch sampler of indices that remembers exactly which it gave, in request order. Draws
/// nothing itself. Copies share their memory, since a loader takes its sampler by value:
///
///     mlprov::Recorded<torch::data::samplers::RandomSampler> sampler(dataset.size().value());
///     prov.order("train", sampler.order());
///     auto loader = torch::data::make_data_loader(std::move(dataset), sampler, options);
template <class Sampler>
class Recorded : public Sampler {
 public:
  using Sampler::Sampler;

  void reset(std::optional<std::size_t> new_size = std::nullopt) override {
    order_->clear();
    Sampler::reset(new_size);
  }
  std::optional<std::vector<std::size_t>> next(std::size_t batch_size) override {
    auto indices = Sampler::next(batch_size);
    if (indices) order_->append(*indices);
    return indices;
  }

  std::shared_ptr<const SampleOrder> order() const { return order_; }

 private:
  std::shared_ptr<SampleOrder> order_ = std::make_shared<SampleOrder>();
};

}  // namespace mlprov
