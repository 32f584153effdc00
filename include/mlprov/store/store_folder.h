#pragma once

#include <filesystem>
#include <optional>
#include <string_view>

namespace mlprov {

/// Where things lie in a store's folder, `.mlprov/`. A plain value; makes nothing.
struct StoreFolder {
  std::filesystem::path root;

  std::filesystem::path database() const { return root / "store.db"; }
  std::filesystem::path log() const { return root / "log"; }
  std::filesystem::path log_vkey() const { return log() / "log.vkey"; }
  std::filesystem::path log_key() const { return log() / "log.key"; }
  std::filesystem::path checkpoint() const { return log() / "checkpoint"; }
  std::filesystem::path objects() const { return root / "objects"; }
  std::filesystem::path locks() const { return root / "locks"; }
  /// For capture/digest_cache.h.
  std::filesystem::path digest_cache() const { return root / "digests.json"; }
};

inline constexpr std::string_view kStoreFolderName = ".mlprov";

/// The store for `start`: the folder that `MLPROV_DIR` names, else the first `.mlprov/` with a
/// database in `start` or a folder above it, as git does. Nothing when there is none. Throws
/// `kConflict` for a folder found by walking that belongs to another user: his records would be
/// taken for one's own. Naming it in `MLPROV_DIR` overrides that.
std::optional<StoreFolder> find_store_folder(const std::filesystem::path& start);

/// Where `init` would make one: `MLPROV_DIR`, else `start/.mlprov`.
StoreFolder new_store_folder(const std::filesystem::path& start);

}  // namespace mlprov
