#include "log/tile_tree.h"

#include <algorithm>
#include <bit>
#include <optional>
#include <span>

#include "mlprov/merkle/rfc6962.h"
#include "mlprov/support/error.h"

namespace mlprov::tiles {
namespace {

constexpr Algorithm kHash = Algorithm::kSha256;

[[noreturn]] void refuse(const std::string& why) {
  throw Error(ErrorCode::kMalformed, "the log's tiles do not hold together: " + why);
}

}  // namespace

TileTree::TileTree(const TileReader& read, std::uint64_t size) : read_(read), size_(size) {}

Digest32 TileTree::root() { return size_ == 0 ? rfc6962::empty_root(kHash) : range(0, size_); }

void TileTree::require_root(const Digest32& expected) {
  if (root() != expected) refuse("the partial tiles do not give the root");
}

Digest32 TileTree::range(std::uint64_t begin, std::uint64_t end) {
  // Perfect subtrees from the narrowest, at the right, to the widest: each joins on the left.
  std::optional<Digest32> hash;
  for (std::uint64_t rest = end - begin; rest != 0; rest &= rest - 1) {
    const int height = std::countr_zero(rest);
    const std::uint64_t width = std::uint64_t{1} << height;
    end -= width;
    const Digest32 left = perfect(height, end >> height);
    hash = hash ? rfc6962::node_hash(kHash, left, *hash) : left;
  }
  return *hash;
}

Digest32 TileTree::perfect(int height, std::uint64_t index) {
  const std::size_t width = std::size_t{1} << height % 8;
  const std::uint64_t first = index << height % 8;
  const std::span<const Digest32> hashes = tile(height / 8, first / kTileWidth);
  return rfc6962::root(kHash, hashes.subspan(first % kTileWidth, width));
}

const std::vector<Digest32>& TileTree::tile(int level, std::uint64_t index) {
  const auto found = known_.find({level, index});
  if (found != known_.end()) return found->second;
  const std::uint64_t in_level = (size_ >> (8 * level)) - index * kTileWidth;
  const TileId id{level, index, static_cast<unsigned>(std::min(in_level, kTileWidth))};
  std::vector<Digest32> hashes = parse_hash_tile(read_(id), id.width);
  if (id.width == kTileWidth) require_parent(id, hashes);
  return known_.emplace(Place{level, index}, std::move(hashes)).first->second;
}

void TileTree::require_parent(const TileId& id, const std::vector<Digest32>& hashes) {
  // At most eight levels up: the topmost tile of a log is always partial.
  const auto& parent = tile(id.level + 1, id.index / kTileWidth);
  if (rfc6962::root(kHash, hashes) != parent[id.index % kTileWidth]) {
    refuse(tile_path(id) + " has not the hash that the level above names");
  }
}

}  // namespace mlprov::tiles
