#include "torch/model_state.h"

#include <torch/nn/module.h>

#include <algorithm>
#include <map>
#include <sstream>
#include <tuple>

namespace mlprov::detail {
namespace {

/// What two tensors that are one in memory have in common.
using StorageKey =
    std::tuple<const void*, std::int64_t, std::vector<std::int64_t>, std::vector<std::int64_t>>;

StorageKey storage_key(const at::Tensor& tensor) {
  return {tensor.storage().data(), tensor.storage_offset(), tensor.sizes().vec(),
          tensor.strides().vec()};
}

}  // namespace

ModelState::ModelState(std::string name, const torch::nn::Module& module) : name_(std::move(name)) {
  std::ostringstream printed;
  printed << module;
  architecture_ = printed.str();
  for (const auto& item : module.named_parameters()) {
    registration_order_.push_back(item.key());
    tensors_.push_back({item.key(), item.value()});
  }
  for (const auto& item : module.named_buffers()) {
    registration_order_.push_back(item.key());
    buffers_.push_back(item.key());
    tensors_.push_back({item.key(), item.value()});
  }
  std::erase_if(tensors_, [](const NamedTensor& named) { return !named.tensor.defined(); });
  for (const NamedTensor& named : tensors_) require_recordable(named);
  std::ranges::sort(tensors_, {}, &NamedTensor::name);
}

Json ModelState::aliases() const {
  std::map<StorageKey, Json> groups;
  for (const NamedTensor& named : tensors_) {
    if (!named.tensor.has_storage() || named.tensor.numel() == 0) continue;
    Json& group = groups.try_emplace(storage_key(named.tensor), Json::array()).first->second;
    group.push_back(named.name);
  }
  std::vector<Json> shared;
  for (auto& [key, names] : groups) {
    if (names.size() > 1) shared.push_back(std::move(names));
  }
  std::ranges::sort(shared);  // addresses differ from process to process; names do not
  return shared;
}

Json ModelState::layout() const {
  Json trainable = Json::array();
  Json special = Json::array();
  for (const NamedTensor& named : tensors_) {
    if (named.tensor.requires_grad()) trainable.push_back(named.name);
    if (Json note = layout_note(named); !note.is_null()) special.push_back(std::move(note));
  }
  return {{"aliases", aliases()},
          {"buffers", buffers_},
          {"order", registration_order_},
          {"special", special},
          {"trainable", trainable}};
}

std::string ModelState::name_of(const at::Tensor& parameter) const {
  for (const NamedTensor& named : tensors_) {
    if (named.tensor.unsafeGetTensorImpl() == parameter.unsafeGetTensorImpl()) return named.name;
  }
  return "";
}

}  // namespace mlprov::detail
