// Tiles, entry bundles, their paths, and proofs made from a disk that lies.
#include <algorithm>

#include "fuzz/check.h"
#include "mlprov/log/tiles.h"
#include "mlprov/merkle/rfc6962.h"

using namespace mlprov;

namespace {

void check_path(std::string_view text) {
  const auto tile = tiles::parse_tile_path(text);
  if (tile) fuzz::demand(tiles::tile_path(*tile) == text, "a tile has one path");
}

void check_tiles(ByteView bytes, unsigned width) {
  if (const auto hashes = fuzz::attempt([&] { return tiles::parse_hash_tile(bytes, width); })) {
    fuzz::demand(hashes->size() == width && bytes.size() == 32 * hashes->size(), "all is read");
  }
  const auto entries = fuzz::attempt([&] { return tiles::parse_entry_bundle(bytes, width); });
  if (!entries) return;
  fuzz::demand(entries->size() == width, "as many entries as were asked for");
  fuzz::demand(std::ranges::equal(tiles::encode_entry_bundle(*entries), bytes), "written back");
}

/// A reader that gives every tile the fuzzer's bytes, again and again.
tiles::TileReader lying_reader(ByteView bytes) {
  return [bytes](const tiles::TileId& tile) {
    Bytes content(std::size_t{32} * tile.width);
    for (std::size_t i = 0; !bytes.empty() && i < content.size(); ++i) {
      content[i] = bytes[i % bytes.size()];
    }
    if (!bytes.empty() && bytes[0] == 0xFF) content.resize(bytes.size());
    return content;
  };
}

void check_proofs(std::string_view text) {
  const std::uint64_t factor = fuzz::take_byte(text);
  const std::uint64_t size = factor << fuzz::take_byte(text) % 20;
  const std::uint64_t index = size * fuzz::take_byte(text) / 256;
  const tiles::TileReader read = lying_reader(as_bytes(text));
  const auto root = fuzz::attempt([&] { return tiles::tree_root(read, size); });
  if (!root) return;
  if (const auto path =
          fuzz::attempt([&] { return tiles::prove_inclusion(read, size, *root, index); })) {
    Digest32 leaf{};
    for (std::size_t i = 0; !text.empty() && i < leaf.size(); ++i) {
      leaf[i] = static_cast<std::uint8_t>(text[(index % 256 * 32 + i) % text.size()]);
    }
    const auto led = rfc6962::root_from_inclusion(Algorithm::kSha256, leaf, index, size, *path);
    fuzz::demand(led == *root, "a proof that is given leads to the root");
  }
  fuzz::attempt([&] { return tiles::prove_consistency(read, index, size, *root); });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view text = as_text({data, size});
  check_path(text);
  check_proofs(text);
  const unsigned width = fuzz::take_byte(text) + 1U;
  check_tiles(as_bytes(text), width);
  return 0;
}
