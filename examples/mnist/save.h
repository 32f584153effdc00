#pragma once

#include <torch/torch.h>

#include <filesystem>

/// Writes parameters and buffers as a safetensors file.
void save_weights(const torch::nn::Module& model, const std::filesystem::path& path);
