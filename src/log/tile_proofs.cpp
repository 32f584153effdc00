#include <algorithm>
#include <bit>

#include "log/tile_tree.h"
#include "mlprov/log/tiles.h"
#include "mlprov/support/error.h"

namespace mlprov::tiles {
namespace {

/// RFC 6962's k: the largest power of two smaller than the number of leaves, which is over 1.
std::uint64_t left_width(std::uint64_t leaves) { return std::bit_floor(leaves - 1); }

[[noreturn]] void refuse(const std::string& what, std::uint64_t size) {
  throw Error(ErrorCode::kUsage, "a log of " + std::to_string(size) + " entries has no " + what);
}

}  // namespace

Digest32 tree_root(const TileReader& read, std::uint64_t size) {
  return TileTree(read, size).root();
}

std::vector<Digest32> prove_inclusion(const TileReader& read, std::uint64_t size,
                                      const Digest32& root, std::uint64_t index) {
  if (index >= size) refuse("entry " + std::to_string(index), size);
  TileTree tree(read, size);
  tree.require_root(root);
  std::vector<Digest32> path;
  std::uint64_t begin = 0;
  std::uint64_t end = size;
  while (end - begin > 1) {
    const std::uint64_t middle = begin + left_width(end - begin);
    const bool left = index < middle;
    path.push_back(left ? tree.range(middle, end) : tree.range(begin, middle));
    (left ? end : begin) = middle;
  }
  std::reverse(path.begin(), path.end());
  return path;
}

std::vector<Digest32> prove_consistency(const TileReader& read, std::uint64_t old_size,
                                        std::uint64_t size, const Digest32& root) {
  if (old_size > size) refuse("earlier size of " + std::to_string(old_size), size);
  TileTree tree(read, size);
  tree.require_root(root);
  if (old_size == 0) return {};
  // The old tree's right edge, followed down from the new tree's root (RFC 6962 section 2.1.2).
  std::vector<Digest32> path;
  std::uint64_t begin = 0;
  std::uint64_t end = size;
  while (end != old_size) {
    const std::uint64_t middle = begin + left_width(end - begin);
    const bool left = old_size <= middle;
    path.push_back(left ? tree.range(middle, end) : tree.range(begin, middle));
    (left ? end : begin) = middle;
  }
  // A subtree that begins at 0 is the old root itself, which the verifier has.
  if (begin != 0) path.push_back(tree.range(begin, end));
  std::reverse(path.begin(), path.end());
  return path;
}

}  // namespace mlprov::tiles
