#include "mlprov/digest/safetensors.h"

#include <utility>

#include "digest/safetensors_header.h"
#include "mlprov/support/error.h"

namespace mlprov {
namespace {

constexpr std::size_t kLengthBytes = 8;

std::uint64_t header_length(ByteView bytes) {
  if (bytes.size() < kLengthBytes) {
    throw Error(ErrorCode::kMalformed, "not a safetensors file: shorter than 8 bytes");
  }
  std::uint64_t length = 0;
  for (std::size_t i = kLengthBytes; i-- > 0;) length = length << 8 | bytes[i];
  if (length > kMaxSafetensorsHeader) {
    throw Error(ErrorCode::kTooLarge, "safetensors header of " + std::to_string(length) +
                                          " bytes; the format's limit is 100000000");
  }
  if (length > bytes.size() - kLengthBytes) {
    throw Error(ErrorCode::kMalformed, "not a safetensors file: its header would take " +
                                           std::to_string(length) + " bytes, the file ends after " +
                                           std::to_string(bytes.size()));
  }
  return length;
}

}  // namespace

std::vector<SafetensorsView> parse_safetensors(ByteView bytes,
                                               std::map<std::string, std::string>* metadata) {
  const std::uint64_t length = header_length(bytes);
  const ByteView data = bytes.subspan(kLengthBytes + length);
  SafetensorsHeader header =
      parse_safetensors_header(as_text(bytes.subspan(kLengthBytes, length)), data.size());
  std::vector<SafetensorsView> views;
  views.reserve(header.tensors.size());
  for (SafetensorsInfo& info : header.tensors) {
    views.push_back({std::move(info.name), std::move(info.dtype), std::move(info.shape),
                     data.subspan(info.begin, info.end - info.begin)});
  }
  if (metadata != nullptr) *metadata = std::move(header.metadata);
  return views;
}

SafetensorsFile::SafetensorsFile(const std::filesystem::path& path) : file_(path) {
  try {
    tensors_ = parse_safetensors(file_.bytes(), &metadata_);
  } catch (const Error& error) {
    throw Error(error.code(), path.string() + ": " + error.what());
  }
}

}  // namespace mlprov
