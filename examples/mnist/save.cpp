#include "save.h"

#include <mlprov/digest/safetensors.h>

#include <vector>

void save_weights(const torch::nn::Module& model, const std::filesystem::path& path) {
  std::vector<torch::Tensor> held;
  std::vector<mlprov::SafetensorsView> views;
  const auto add = [&](const std::string& name, const torch::Tensor& tensor) {
    held.push_back(tensor.detach().cpu().contiguous());
    const torch::Tensor& bytes = held.back();
    views.push_back({name,
                     bytes.scalar_type() == torch::kInt64 ? "I64" : "F32",
                     {bytes.sizes().begin(), bytes.sizes().end()},
                     {static_cast<const std::uint8_t*>(bytes.const_data_ptr()), bytes.nbytes()}});
  };
  for (const auto& item : model.named_parameters()) add(item.key(), item.value());
  for (const auto& item : model.named_buffers()) add(item.key(), item.value());
  mlprov::write_safetensors(path, views);
}
