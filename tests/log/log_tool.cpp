// Writes, grows and judges a tiled log on disk with our code; driven by log_interop.py.
//
//   log_tool keygen NAME                  a signing key and its verifier key, one a line
//   log_tool write DIR N KEYFILE          makes the log, or grows it, to N entries of 32 bytes
//   log_tool read DIR VKEY [CHECKPOINT]   checks all of it, and its growth from CHECKPOINT
//   log_tool record DIR VKEY I            the audit path of entry I, one hex hash a line
//   log_tool tree DIR VKEY N              the consistency proof from size N
//
// Exit codes: 0 fine, 1 the log is not in order, 2 usage.

#include <filesystem>
#include <functional>
#include <iostream>
#include <map>

#include "mlprov/digest/hasher.h"
#include "mlprov/log/checkpoint.h"
#include "mlprov/log/tiles.h"
#include "mlprov/merkle/rfc6962.h"
#include "mlprov/support/error.h"
#include "mlprov/support/file.h"
#include "mlprov/support/hex.h"

namespace {

using namespace mlprov;
namespace fs = std::filesystem;
using tiles::TileId;

constexpr Algorithm kHash = Algorithm::kSha256;
constexpr std::uint64_t kMaxFile = 1 << 25;

void require(bool holds, const std::string& what) {
  if (!holds) throw Error(ErrorCode::kMalformed, what);
}

/// A log folder opened with its key.
struct DiskLog {
  fs::path folder;
  Checkpoint checkpoint;

  DiskLog(const std::string& path, const std::string& vkey)
      : folder(path),
        checkpoint(open_checkpoint(read_file(folder / "checkpoint", kMaxFile),
                                   NoteVerifier::parse(vkey))) {}

