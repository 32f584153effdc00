#pragma once

#include <ATen/core/Tensor.h>

#include <string>
#include <vector>

#include "mlprov/json/canonical.h"
#include "mlprov/tracker/run_session.h"

namespace mlprov::detail {

/// A tensor by name; the handle keeps its storage alive.
struct NamedTensor {
  std::string name;
  at::Tensor tensor;
};

/// safetensors' name of a dtype, or `torch:` and LibTorch's. Throws `kUnsupported` for dtypes that
/// have no bytes of their own meaning (bits8, ...).
std::string dtype_name(const std::string& tensor_name, at::ScalarType type);

/// Throws `kUnsupported` naming the tensor when it has no canonical bytes: meta, nested, mkldnn on
/// another device, undefined.
void require_recordable(const NamedTensor& tensor);

/// Dense tensors in place of one of any layout: itself; `.indices` and `.values` of COO;
/// `.crow_indices`, ... of compressed layouts; the integers and the scales of a quantised one.
std::vector<NamedTensor> dense_parts(const NamedTensor& tensor);

/// What dense parts do not say: layout and full shape of a sparse tensor, scheme, scale and zero
/// point of a quantised one. Null for an ordinary tensor.
Json layout_note(const NamedTensor& tensor);

/// Digests of the canonical bytes (row-major, contiguous, little-endian), all in one pass of the
/// backend; contiguous tensors are read where they lie.
std::vector<TensorRecord> digest_tensors(const std::vector<NamedTensor>& tensors,
                                         Algorithm algorithm);

/// The canonical bytes of one tensor in host memory.
at::Tensor canonical_host_tensor(const at::Tensor& tensor);

}  // namespace mlprov::detail
