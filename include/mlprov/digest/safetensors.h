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
  std::string name;   ///< Any UTF-8.
  std::string dtype;  ///< As in the file: `F32`, `BF16`, ... (dtype.h)
  std::vector<std::uint64_t> shape;
  ByteView data;  ///< Borrowed from the file or from the caller.
};

/// A safetensors file (format of the `safetensors` project), mapped, checked whole on opening as
/// its Rust crate 0.8 does: header of at most 100 MB inside the file, known dtypes, shape against
/// offsets, no gap, no overlap, no byte left over. Unknown and duplicate keys, which the crate
/// lets pass, are refused.
class SafetensorsFile {
 public:
  /// Throws `kMalformed` with the tensor's name, `kTooLarge` (header over 100 MB), `kNotFound`
  /// or `kIo`.
  explicit SafetensorsFile(const std::filesystem::path& path);

  /// In the order of their data offsets; views live as long as this object.
  const std::vector<SafetensorsView>& tensors() const noexcept { return tensors_; }
  const std::map<std::string, std::string>& metadata() const noexcept { return metadata_; }

 private:
  MappedFile file_;
  std::vector<SafetensorsView> tensors_;
  std::map<std::string, std::string> metadata_;
};

/// The same checks on bytes in memory; the views borrow from `bytes`. `metadata` may be null.
std::vector<SafetensorsView> parse_safetensors(ByteView bytes,
                                               std::map<std::string, std::string>* metadata);

/// Writes the file that the original library would write for the same tensors, byte for byte
/// (with more than one metadata key it has no fixed order; here they are sorted). Larger element
/// types come first, then by name, so that each tensor is aligned to its elements. Atomic: see
/// `write_file_atomic`. Throws `kUsage` for a duplicate or impossible name, an unknown dtype or
/// a size that does not fit, `kTooLarge` for a header over 100 MB, `kIo`.
void write_safetensors(const std::filesystem::path& path,
                       const std::vector<SafetensorsView>& tensors,
                       const std::map<std::string, std::string>& metadata = {});

}  // namespace mlprov
