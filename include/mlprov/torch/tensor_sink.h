#pragma once

#include <cstddef>
#include <functional>
#include <type_traits>
#include <vector>

namespace at {
class Tensor;
}

namespace mlprov {

/// Takes the tensors of one batch or example, in a fixed order.
using TensorSink = std::function<void(const at::Tensor&)>;

/// Hands the tensors of a batch to a sink: a tensor, LibTorch's `Example` (data, then target), a
/// vector of any of these. For a batch type of your own, write a function of this name and shape
/// beside it, found by argument-dependent lookup:
///
///     void mlprov_tensors(const MyBatch& batch, const mlprov::TensorSink& sink);
template <class Tensor>
requires std::is_same_v<Tensor, at::Tensor>
void mlprov_tensors(const Tensor& tensor, const TensorSink& sink) { sink(tensor); }

template <class Example>
requires requires(const Example& example) { example.data; }
void mlprov_tensors(const Example& example, const TensorSink& sink);

template <class Element>
void mlprov_tensors(const std::vector<Element>& elements, const TensorSink& sink) {
  for (const Element& element : elements) mlprov_tensors(element, sink);
}

template <class Example>
requires requires(const Example& example) { example.data; }
void mlprov_tensors(const Example& example, const TensorSink& sink) {
  mlprov_tensors(example.data, sink);
  if constexpr (requires { example.target; }) mlprov_tensors(example.target, sink);
}

}  // namespace mlprov
