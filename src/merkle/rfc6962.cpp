#include "mlprov/merkle/rfc6962.h"

#include <algorithm>
#include <bit>
#include <string>

#include "mlprov/digest/hasher.h"
#include "mlprov/support/error.h"

namespace mlprov::rfc6962 {
namespace {

constexpr std::uint8_t kLeafPrefix = 0x00;
constexpr std::uint8_t kNodePrefix = 0x01;

/// The largest power of two smaller than `size`: where RFC 6962 splits. REQUIRES: size > 1.
std::uint64_t split_point(std::uint64_t size) { return std::bit_floor(size - 1); }

bool is_odd(std::uint64_t n) { return (n & 1) != 0; }

}  // namespace

Digest32 leaf_hash(Algorithm algorithm, ByteView data) {
  return digest32(algorithm, {ByteView(&kLeafPrefix, 1), data});
}

Digest32 node_hash(Algorithm algorithm, const Digest32& left, const Digest32& right) {
  std::array<std::uint8_t, 65> node;
  node[0] = kNodePrefix;
  std::copy(left.begin(), left.end(), node.begin() + 1);
  std::copy(right.begin(), right.end(), node.begin() + 33);
  return digest32(algorithm, ByteView(node));
}

Digest32 empty_root(Algorithm algorithm) { return digest32(algorithm, ByteView()); }

void RootAccumulator::add(const Digest32& leaf) {
  Digest32 subtree = leaf;
  auto peaks = static_cast<std::size_t>(std::popcount(size_));
  // Each trailing one of the size is a perfect subtree as wide as the one that just closed.
  for (std::uint64_t rest = size_; is_odd(rest); rest >>= 1) {
    subtree = node_hash(algorithm_, peaks_[--peaks], subtree);
  }
  peaks_[peaks] = subtree;
  ++size_;
}

Digest32 RootAccumulator::root() const {
  if (size_ == 0) return empty_root(algorithm_);
  auto peaks = static_cast<std::size_t>(std::popcount(size_));
  Digest32 root = peaks_[--peaks];
  while (peaks > 0) root = node_hash(algorithm_, peaks_[--peaks], root);
  return root;
}

Digest32 root(Algorithm algorithm, std::span<const Digest32> leaves) {
  RootAccumulator accumulator(algorithm);
  for (const Digest32& leaf : leaves) accumulator.add(leaf);
  return accumulator.root();
}

std::vector<Digest32> inclusion_path(Algorithm algorithm, std::span<const Digest32> leaves,
                                     std::uint64_t index) {
  if (index >= leaves.size()) {
    throw Error(ErrorCode::kUsage, "leaf " + std::to_string(index) + " is not in a tree of " +
                                       std::to_string(leaves.size()) + " leaves");
  }
  std::vector<Digest32> path;
  while (leaves.size() > 1) {
    const std::uint64_t split = split_point(leaves.size());
    const auto left = leaves.first(split);
    const auto right = leaves.subspan(split);
    const bool goes_right = index >= split;
    path.push_back(root(algorithm, goes_right ? left : right));
    if (goes_right) index -= split;
    leaves = goes_right ? right : left;
  }
  std::reverse(path.begin(), path.end());
  return path;
}

std::optional<Digest32> root_from_inclusion(Algorithm algorithm, const Digest32& leaf,
                                            std::uint64_t index, std::uint64_t size,
                                            std::span<const Digest32> path) {
  if (index >= size) return std::nullopt;
  Digest32 root = leaf;
  std::uint64_t last = size - 1;
  for (const Digest32& sibling : path) {
    if (last == 0) return std::nullopt;
    if (is_odd(index) || index == last) {
      root = node_hash(algorithm, sibling, root);
      // At the right edge the levels without a sibling are skipped.
      const int levels = std::countr_zero(index);
      index >>= levels;
      last >>= levels;
    } else {
      root = node_hash(algorithm, root, sibling);
    }
    index >>= 1;
    last >>= 1;
  }
  if (last != 0) return std::nullopt;
  return root;
}

std::vector<Digest32> consistency_path(Algorithm algorithm, std::span<const Digest32> leaves,
                                       std::uint64_t old_size) {
  if (old_size == 0 || old_size > leaves.size()) {
    throw Error(ErrorCode::kUsage, "no consistency proof from " + std::to_string(old_size) +
                                       " to " + std::to_string(leaves.size()) + " leaves");
  }
  std::vector<Digest32> path;
  bool is_old_root = true;  // The verifier knows the old root: it is not repeated in the path.
  while (old_size != leaves.size()) {
    const std::uint64_t split = split_point(leaves.size());
    const auto left = leaves.first(split);
    const auto right = leaves.subspan(split);
    if (old_size <= split) {
      path.push_back(root(algorithm, right));
      leaves = left;
    } else {
      path.push_back(root(algorithm, left));
      leaves = right;
      old_size -= split;
      is_old_root = false;
    }
  }
  if (!is_old_root) path.push_back(root(algorithm, leaves));
  std::reverse(path.begin(), path.end());
  return path;
}

namespace {

/// RFC 9162 section 2.1.4.2 for 0 < old_size < new_size.
bool follows_path(Algorithm algorithm, std::uint64_t old_size, const Digest32& old_root,
                  std::uint64_t new_size, const Digest32& new_root,
                  std::span<const Digest32> path) {
  const int perfect_levels = std::countr_one(old_size - 1);
  std::uint64_t old_node = (old_size - 1) >> perfect_levels;
  std::uint64_t new_node = (new_size - 1) >> perfect_levels;
  const bool starts_at_old_root = std::has_single_bit(old_size);
  if (path.empty()) return false;
  Digest32 old_hash = starts_at_old_root ? old_root : path[0];
  Digest32 new_hash = old_hash;
  for (const Digest32& sibling : path.subspan(starts_at_old_root ? 0 : 1)) {
    if (new_node == 0) return false;
    if (is_odd(old_node) || old_node == new_node) {
      old_hash = node_hash(algorithm, sibling, old_hash);
      new_hash = node_hash(algorithm, sibling, new_hash);
      const int levels = std::countr_zero(old_node);
      old_node >>= levels;
      new_node >>= levels;
    } else {
      new_hash = node_hash(algorithm, new_hash, sibling);
    }
    old_node >>= 1;
    new_node >>= 1;
  }
  return new_node == 0 && old_hash == old_root && new_hash == new_root;
}

}  // namespace

bool is_consistent(Algorithm algorithm, std::uint64_t old_size, const Digest32& old_root,
                   std::uint64_t new_size, const Digest32& new_root,
                   std::span<const Digest32> path) {
  if (old_size > new_size) return false;
  if (old_size == 0 && old_root != empty_root(algorithm)) return false;
  if (old_size == new_size) return path.empty() && old_root == new_root;
  if (old_size == 0) return path.empty();
  return follows_path(algorithm, old_size, old_root, new_size, new_root, path);
}

}  // namespace mlprov::rfc6962
