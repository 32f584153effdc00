#include <algorithm>
#include <nlohmann/json.hpp>

#include "digest/dtype_table.h"
#include "digest/safetensors_header.h"
#include "mlprov/digest/dtype.h"
#include "mlprov/digest/safetensors.h"
#include "mlprov/support/error.h"

namespace mlprov {
namespace {

[[noreturn]] void usage(const SafetensorsView& tensor, const std::string& what) {
  throw Error(ErrorCode::kUsage, "tensor '" + tensor.name + "' " + what);
}

void check_name(const SafetensorsView& tensor) {
  if (!is_utf8(tensor.name)) {
    throw Error(ErrorCode::kUsage, "a tensor's name is not UTF-8; safetensors takes no other");
  }
  if (tensor.name == kSafetensorsMetadataKey) usage(tensor, "has the name of the metadata");
}

void check_size(const SafetensorsView& tensor) {
  if (!is_safetensors_dtype(tensor.dtype)) {
    usage(tensor, "has the dtype '" + tensor.dtype + "', which safetensors lacks");
  }
  const auto size = safetensors_size_bytes(tensor.dtype, tensor.shape);
  if (!size || *size != tensor.data.size()) {
    usage(tensor, "has " + std::to_string(tensor.data.size()) +
                      " bytes, which its dtype and shape do not make");
  }
}

std::vector<const SafetensorsView*> pointers_to(const std::vector<SafetensorsView>& tensors) {
  std::vector<const SafetensorsView*> pointers(tensors.size());
  std::ranges::transform(tensors, pointers.begin(), [](const auto& tensor) { return &tensor; });
  return pointers;
}

std::vector<const SafetensorsView*> in_file_order(const std::vector<SafetensorsView>& tensors) {
  auto order = pointers_to(tensors);
  std::ranges::sort(order, [](const SafetensorsView* a, const SafetensorsView* b) {
    const int rank_a = safetensors_dtype_rank(a->dtype);
    const int rank_b = safetensors_dtype_rank(b->dtype);
    return rank_a != rank_b ? rank_a > rank_b : a->name < b->name;
  });
  return order;
}

void check_unique(const std::vector<SafetensorsView>& tensors) {
  auto by_name = pointers_to(tensors);
  std::ranges::sort(by_name, {}, &SafetensorsView::name);
  const auto twin = std::ranges::adjacent_find(by_name, {}, &SafetensorsView::name);
  if (twin != by_name.end()) usage(**twin, "is there twice");
}

std::string quoted(const std::string& text) { return nlohmann::json(text).dump(); }

std::string metadata_json(const std::map<std::string, std::string>& metadata) {
  std::string json;
  for (const auto& [key, value] : metadata) {
    if (!is_utf8(key) || !is_utf8(value)) {
      throw Error(ErrorCode::kUsage, "safetensors metadata must be UTF-8");
    }
    json += (json.empty() ? "" : ",") + quoted(key) + ":" + quoted(value);
  }
  return quoted(std::string(kSafetensorsMetadataKey)) + ":{" + json + "}";
}

std::string tensor_json(const SafetensorsView& tensor, std::uint64_t offset) {
  std::string shape;
  for (const std::uint64_t extent : tensor.shape) {
    shape += (shape.empty() ? "" : ",") + std::to_string(extent);
  }
  return quoted(tensor.name) + R"(:{"dtype":")" + tensor.dtype + R"(","shape":[)" + shape +
         R"(],"data_offsets":[)" + std::to_string(offset) + "," +
         std::to_string(offset + tensor.data.size()) + "]}";
}

std::string header_json(const std::vector<const SafetensorsView*>& order,
                        const std::map<std::string, std::string>& metadata) {
  std::string json = "{";
  if (!metadata.empty()) json += metadata_json(metadata);
  std::uint64_t offset = 0;
  for (const SafetensorsView* tensor : order) {
    if (json.size() > 1) json += ",";
    json += tensor_json(*tensor, offset);
    offset += tensor->data.size();
  }
  json += "}";
  json.resize((json.size() + 7) / 8 * 8, ' ');
  if (json.size() > kMaxSafetensorsHeader) {
    throw Error(ErrorCode::kTooLarge,
                "the tensors' names and shapes need a header over safetensors' limit of 100 MB");
  }
  return json;
}

}  // namespace

void write_safetensors(const std::filesystem::path& path,
                       const std::vector<SafetensorsView>& tensors,
                       const std::map<std::string, std::string>& metadata) {
  for (const SafetensorsView& tensor : tensors) {
    check_name(tensor);
    check_size(tensor);
  }
  check_unique(tensors);
  const auto order = in_file_order(tensors);
  const std::string header = header_json(order, metadata);
  Bytes length(8);
  for (std::size_t i = 0; i < 8; ++i) {
    length[i] = static_cast<std::uint8_t>(std::uint64_t{header.size()} >> (8 * i));
  }
  std::vector<ByteView> parts = {length, as_bytes(header)};
  for (const SafetensorsView* tensor : order) parts.push_back(tensor->data);
  write_file_atomic(path, parts);
}

}  // namespace mlprov