  Bytes read(const TileId& tile) const {
    const std::string content = read_file(folder / tiles::tile_path(tile), kMaxFile);
    return {content.begin(), content.end()};
  }
  tiles::TileReader reader() const {
    return [this](const TileId& tile) { return read(tile); };
  }
};

/// Stands for a statement's SHA-256.
Bytes entry(std::uint64_t index) {
  const Digest32 digest = digest32(kHash, as_bytes("entry " + std::to_string(index)));
  return {digest.begin(), digest.end()};
}

Bytes bundle(const TileId& tile) {
  std::vector<Bytes> entries;
  const std::uint64_t first = tile.index * tiles::kTileWidth;
  for (std::uint64_t i = first; i < first + tile.width; ++i) entries.push_back(entry(i));
  return tiles::encode_entry_bundle(entries);
}

void write(const fs::path& folder, std::uint64_t size, const NoteSigner& signer) {
  std::uint64_t old_size = 0;
  if (fs::exists(folder / "checkpoint")) {
    old_size = open_checkpoint(read_file(folder / "checkpoint", kMaxFile), signer.verifier).size;
  }
  std::vector<Digest32> leaves;
  for (std::uint64_t i = 0; i < size; ++i) leaves.push_back(rfc6962::leaf_hash(kHash, entry(i)));
  fs::create_directories(folder);
  for (const TileId& tile : tiles::new_tiles(old_size, size)) {
    const fs::path path = folder / tiles::tile_path(tile);
    fs::create_directories(path.parent_path());
    const Bytes bytes = tile.level < 0 ? bundle(tile) : tiles::hash_tile(tile, leaves);
    write_file_atomic(path, as_text(bytes));
  }
  const Checkpoint checkpoint{signer.verifier.name, size, rfc6962::root(kHash, leaves), {}};
  write_file_atomic(folder / "checkpoint", sign_note(checkpoint.to_string(), signer).to_string());
}

std::vector<Digest32> read_leaves(const DiskLog& log) {
  std::vector<Digest32> leaves;
  for (const TileId& tile : tiles::new_tiles(0, log.checkpoint.size)) {
    if (tile.level >= 0) break;
    for (const Bytes& bytes : tiles::parse_entry_bundle(log.read(tile), tile.width)) {
      leaves.push_back(rfc6962::leaf_hash(kHash, bytes));
    }
  }
  return leaves;
}

void check_proofs(const DiskLog& log, const std::vector<Digest32>& leaves) {
  const auto& [origin, size, root, extensions] = log.checkpoint;
  const std::uint64_t step = size / 200 + 1;
  for (std::uint64_t i = 0; i < size; i += step) {
    const auto path = tiles::prove_inclusion(log.reader(), size, root, i);
    require(rfc6962::root_from_inclusion(kHash, leaves[i], i, size, path) == root,
            "entry " + std::to_string(i) + " is not included");
  }
}

void read(const DiskLog& log) {
  const std::vector<Digest32> leaves = read_leaves(log);
  require(rfc6962::root(kHash, leaves) == log.checkpoint.root,
          "the entries do not give the checkpoint's root");
  require(tiles::tree_root(log.reader(), log.checkpoint.size) == log.checkpoint.root,
          "the tiles do not give the checkpoint's root");
  for (const TileId& tile : tiles::new_tiles(0, log.checkpoint.size)) {
    if (tile.level < 0) continue;
    require(log.read(tile) == tiles::hash_tile(tile, leaves), tiles::tile_path(tile) + " is wrong");
  }
  check_proofs(log, leaves);
}

void check_growth(const DiskLog& log, const fs::path& path, const std::string& vkey) {
  const auto& now = log.checkpoint;
  const Checkpoint old = open_checkpoint(read_file(path, kMaxFile), NoteVerifier::parse(vkey));
  const auto proof = tiles::prove_consistency(log.reader(), old.size, now.size, now.root);
  require(rfc6962::is_consistent(kHash, old.size, old.root, now.size, now.root, proof),
          "the log does not extend the earlier checkpoint");
}

void print(const std::vector<Digest32>& proof) {
  for (const Digest32& hash : proof) std::cout << to_hex(hash) << '\n';
}

using Arguments = std::vector<std::string>;

const std::map<std::string, std::function<void(const Arguments&)>> kCommands = {
    {"keygen",
     [](const Arguments& a) {
       const NoteSigner signer = NoteSigner::generate(a.at(0));
       std::cout << signer.to_secret_string() << '\n' << signer.verifier.to_string() << '\n';
     }},
    {"write",
     [](const Arguments& a) {
       write(a.at(0), std::stoull(a.at(1)), NoteSigner::parse(read_file(a.at(2), kMaxFile)));
     }},
    {"read",
     [](const Arguments& a) {
       const DiskLog log(a.at(0), a.at(1));
       read(log);
       if (a.size() > 2) check_growth(log, a[2], a[1]);
       std::cout << "ok: " << log.checkpoint.size << " entries\n";
     }},
    {"record",
     [](const Arguments& a) {
       const DiskLog log(a.at(0), a.at(1));
       print(tiles::prove_inclusion(log.reader(), log.checkpoint.size, log.checkpoint.root,
                                    std::stoull(a.at(2))));
     }},
    {"tree",
     [](const Arguments& a) {
       const DiskLog log(a.at(0), a.at(1));
       print(tiles::prove_consistency(log.reader(), std::stoull(a.at(2)), log.checkpoint.size,
                                      log.checkpoint.root));
     }},
};

}  // namespace

int main(int argc, char** argv) {
  try {
    const Arguments arguments(argv + 1, argv + argc);
    const auto& command = kCommands.at(arguments.at(0));
    command({arguments.begin() + 1, arguments.end()});
    return 0;
  } catch (const Error& error) {
    std::cerr << "log_tool: " << to_string(error.code()) << ": " << error.what() << '\n';
    return 1;
  } catch (const std::exception& error) {
    std::cerr << "log_tool: usage: " << error.what() << '\n';
    return 2;
  }
}
