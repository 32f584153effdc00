#include <bit>
#include <charconv>
#include <limits>

#include "mlprov/log/tiles.h"
#include "mlprov/merkle/rfc6962.h"
#include "mlprov/support/error.h"

namespace mlprov::tiles {
namespace {

constexpr int kMaxLevel = 63;
constexpr int kUsedLevels = 8;  // 256^8 leaves are 2^64: no log has a tile above level 7.
constexpr std::size_t kHashSize = sizeof(Digest32);
constexpr std::size_t kMaxEntry = 65535;

/// Groups of three digits, all but the last marked by an x: 1234067 is `x001/x234/067`.
std::string format_index(std::uint64_t index) {
  std::string path;
  do {
    const std::string digits = std::to_string(1000 + index % 1000).substr(1);
    path = path.empty() ? digits : "x" + digits + "/" + path;
    index /= 1000;
  } while (index > 0);
  return path;
}

/// Reads a decimal number off the front of `text`; false when there is none or it overflows.
template <typename Number>
bool take_number(std::string_view& text, Number& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return error == std::errc();
}

bool take_prefix(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

bool take_index(std::string_view& text, std::uint64_t& index) {
  index = 0;
  bool more = true;
  while (more) {
    more = take_prefix(text, "x");
    std::uint64_t group = 0;
    if (!take_number(text, group) || group > 999) return false;
    if (index > (std::numeric_limits<std::uint64_t>::max() - group) / 1000) return false;
    index = index * 1000 + group;
    if (more && !take_prefix(text, "/")) return false;
  }
  return true;
}

void append_level(std::vector<TileId>& tiles, int level, std::uint64_t old_count,
                  std::uint64_t new_count) {
  if (old_count >= new_count) return;
  const std::uint64_t whole = new_count / kTileWidth;
  for (std::uint64_t i = old_count / kTileWidth; i < whole; ++i) tiles.push_back({level, i});
  if (new_count % kTileWidth != 0) {
    tiles.push_back({level, whole, static_cast<unsigned>(new_count % kTileWidth)});
  }
}

[[noreturn]] void refuse_bundle(const char* why) {
  throw Error(ErrorCode::kMalformed, std::string("this is not a log's entry bundle: ") + why);
}

}  // namespace

std::string tile_path(const TileId& tile) {
  std::string path = tile.level < 0 ? "tile/entries/" : "tile/" + std::to_string(tile.level) + "/";
  path += format_index(tile.index);
  if (tile.width < kTileWidth) path += ".p/" + std::to_string(tile.width);
  return path;
}

std::optional<TileId> parse_tile_path(std::string_view path) {
  TileId tile;
  std::string_view rest = path;
  if (!take_prefix(rest, "tile/")) return std::nullopt;
  if (take_prefix(rest, "entries/")) {
    tile.level = -1;
  } else if (!take_number(rest, tile.level) || tile.level < 0 || tile.level > kMaxLevel ||
             !take_prefix(rest, "/")) {
    return std::nullopt;
  }
  if (!take_index(rest, tile.index)) return std::nullopt;
  if (take_prefix(rest, ".p/") &&
      (!take_number(rest, tile.width) || tile.width < 1 || tile.width >= kTileWidth)) {
    return std::nullopt;
  }
  // What is left over, leading zeros and short groups show when it is written again.
  if (tile_path(tile) != path) return std::nullopt;
  return tile;
}

std::vector<TileId> new_tiles(std::uint64_t old_size, std::uint64_t new_size) {
  std::vector<TileId> tiles;
  append_level(tiles, -1, old_size, new_size);
  for (int level = 0; level < kUsedLevels; ++level) {
    append_level(tiles, level, old_size >> (8 * level), new_size >> (8 * level));
  }
  return tiles;
}

std::vector<Digest32> parse_hash_tile(ByteView bytes, unsigned width) {
  if (width < 1 || width > kTileWidth || bytes.size() != width * kHashSize) {
    throw Error(ErrorCode::kMalformed, "a log's tile of " + std::to_string(width) + " hashes has " +
                                           std::to_string(bytes.size()) + " bytes");
  }
  std::vector<Digest32> hashes(width);
  for (std::size_t i = 0; i < width; ++i) {
    const ByteView hash = bytes.subspan(i * kHashSize, kHashSize);
    std::copy(hash.begin(), hash.end(), hashes[i].begin());
  }
  return hashes;
}

std::vector<Bytes> parse_entry_bundle(ByteView bytes, unsigned width) {
  if (width < 1 || width > kTileWidth) refuse_bundle("its width is not 1 to 256");
  std::vector<Bytes> entries;
  entries.reserve(width);
  for (unsigned i = 0; i < width; ++i) {
    if (bytes.size() < 2) refuse_bundle("it ends before its last entry");
    const std::size_t size = std::size_t{bytes[0]} << 8 | bytes[1];
    if (bytes.size() - 2 < size) refuse_bundle("it ends within an entry");
    const ByteView entry = bytes.subspan(2, size);
    entries.emplace_back(entry.begin(), entry.end());
    bytes = bytes.subspan(2 + size);
  }
  if (!bytes.empty()) refuse_bundle("bytes follow its last entry");
  return entries;
}

Bytes encode_entry_bundle(const std::vector<Bytes>& entries) {
  Bytes bundle;
  for (const Bytes& entry : entries) {
    if (entry.size() > kMaxEntry) {
      throw Error(ErrorCode::kTooLarge, "a log's entry has at most 65535 bytes; this one has " +
                                            std::to_string(entry.size()));
    }
    bundle.push_back(static_cast<std::uint8_t>(entry.size() >> 8));
    bundle.push_back(static_cast<std::uint8_t>(entry.size()));
    bundle.insert(bundle.end(), entry.begin(), entry.end());
  }
  return bundle;
}

Bytes hash_tile(const TileId& tile, std::span<const Digest32> leaves) {
  const bool level_exists = tile.level >= 0 && tile.level < kUsedLevels;
  const std::uint64_t there = level_exists ? leaves.size() >> (8 * tile.level) : 0;
  if (tile.width < 1 || tile.width > kTileWidth || tile.index > there / kTileWidth ||
      tile.index * kTileWidth + tile.width > there) {
    throw Error(ErrorCode::kUsage, "a log of " + std::to_string(leaves.size()) +
                                       " entries has no tile " + tile_path(tile));
  }
  const std::size_t span = std::size_t{1} << (8 * tile.level);
  Bytes bytes;
  bytes.reserve(tile.width * kHashSize);
  for (std::uint64_t i = 0; i < tile.width; ++i) {
    const std::size_t first = (tile.index * kTileWidth + i) * span;
    const Digest32 hash = rfc6962::root(Algorithm::kSha256, leaves.subspan(first, span));
    bytes.insert(bytes.end(), hash.begin(), hash.end());
  }
  return bytes;
}

Digest32 full_tile_root(ByteView bytes) {
  return rfc6962::root(Algorithm::kSha256, parse_hash_tile(bytes, kTileWidth));
}

}  // namespace mlprov::tiles
