#include "idx.h"

#include <zlib.h>

#include <cstdlib>
#include <memory>
#include <stdexcept>

namespace fs = std::filesystem;

namespace {

struct GzClose {
  void operator()(gzFile file) const { gzclose(file); }
};
using GzHandle = std::unique_ptr<gzFile_s, GzClose>;

[[noreturn]] void fail(const fs::path& file, const std::string& why) {
  throw std::runtime_error(file.string() + ": " + why);
}

/// zlib reads plain files as they are, so one reader serves both.
std::vector<std::uint8_t> read_whole(const fs::path& path) {
  const GzHandle file(gzopen(path.c_str(), "rb"));
  if (!file) fail(path, "cannot be opened");
  std::vector<std::uint8_t> bytes;
  std::uint8_t buffer[1 << 16];
  int got = 0;
  while ((got = gzread(file.get(), buffer, sizeof buffer)) > 0) {
    bytes.insert(bytes.end(), buffer, buffer + got);
  }
  int error = Z_OK;
  gzerror(file.get(), &error);
  if (got < 0 || error != Z_OK) fail(path, "is damaged or cut off (gzip)");
  return bytes;
}

std::uint32_t big_endian(const std::uint8_t* at) {
  return std::uint32_t{at[0]} << 24 | std::uint32_t{at[1]} << 16 | std::uint32_t{at[2]} << 8 |
         std::uint32_t{at[3]};
}

fs::path cache_folder() {
  if (const char* cache = std::getenv("XDG_CACHE_HOME")) return fs::path(cache) / "mlprov/mnist";
  if (const char* home = std::getenv("HOME")) return fs::path(home) / ".cache/mlprov/mnist";
  return {};
}

}  // namespace

IdxFile read_idx(const fs::path& folder, const std::string& name) {
  fs::path path = folder / name;
  if (!fs::exists(path)) path += ".gz";
  if (!fs::exists(path)) fail(folder / name, "is not there, nor with .gz");
  const std::vector<std::uint8_t> bytes = read_whole(path);
  // Magic: two zeros, type 8 (unsigned bytes), number of dimensions; then a size each.
  if (bytes.size() < 4 || bytes[0] != 0 || bytes[1] != 0 || bytes[2] != 8) {
    fail(path, "is not an IDX file of bytes");
  }
  const std::size_t dimensions = bytes[3];
  const std::size_t header = 4 + 4 * dimensions;
  if (dimensions == 0 || dimensions > 3 || bytes.size() < header) {
    fail(path, "has a header that is cut off or of another kind");
  }
  IdxFile idx;
  std::uint64_t expected = 1;
  for (std::size_t i = 0; i < dimensions; ++i) {
    idx.shape.push_back(big_endian(&bytes[4 + 4 * i]));
    expected *= idx.shape.back();
    if (expected > (std::uint64_t{1} << 40)) fail(path, "says that it is absurdly large");
  }
  if (bytes.size() - header != expected) {
    fail(path, "holds " + std::to_string(bytes.size() - header) + " bytes of data where " +
                   std::to_string(expected) + " are announced: cut off or damaged");
  }
  idx.values.assign(bytes.begin() + static_cast<std::ptrdiff_t>(header), bytes.end());
  return idx;
}

fs::path find_mnist(const std::string& given) {
  if (!given.empty()) return given;
  if (const char* folder = std::getenv("MLPROV_MNIST_DIR")) return folder;
  const fs::path cache = cache_folder();
  if (!cache.empty() && fs::is_directory(cache)) return cache;
  throw std::runtime_error(
      "no digits found: give --data DIR, set MLPROV_MNIST_DIR, or run scripts/get_mnist.sh");
}
