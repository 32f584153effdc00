#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "mlprov/digest/algorithm.h"
#include "mlprov/support/bytes.h"

/// The Merkle tree of RFC 6962 section 2.1 over any 32-byte hash: leaf = H(0x00 || data),
/// node = H(0x01 || left || right), root of nothing = H("").
/// REQUIRES everywhere: `is_tree_algorithm(algorithm)`.
namespace mlprov::rfc6962 {

Digest32 leaf_hash(Algorithm algorithm, ByteView data);
Digest32 node_hash(Algorithm algorithm, const Digest32& left, const Digest32& right);
Digest32 empty_root(Algorithm algorithm);

/// Root over leaf hashes that come one at a time; holds one hash a level, never the leaves.
/// A value, not thread-safe.
class RootAccumulator {
 public:
  explicit RootAccumulator(Algorithm algorithm) : algorithm_(algorithm) {}

  void add(const Digest32& leaf);
  std::uint64_t size() const noexcept { return size_; }
  /// Root over what was added so far; more may follow.
  Digest32 root() const;

 private:
  Algorithm algorithm_;
  std::uint64_t size_ = 0;
  /// Roots of the perfect subtrees that the bits of `size_` stand for, widest first.
  std::array<Digest32, 64> peaks_{};
};

/// Root over leaf hashes, left to right.
Digest32 root(Algorithm algorithm, std::span<const Digest32> leaves);

/// Audit path of leaf `index`, lowest sibling first (RFC 6962 section 2.1.1).
/// REQUIRES: index < leaves.size() (`kUsage`).
std::vector<Digest32> inclusion_path(Algorithm algorithm, std::span<const Digest32> leaves,
                                     std::uint64_t index);

/// The root that a path leads to (RFC 9162 section 2.1.3.2); nothing when index >= size or the
/// path does not have exactly the length that (index, size) demands. `size` must come from a
/// signed place: a root does not bind it, so some false pairs of index and size fit a true path.
std::optional<Digest32> root_from_inclusion(Algorithm algorithm, const Digest32& leaf,
                                            std::uint64_t index, std::uint64_t size,
                                            std::span<const Digest32> path);

/// Consistency proof between the first `old_size` leaves and all of them (section 2.1.2).
/// REQUIRES: 0 < old_size <= leaves.size() (`kUsage`).
std::vector<Digest32> consistency_path(Algorithm algorithm, std::span<const Digest32> leaves,
                                       std::uint64_t old_size);

/// True when the tree of `new_size` with `new_root` extends that of `old_size` with `old_root`
/// (RFC 9162 section 2.1.4.2). The empty tree is consistent with every other, by an empty path;
/// its root is H("") and nothing else.
bool is_consistent(Algorithm algorithm, std::uint64_t old_size, const Digest32& old_root,
                   std::uint64_t new_size, const Digest32& new_root,
                   std::span<const Digest32> path);

}  // namespace mlprov::rfc6962
