#pragma once

#include <torch/torch.h>

#include <filesystem>

#include "idx.h"

/// Handwritten digits from IDX files, any number of them, as LibTorch's own MNIST dataset gives
/// them: images float32 [1, rows, columns] in [0, 1], targets int64.
class Digits : public torch::data::datasets::Dataset<Digits> {
 public:
  /// `prefix` is `train` or `t10k`. Throws when the two files do not belong together.
  Digits(const std::filesystem::path& folder, const std::string& prefix) {
    IdxFile images = read_idx(folder, prefix + "-images-idx3-ubyte");
    IdxFile labels = read_idx(folder, prefix + "-labels-idx1-ubyte");
    if (images.shape.size() != 3 || labels.shape.size() != 1 ||
        images.shape[0] != labels.shape[0]) {
      throw std::runtime_error(folder.string() + ": images and labels of '" + prefix +
                               "' do not belong together");
    }
    const std::int64_t count = images.shape[0];
    images_ = torch::from_blob(images.values.data(), {count, 1, images.shape[1], images.shape[2]},
                               torch::kUInt8)
                  .to(torch::kFloat32)
                  .div_(255);
    targets_ = torch::from_blob(labels.values.data(), {count}, torch::kUInt8).to(torch::kInt64);
  }

  torch::data::Example<> get(std::size_t index) override {
    const auto i = static_cast<std::int64_t>(index);
    return {images_[i], targets_[i]};
  }
  torch::optional<std::size_t> size() const override {
    return static_cast<std::size_t>(images_.size(0));
  }

 private:
  torch::Tensor images_;
  torch::Tensor targets_;
};
