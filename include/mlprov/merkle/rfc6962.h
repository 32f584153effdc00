#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "mlprov/digest/algorithm.h"
#include "mlprov/support/bytes.h"

/// The Merkle tree of RFC 6962 section 2.1 over any 32-byte hash: leaf = H(0x00 || data),
/// node = H(0x01 || left || right), root of nothing = H(""). Free functions, no state.
namespace mlprov::rfc6962 {

Digest32 leaf_hash(Algorithm algorithm, ByteView data);
Digest32 node_hash(Algorithm algorithm, const Digest32& left, const Digest32& right);
Digest32 empty_root(Algorithm algorithm);

/// Root over leaf hashes, left to right.
Digest32 root(Algorithm algorithm, std::span<const Digest32> leaves);

/// Audit path of leaf `index`, lowest sibling first (RFC 6962 section 2.1.1).
/// REQUIRES: index < leaves.size().
std::vector<Digest32> inclusion_path(Algorithm algorithm, std::span<const Digest32> leaves,
                                     std::uint64_t index);

/// The root that a path leads to (RFC 9162 section 2.1.3.2); nothing when index >= size or the
/// path does not have exactly the length that (index, size) demands.
std::optional<Digest32> root_from_inclusion(Algorithm algorithm, const Digest32& leaf,
                                            std::uint64_t index, std::uint64_t size,
                                            std::span<const Digest32> path);

/// Consistency proof between the first `old_size` leaves and all of them (section 2.1.2).
/// REQUIRES: 0 < old_size <= leaves.size().
std::vector<Digest32> consistency_path(Algorithm algorithm, std::span<const Digest32> leaves,
                                       std::uint64_t old_size);

/// True when the tree of `new_size` with `new_root` extends that of `old_size` with `old_root`
/// (RFC 9162 section 2.1.4.2). An old size of 0 is consistent with everything, by an empty path.
bool is_consistent(Algorithm algorithm, std::uint64_t old_size, const Digest32& old_root,
                   std::uint64_t new_size, const Digest32& new_root,
                   std::span<const Digest32> path);

}  // namespace mlprov::rfc6962
