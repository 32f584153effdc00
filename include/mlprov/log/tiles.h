#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "mlprov/support/bytes.h"

/// Layout of a log on disk or on a web server: C2SP tlog-tiles. Pure: bytes in, bytes out.
/// Hashes are RFC 6962 over SHA-256; an entry of an mlprov log is a statement's 32-byte SHA-256.
namespace mlprov::tiles {

inline constexpr std::uint64_t kTileWidth = 256;

/// A tile of hashes (level >= 0) or a bundle of entries (level -1), whole or partial.
struct TileId {
  int level = 0;
  std::uint64_t index = 0;
  unsigned width = 256;  ///< 1 to 256; below 256 the tile is partial.
  friend auto operator<=>(const TileId&, const TileId&) = default;
};

/// `tile/0/x001/234.p/8`, `tile/entries/000`.
std::string tile_path(const TileId& tile);
/// The inverse; nothing for anything that `tile_path` would not give.
std::optional<TileId> parse_tile_path(std::string_view path);

/// Every tile and bundle that a log of `new_size` has and one of `old_size` had not, in the order
/// in which they must be written (entries, then level 0, 1, ...).
std::vector<TileId> new_tiles(std::uint64_t old_size, std::uint64_t new_size);

/// Reads a stored tile's or bundle's bytes: exactly `width` hashes or entries. Where the log has
/// grown and the partial tile is gone, that is the beginning of the full one. May throw.
using TileReader = std::function<Bytes(const TileId&)>;

/// Bytes of a hash tile: concatenated 32-byte hashes. `kMalformed` when the length is off.
std::vector<Digest32> parse_hash_tile(ByteView bytes, unsigned width);

/// Bytes of an entry bundle: each entry a big-endian uint16 length and its bytes. Reading throws
/// `kMalformed` unless there are exactly `width`; writing `kTooLarge` for an entry over 65535.
std::vector<Bytes> parse_entry_bundle(ByteView bytes, unsigned width);
Bytes encode_entry_bundle(const std::vector<Bytes>& entries);

/// Bytes of any hash tile, given all leaf hashes of the log. Throws `kUsage` when the log has not
/// that many.
Bytes hash_tile(const TileId& tile, std::span<const Digest32> leaves);

/// The hash that stands for a full tile in the level above: a writer needs no leaves for it.
Digest32 full_tile_root(ByteView bytes);

/// Proofs of a log of `size` from its tiles alone. Reads only the tiles needed; each is checked
/// against `root`, so a lying reader gives `kMalformed`, never a false proof. Throws `kUsage` for
/// an index or old size that the log has not; an old size of 0 has an empty proof.
std::vector<Digest32> prove_inclusion(const TileReader& read, std::uint64_t size,
                                      const Digest32& root, std::uint64_t index);
std::vector<Digest32> prove_consistency(const TileReader& read, std::uint64_t old_size,
                                        std::uint64_t size, const Digest32& root);
/// The root that the partial tiles give; nothing vouches for it.
Digest32 tree_root(const TileReader& read, std::uint64_t size);

}  // namespace mlprov::tiles
