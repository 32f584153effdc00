#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "mlprov/support/bytes.h"
#include "mlprov/support/file.h"

namespace mlprov {

/// One tensor of a file: row-major, contiguous, little-endian bytes.
struct SafetensorsView {
  std::string name;
  std::string dtype;  ///< As in the file: `F32`, `BF16`, ...
  std::vector<std::uint64_t> shape;
  ByteView data;  ///< Borrowed from the file or from the caller.
};

/// A safetensors file (format of the `safetensors` project), mapped, checked whole on opening:
/// header size, closed keys, dtype and shape against offsets, no gaps, no overlap.
class SafetensorsFile {
 public:
  /// Throws `kMalformed` with the tensor's name, `kTooLarge` (header over 100 MB) or `kIo`.
  explicit SafetensorsFile(const std::filesystem::path& path);

  /// In the order of their data offsets; views live as long as this object.
  const std::vector<SafetensorsView>& tensors() const noexcept { return tensors_; }
  const std::map<std::string, std::string>& metadata() const noexcept { return metadata_; }

 private:
  MappedFile file_;
  std::vector<SafetensorsView> tensors_;
  std::map<std::string, std::string> metadata_;
};

/// The same checks on bytes in memory; the views borrow from `bytes`.
std::vector<SafetensorsView> parse_safetensors(ByteView bytes,
                                               std::map<std::string, std::string>* metadata);

/// Writes a file that the Python library opens; tensors are aligned by element size as it does.
/// Atomic: see `write_file_atomic`. Throws `kUsage` for duplicate names or sizes that do not fit.
void write_safetensors(const std::filesystem::path& path,
                       const std::vector<SafetensorsView>& tensors,
                       const std::map<std::string, std::string>& metadata = {});

}  // namespace mlprov
