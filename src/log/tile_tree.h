#pragma once

#include <map>
#include <utility>

#include "mlprov/log/tiles.h"

namespace mlprov::tiles {

/// The Merkle tree behind a set of tiles, in which every hash is traced to the root before it is
/// used. Two facts carry the check: the hashes of the partial tiles are exactly the leaves under
/// the root's right edge, so the root vouches for all of them; and each full tile's root is one
/// hash of a tile in the level above. Not thread-safe.
class TileTree {
 public:
  /// Reads the partial tiles. `read` must outlive the object.
  TileTree(const TileReader& read, std::uint64_t size);

  /// The root that the partial tiles give.
  Digest32 root();
  /// Throws `kMalformed` unless that is `root`.
  void require_root(const Digest32& root);
  /// Hash over the leaves [begin, end), a range that RFC 6962's recursion meets in this tree.
  Digest32 range(std::uint64_t begin, std::uint64_t end);

 private:
  using Place = std::pair<int, std::uint64_t>;

  const std::vector<Digest32>& tile(int level, std::uint64_t index);
  void require_parent(const TileId& id, const std::vector<Digest32>& hashes);
  Digest32 perfect(int height, std::uint64_t index);

  const TileReader& read_;
  std::uint64_t size_;
  std::map<Place, std::vector<Digest32>> known_;
};

}  // namespace mlprov::tiles
