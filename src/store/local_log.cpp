#include "store/local_log.h"

#include <algorithm>
#include <array>
#include <system_error>

#include "mlprov/support/error.h"
#include "mlprov/support/file.h"
#include "mlprov/support/hex.h"
#include "mlprov/support/random.h"
#include "mlprov/support/secret.h"

namespace mlprov::store {
namespace {

constexpr std::uint64_t kMaxKeyFile = 4096;
constexpr std::uint64_t kMaxCheckpoint = std::uint64_t{1} << 20;
constexpr std::uint64_t kMaxTile = std::uint64_t{1} << 20;

std::string random_origin() {
  std::array<std::uint8_t, 4> tag;
  fill_random(tag);
  return "mlprov.local/" + to_hex(tag);
}

std::string sign_checkpoint(const NoteSigner& signer, const LogTree& tree) {
  Checkpoint checkpoint;
  checkpoint.origin = signer.verifier.name;
  checkpoint.size = tree.size();
  checkpoint.root = tree.root(tree.size());
  return sign_note(checkpoint.to_string(), signer).to_string();
}

std::string without_newline(std::string text) {
  if (text.ends_with('\n')) text.pop_back();
  return text;
}

void make_folder(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) {
    throw Error(ErrorCode::kIo,
                "cannot make the folder " + folder.string() + ": " + error.message());
  }
}

/// The key, or nothing where it is not there or may not be read: reading a log needs none.
std::shared_ptr<const NoteSigner> read_signer(const std::filesystem::path& file) {
  std::string text;
  try {
    text = read_file(file, kMaxKeyFile);
  } catch (const Error&) {
    return nullptr;
  }
  auto signer = std::make_shared<NoteSigner>(NoteSigner::parse(without_newline(text)));
  wipe({reinterpret_cast<std::uint8_t*>(text.data()), text.size()});
  return signer;
}

/// A log whose database is gone must not be overwritten: its key and checkpoint are evidence.
void require_no_entries(const std::filesystem::path& folder) {
  if (!std::filesystem::exists(folder / "checkpoint")) return;
  const Note note = Note::parse(read_file(folder / "checkpoint", kMaxCheckpoint));
  if (Checkpoint::parse(note.text).size == 0) return;
  throw Error(ErrorCode::kConflict,
              "the log in " + folder.string() +
                  " has entries and its database is gone: restore it, or move the folder aside");
}

/// The partial tiles at the right edge of a log of that size.
std::vector<tiles::TileId> partial_tiles(std::uint64_t size) {
  std::vector<tiles::TileId> partial;
  for (const tiles::TileId& tile : tiles::new_tiles(0, size)) {
    if (tile.width != tiles::kTileWidth) partial.push_back(tile);
  }
  return partial;
}

}  // namespace

NoteSigner LocalLog::create(const std::filesystem::path& folder) {
  make_folder(folder);
  require_no_entries(folder);
  NoteSigner signer = NoteSigner::generate(random_origin());
  std::string secret = signer.to_secret_string() + "\n";
  write_file_atomic(folder / "log.key", secret, 0600);
  wipe({reinterpret_cast<std::uint8_t*>(secret.data()), secret.size()});
  write_file_atomic(folder / "log.vkey", signer.verifier.to_string() + "\n");
  write_file_atomic(folder / "checkpoint", sign_checkpoint(signer, LogTree()));
  return signer;
}

LocalLog::LocalLog(std::filesystem::path folder, NoteVerifier verifier)
    : folder_(std::move(folder)), verifier_(std::move(verifier)) {
  try {
    const std::string vkey = without_newline(read_file(folder_ / "log.vkey", kMaxKeyFile));
    if (vkey != verifier_.to_string()) {
      problem_ = "the folder " + folder_.string() + " holds another log, " + vkey +
                 ", than the database names, " + verifier_.to_string() + ": put the right one back";
      return;
    }
  } catch (const Error& error) {
    problem_ = std::string("the log's verifier key is missing: ") + error.what();
    return;
  }
  signer_ = read_signer(folder_ / "log.key");
  if (signer_ == nullptr || signer_->verifier == verifier_) return;
  signer_ = nullptr;
  problem_ = "the key in " + (folder_ / "log.key").string() + " is not that of the log";
}

