#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

/// An IDX file of bytes (the format of the MNIST files), whole in memory.
struct IdxFile {
  std::vector<std::uint32_t> shape;  ///< Outermost first: count, then rows and columns for images.
  std::vector<std::uint8_t> values;  ///< Row-major; exactly as many as `shape` says.
};

/// Reads `<folder>/<name>` or `<folder>/<name>.gz`. Throws std::runtime_error naming the file when
/// it is missing, not IDX, shorter or longer than its header says.
IdxFile read_idx(const std::filesystem::path& folder, const std::string& name);

/// The folder with the digits: `given`, else MLPROV_MNIST_DIR, else the user's cache. Throws with
/// what to do when there is none.
std::filesystem::path find_mnist(const std::string& given);
