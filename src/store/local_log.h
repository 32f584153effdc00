#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "mlprov/log/checkpoint.h"
#include "mlprov/log/note.h"
#include "store/log_tree.h"

namespace mlprov::store {

struct SignedCheckpoint {
  std::string note;
  Checkpoint body;
};

/// The project's transparency log on disk: C2SP tlog-tiles under one folder, with a signed-note
/// checkpoint. Leaves come from the database; what lies here is a projection of it that can be
/// written again, but for the key and the checkpoint, which is this log's word and is never
/// contradicted. Callers hold the database's write lock while they write here.
class LocalLog {
 public:
  /// Makes key, verifier key and an empty signed checkpoint for a database without statements.
  /// Throws `kConflict` when the folder holds a log with entries. The origin is `mlprov.local/<8
  /// random hex>`.
  static NoteSigner create(const std::filesystem::path& folder);

  /// The log that the database names. Reads its key when it is there and may be read.
  LocalLog(std::filesystem::path folder, NoteVerifier verifier);

  const NoteVerifier& verifier() const noexcept { return verifier_; }
  /// Why the folder is not that of the database's log; empty when it is.
  const std::string& problem() const noexcept { return problem_; }
  std::shared_ptr<const NoteSigner> signer() const noexcept { return signer_; }

  /// The checkpoint on disk. Throws `kNotFound`, or `kMalformed` when the log's key did not sign
  /// it. Other processes extend the log after their commits: so that the database is never behind
  /// it, read this first and the database afterwards.
  SignedCheckpoint checkpoint() const;

  /// Throws `kConflict` unless the tree continues that checkpoint.
  void require_continuation(const Checkpoint& old, const LogTree& tree) const;

  /// Writes tiles, then signs and writes the checkpoint of the whole tree; the order makes a crash
  /// in between harmless.
  void publish(const LogTree& tree) const;
  /// Writes every tile of the checkpoint on disk again. Signs a checkpoint when there is none at
  /// all: then nothing is left that could contradict the database.
  void rebuild(const LogTree& tree) const;
  /// Paths of tiles of that checkpoint that are missing or not what the tree gives.
  std::vector<std::string> damaged_tiles(const Checkpoint& old, const LogTree& tree) const;

 private:
  void write_tiles(const LogTree& tree, std::uint64_t old_size, std::uint64_t new_size) const;
  void remove_superseded(std::uint64_t old_size, std::uint64_t new_size) const;

  std::filesystem::path folder_;
  NoteVerifier verifier_;
  std::string problem_;
  std::shared_ptr<const NoteSigner> signer_;
};

}  // namespace mlprov::store