SignedCheckpoint LocalLog::checkpoint() const {
  SignedCheckpoint checkpoint;
  checkpoint.note = read_file(folder_ / "checkpoint", kMaxCheckpoint);
  checkpoint.body = open_checkpoint(checkpoint.note, verifier_);
  return checkpoint;
}

void LocalLog::require_continuation(const Checkpoint& old, const LogTree& tree) const {
  const std::string place = "the log in " + folder_.string();
  if (old.size > tree.size()) {
    throw Error(ErrorCode::kConflict,
                place + " has " + std::to_string(old.size) + " entries and the database only " +
                    std::to_string(tree.size()) +
                    ": an older database was put back. Restore the newer one, or move the store "
                    "aside and import its runs into a new one");
  }
  if (tree.root(old.size) != old.root) {
    throw Error(ErrorCode::kConflict,
                place +
                    " shows other statements than the database: one of the two was altered or "
                    "replaced. Restore them together from one copy");
  }
}

void LocalLog::write_tiles(const LogTree& tree, std::uint64_t old_size,
                           std::uint64_t new_size) const {
  for (const tiles::TileId& id : tiles::new_tiles(old_size, new_size)) {
    const auto path = folder_ / tiles::tile_path(id);
    make_folder(path.parent_path());
    write_file_atomic(path, as_text(tree.tile(id)));
  }
}

void LocalLog::remove_superseded(std::uint64_t old_size, std::uint64_t new_size) const {
  const auto kept = partial_tiles(new_size);
  for (const tiles::TileId& id : partial_tiles(old_size)) {
    if (std::find(kept.begin(), kept.end(), id) != kept.end()) continue;
    std::error_code ignored;  // A leftover does no harm.
    const auto path = folder_ / tiles::tile_path(id);
    std::filesystem::remove(path, ignored);
    std::filesystem::remove(path.parent_path(), ignored);
  }
}

void LocalLog::publish(const LogTree& tree) const {
  const Checkpoint old = checkpoint().body;
  require_continuation(old, tree);
  if (old.size == tree.size()) return;
  if (signer_ == nullptr) {
    throw Error(ErrorCode::kIo, "the log cannot be extended: its key, " +
                                    (folder_ / "log.key").string() +
                                    ", is missing or cannot be read");
  }
  write_tiles(tree, old.size, tree.size());
  write_file_atomic(folder_ / "checkpoint", sign_checkpoint(*signer_, tree));
  remove_superseded(old.size, tree.size());
}

void LocalLog::rebuild(const LogTree& tree) const {
  if (!std::filesystem::exists(folder_ / "checkpoint")) {
    if (signer_ == nullptr) throw Error(ErrorCode::kIo, "the log has neither checkpoint nor key");
    write_tiles(tree, 0, tree.size());
    write_file_atomic(folder_ / "checkpoint", sign_checkpoint(*signer_, tree));
    return;
  }
  const Checkpoint old = checkpoint().body;
  require_continuation(old, tree);
  write_tiles(tree, 0, old.size);
}

std::vector<std::string> LocalLog::damaged_tiles(const Checkpoint& old, const LogTree& tree) const {
  std::vector<std::string> damaged;
  for (const tiles::TileId& id : tiles::new_tiles(0, old.size)) {
    const std::string path = tiles::tile_path(id);
    try {
      const Bytes want = tree.tile(id);
      if (read_file(folder_ / path, kMaxTile) == as_text(want)) continue;
    } catch (const Error&) {
      // Missing or unreadable is as good as wrong.
    }
    damaged.push_back(path);
  }
  return damaged;
}

}  // namespace mlprov::store
