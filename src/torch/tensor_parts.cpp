#include "torch/tensor_parts.h"

#include <ATen/ATen.h>

#include <bit>

#include "mlprov/digest/hash_backend.h"
#include "mlprov/support/error.h"

namespace mlprov::detail {
namespace {

static_assert(std::endian::native == std::endian::little,
              "canonical bytes are little-endian; big-endian hosts are not supported");

[[noreturn]] void refuse(const std::string& name, const std::string& why) {
  throw Error(ErrorCode::kUnsupported, "tensor '" + name + "' cannot be recorded: " + why);
}

/// Shape as recorded: packed 4-bit pairs count as two elements, as safetensors has them.
std::vector<std::uint64_t> recorded_shape(const at::Tensor& tensor) {
  std::vector<std::uint64_t> shape(tensor.sizes().begin(), tensor.sizes().end());
  if (tensor.scalar_type() == at::ScalarType::Float4_e2m1fn_x2 && !shape.empty()) {
    shape.back() *= 2;
  }
  return shape;
}

std::vector<NamedTensor> quantized_parts(const NamedTensor& named) {
  std::vector<NamedTensor> parts{{named.name, named.tensor.int_repr()}};
  if (named.tensor.qscheme() != at::kPerTensorAffine) {
    parts.push_back({named.name + ".scales", named.tensor.q_per_channel_scales()});
    parts.push_back({named.name + ".zero_points", named.tensor.q_per_channel_zero_points()});
  }
  return parts;
}

std::vector<NamedTensor> compressed_parts(const NamedTensor& named) {
  const at::Tensor& tensor = named.tensor;
  const bool by_row = tensor.layout() == at::kSparseCsr || tensor.layout() == at::kSparseBsr;
  std::vector<NamedTensor> parts;
  if (by_row) {
    parts.push_back({named.name + ".crow_indices", tensor.crow_indices()});
    parts.push_back({named.name + ".col_indices", tensor.col_indices()});
  } else {
    parts.push_back({named.name + ".ccol_indices", tensor.ccol_indices()});
    parts.push_back({named.name + ".row_indices", tensor.row_indices()});
  }
  parts.push_back({named.name + ".values", tensor.values()});
  return parts;
}

Json shape_json(const at::Tensor& tensor) {
  Json shape = Json::array();
  for (const auto size : tensor.sizes()) shape.push_back(size);
  return shape;
}

}  // namespace

std::string dtype_name(const std::string& tensor_name, at::ScalarType type) {
  using enum at::ScalarType;
  switch (type) {
    case Bool:
      return "BOOL";
    case Byte:
      return "U8";
    case Char:
      return "I8";
    case UInt16:
      return "U16";
    case Short:
      return "I16";
    case UInt32:
      return "U32";
    case Int:
      return "I32";
    case UInt64:
      return "U64";
    case Long:
      return "I64";
    case Half:
      return "F16";
    case BFloat16:
      return "BF16";
    case Float:
      return "F32";
    case Double:
      return "F64";
    case ComplexFloat:
      return "C64";
    case Float8_e4m3fn:
      return "F8_E4M3";
    case Float8_e5m2:
      return "F8_E5M2";
    case Float8_e8m0fnu:
      return "F8_E8M0";
    case Float4_e2m1fn_x2:
      return "F4";
    case ComplexHalf:
      return "torch:complex32";
    case ComplexDouble:
      return "torch:complex128";
    case Float8_e4m3fnuz:
      return "F8_E4M3FNUZ";
    case Float8_e5m2fnuz:
      return "F8_E5M2FNUZ";
    default:
      refuse(tensor_name, std::string("its dtype ") + c10::toString(type) + " is unknown");
  }
}

void require_recordable(const NamedTensor& named) {
  const at::Tensor& tensor = named.tensor;
  if (!tensor.defined()) refuse(named.name, "it is undefined");
  if (tensor.is_meta()) refuse(named.name, "it lies on the device 'meta' and has no data");
  if (tensor.is_nested()) refuse(named.name, "nested tensors have no single shape");
  for (const NamedTensor& part : dense_parts(named))
    dtype_name(part.name, part.tensor.scalar_type());
}

std::vector<NamedTensor> dense_parts(const NamedTensor& named) {
  const at::Tensor tensor = named.tensor.detach();
  const NamedTensor detached{named.name, tensor};
  if (tensor.is_quantized()) return quantized_parts(detached);
  switch (tensor.layout()) {
    case at::kStrided:
      return {detached};
    case at::kMkldnn:
      return {{named.name, tensor.to_dense()}};
    case at::kSparse: {
      const at::Tensor whole = tensor.coalesce();
      return {{named.name + ".indices", whole.indices()}, {named.name + ".values", whole.values()}};
    }
    case at::kSparseCsr:
    case at::kSparseCsc:
    case at::kSparseBsr:
    case at::kSparseBsc:
      return compressed_parts(detached);
    default:
      refuse(named.name, "its layout is unknown");
  }
}

Json layout_note(const NamedTensor& named) {
  const at::Tensor& tensor = named.tensor;
  if (tensor.is_quantized()) {
    Json note{{"dtype", c10::toString(tensor.scalar_type())},
              {"scheme", at::toString(tensor.qscheme())},
              {"tensor", named.name}};
    if (tensor.qscheme() == at::kPerTensorAffine) {
      note["scale"] = to_bits(tensor.q_scale());
      note["zero_point"] = tensor.q_zero_point();
    } else {
      note["axis"] = tensor.q_per_channel_axis();
    }
    return note;
  }
  if (tensor.layout() == at::kStrided || tensor.layout() == at::kMkldnn) return nullptr;
  std::ostringstream layout;
  layout << tensor.layout();
  return {{"layout", layout.str()}, {"shape", shape_json(tensor)}, {"tensor", named.name}};
}

at::Tensor canonical_host_tensor(const at::Tensor& tensor) {
  return tensor.detach().resolve_conj().resolve_neg().to(at::kCPU).contiguous();
}

std::vector<TensorRecord> digest_tensors(const std::vector<NamedTensor>& tensors,
                                         Algorithm algorithm) {
  std::vector<at::Tensor> held;  // keeps temporaries alive while the backend reads them
  std::vector<MemoryRegion> regions;
  std::vector<TensorRecord> records;
  for (const NamedTensor& named : tensors) {
    for (const NamedTensor& part : dense_parts(named)) {
      held.push_back(canonical_host_tensor(part.tensor));
      const at::Tensor& bytes = held.back();
      regions.push_back({bytes.const_data_ptr(), bytes.nbytes(), -1, nullptr});
      records.push_back({part.name, dtype_name(part.name, bytes.scalar_type()),
                         recorded_shape(bytes), Digest32{}});
    }
  }
  if (regions.empty()) return records;
  const auto backend = hash_backend_for(regions.front(), algorithm);
  const std::vector<Digest32> digests = backend->submit(std::move(regions), algorithm).get();
  for (std::size_t i = 0; i < records.size(); ++i) records[i].digest = digests[i];
  return records;
}

}  // namespace mlprov::detail
