#include "mlprov/store/store_folder.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>

#include "mlprov/support/error.h"

namespace mlprov {
namespace {

std::optional<StoreFolder> named_by_environment() {
  const char* const named = std::getenv("MLPROV_DIR");
  if (named == nullptr || *named == '\0') return std::nullopt;
  return StoreFolder{std::filesystem::absolute(named).lexically_normal()};
}

bool is_store(const StoreFolder& folder) {
  std::error_code ignored;
  return std::filesystem::is_regular_file(folder.database(), ignored);
}

void require_own(const StoreFolder& folder) {
  struct stat info {};
  if (::stat(folder.root.c_str(), &info) != 0) return;
  if (info.st_uid == ::geteuid() || info.st_uid == 0) return;
  throw Error(ErrorCode::kConflict, "the store " + folder.root.string() +
                                        " belongs to another user: name it in MLPROV_DIR to use "
                                        "it all the same, or run `mlprov init` here");
}

}  // namespace

std::optional<StoreFolder> find_store_folder(const std::filesystem::path& start) {
  if (auto named = named_by_environment()) {
    if (is_store(*named)) return named;
    return std::nullopt;
  }
  auto folder = std::filesystem::absolute(start).lexically_normal();
  while (true) {
    const StoreFolder candidate{folder / kStoreFolderName};
    if (is_store(candidate)) {
      require_own(candidate);
      return candidate;
    }
    if (!folder.has_relative_path()) return std::nullopt;
    folder = folder.parent_path();
  }
}

StoreFolder new_store_folder(const std::filesystem::path& start) {
  if (auto named = named_by_environment()) return *named;
  return {(std::filesystem::absolute(start) / kStoreFolderName).lexically_normal()};
}

}  // namespace mlprov
