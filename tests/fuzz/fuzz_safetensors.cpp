// safetensors files in memory.
#include "fuzz/check.h"
#include "mlprov/digest/dtype.h"
#include "mlprov/digest/safetensors.h"

using namespace mlprov;

namespace {

void check_tensor(const SafetensorsView& tensor, ByteView file) {
  fuzz::demand(is_utf8(tensor.name), "a name is text");
  fuzz::demand(is_safetensors_dtype(tensor.dtype), "a dtype is known");
  fuzz::demand(tensor_size_bytes(tensor.dtype, tensor.shape) == tensor.data.size(),
               "a tensor has the bytes that its shape makes");
  fuzz::demand(tensor.data.empty() ||
                   (tensor.data.data() >= file.data() && tensor.data.size() <= file.size() &&
                    tensor.data.data() - file.data() <=
                        static_cast<std::ptrdiff_t>(file.size() - tensor.data.size())),
               "a tensor lies inside of the file");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView file{data, size};
  std::map<std::string, std::string> metadata;
  const auto tensors = fuzz::attempt([&] { return parse_safetensors(file, &metadata); });
  if (!tensors) return 0;
  std::uint64_t total = 0;
  for (const SafetensorsView& tensor : *tensors) {
    check_tensor(tensor, file);
    total += tensor.data.size();
  }
  std::uint64_t header = 0;
  for (std::size_t i = 0; i < 8; ++i) header |= std::uint64_t{file[i]} << (8 * i);
  fuzz::demand(8 + header + total == file.size(), "header and tensors are the whole file");
  return 0;
}
