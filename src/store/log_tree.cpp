#include "store/log_tree.h"

#include <algorithm>
#include <bit>

#include "mlprov/merkle/rfc6962.h"

namespace mlprov::store {
namespace {

constexpr Algorithm kHash = Algorithm::kSha256;
/// Levels of the tree in one tile: 2^8 = 256 hashes.
constexpr int kTileHeight = 8;

}  // namespace

void LogTree::append(const Digest32& entry) {
  entries_.push_back(entry);
  Digest32 node = rfc6962::leaf_hash(kHash, entry);
  for (std::size_t level = 0;; ++level) {
    if (levels_.size() == level) levels_.emplace_back();
    levels_[level].push_back(node);
    if (levels_[level].size() % 2 == 1) return;
    node = rfc6962::node_hash(kHash, levels_[level][levels_[level].size() - 2], node);
  }
}

/// Root of entries [begin, end), where begin is a multiple of the range's largest subtree: the
/// complete subtrees from the right joined to the left.
Digest32 LogTree::range_root(std::uint64_t begin, std::uint64_t end) const {
  std::vector<Digest32> subtrees;
  while (begin < end) {
    const int level = std::bit_width(end - begin) - 1;
    subtrees.push_back(levels_[static_cast<std::size_t>(level)][begin >> level]);
    begin += std::uint64_t{1} << level;
  }
  Digest32 root = subtrees.back();
  for (std::size_t i = subtrees.size() - 1; i-- > 0;) {
    root = rfc6962::node_hash(kHash, subtrees[i], root);
  }
  return root;
}

Digest32 LogTree::root(std::uint64_t size) const {
  return size == 0 ? rfc6962::empty_root(kHash) : range_root(0, size);
}

std::vector<Digest32> LogTree::inclusion(std::uint64_t index, std::uint64_t size) const {
  // Down from the top: at each split the other half's root is a sibling (RFC 6962 section 2.1.1).
  std::vector<Digest32> path;
  std::uint64_t begin = 0;
  std::uint64_t end = size;
  while (end - begin > 1) {
    const std::uint64_t split = begin + std::bit_floor(end - begin - 1);
    if (index < split) {
      path.push_back(range_root(split, end));
      end = split;
    } else {
      path.push_back(range_root(begin, split));
      begin = split;
    }
  }
  std::reverse(path.begin(), path.end());
  return path;
}

Bytes LogTree::tile(const tiles::TileId& id) const {
  const std::uint64_t first = id.index * tiles::kTileWidth;
  if (id.level < 0) {
    std::vector<Bytes> bundle;
    for (std::uint64_t i = first; i < first + id.width; ++i) {
      bundle.emplace_back(entries_.at(i).begin(), entries_.at(i).end());
    }
    return tiles::encode_entry_bundle(bundle);
  }
  const auto& hashes = levels_.at(static_cast<std::size_t>(id.level) * kTileHeight);
  Bytes bytes;
  bytes.reserve(std::size_t{id.width} * sizeof(Digest32));
  for (std::uint64_t i = first; i < first + id.width; ++i) {
    bytes.insert(bytes.end(), hashes.at(i).begin(), hashes.at(i).end());
  }
  return bytes;
}

}  // namespace mlprov::store
