#pragma once

#include <cstdint>
#include <vector>

#include "mlprov/log/tiles.h"
#include "mlprov/support/bytes.h"

namespace mlprov::store {

/// All hashes of a log in memory, 96 bytes an entry: roots and proofs for any of its sizes
/// without hashing again. RFC 6962 over SHA-256; an entry is a statement's 32-byte SHA-256.
class LogTree {
 public:
  void append(const Digest32& entry);

  std::uint64_t size() const noexcept { return entries_.size(); }
  const Digest32& entry(std::uint64_t index) const { return entries_.at(index); }

  /// Root of the first `size` entries. REQUIRES size <= size().
  Digest32 root(std::uint64_t size) const;
  /// Audit path of `index` in the tree of the first `size`. REQUIRES index < size <= size().
  std::vector<Digest32> inclusion(std::uint64_t index, std::uint64_t size) const;

  /// Bytes of a tile or entry bundle. REQUIRES that the tile lies within the log.
  Bytes tile(const tiles::TileId& id) const;

 private:
  Digest32 range_root(std::uint64_t begin, std::uint64_t end) const;

  std::vector<Digest32> entries_;
  /// levels_[k][i] is the root of the 2^k entries from i * 2^k on.
  std::vector<std::vector<Digest32>> levels_;
};

}  // namespace mlprov::store
