#pragma once

#include <cstdint>
#include <functional>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "mlprov/torch/tensor_sink.h"

namespace mlprov {

/// A loader's settings, as LibTorch's `FullDataLoaderOptions` has them.
struct LoaderSettings {
  std::uint64_t batch_size = 0;
  std::uint64_t workers = 0;
  std::uint64_t max_jobs = 0;
  std::optional<std::int64_t> timeout_ms;
  bool enforce_ordering = true;
  bool drop_last = false;
};

/// Hands the tensors of the batch at hand to a sink, while the call lasts.
using BatchReader = std::function<void(const TensorSink&)>;

/// One pass over a loader, as the callback sees it. Made when the pass begins; its destruction ends
/// the pass, complete or not. No function throws.
class LoopObserver {
 public:
  virtual ~LoopObserver() = default;

  /// A batch is seen for the first time, before the training has touched it.
  virtual void batch(std::uint64_t index, const BatchReader& read) noexcept = 0;
  /// The loader has no more batches.
  virtual void complete() noexcept = 0;
};

/// A loader with provenance: a range over the same batches, in the same order. Made by
/// `ProvenanceCallback::track`; keeps a reference to the loader, so it must not outlive it.
/// One pass at a time, as with the loader itself.
template <class Loader>
class TrackedLoader {
 public:
  using BatchType = typename Loader::BatchType;
  using Begin = std::function<std::unique_ptr<LoopObserver>()>;

  class Iterator {
   public:
    using Inner = decltype(std::declval<Loader&>().begin());
    using difference_type = std::ptrdiff_t;
    using value_type = BatchType;
    using pointer = BatchType*;
    using reference = BatchType&;
    using iterator_category = std::input_iterator_tag;

    Iterator(Inner inner, std::shared_ptr<LoopObserver> observer)
        : inner_(std::move(inner)), observer_(std::move(observer)) {}

    Iterator& operator++() {
      announced_ = false;
      ++index_;
      ++inner_;
      return *this;
    }
    BatchType& operator*() { return *inner_; }
    BatchType* operator->() { return &*inner_; }

    bool operator==(const Iterator& other) const { return !(*this != other); }
    bool operator!=(const Iterator& other) const {
      const bool more = inner_ != other.inner_;
      if (!observer_) return more;
      if (more && !announced_) announce();
      if (!more) observer_->complete();
      return more;
    }

   private:
    void announce() const {
      announced_ = true;
      observer_->batch(index_, [this](const TensorSink& sink) {
        mlprov_tensors(static_cast<const BatchType&>(*inner_), sink);
      });
    }

    mutable Inner inner_;
    std::shared_ptr<LoopObserver> observer_;  ///< Shared by copies; null at the end, or disabled.
    std::uint64_t index_ = 0;
    mutable bool announced_ = false;
  };

  TrackedLoader(Loader& loader, Begin begin) : loader_(&loader), begin_(std::move(begin)) {}

  /// Begins a pass: generators are noted before the loader draws its sample order.
  Iterator begin() {
    std::shared_ptr<LoopObserver> observer = begin_();
    return Iterator(loader_->begin(), std::move(observer));
  }
  Iterator end() { return Iterator(loader_->end(), nullptr); }

  decltype(auto) options() const { return loader_->options(); }

 private:
  Loader* loader_;
  Begin begin_;
};

/// Reads the settings of anything that has LibTorch's `options()`.
template <class Loader>
LoaderSettings loader_settings(const Loader& loader) {
  LoaderSettings settings;
  if constexpr (requires { loader.options().batch_size; }) {
    const auto& options = loader.options();
    settings.batch_size = options.batch_size;
    settings.workers = options.workers;
    settings.max_jobs = options.max_jobs;
    if (options.timeout) settings.timeout_ms = options.timeout->count();
    settings.enforce_ordering = options.enforce_ordering;
    settings.drop_last = options.drop_last;
  }
  return settings;
}

}  // namespace mlprov
