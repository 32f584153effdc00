#pragma once

#include <filesystem>
#include <string>

#include "mlprov/store/store.h"
#include "store/sqlite.h"

namespace mlprov::store {

/// How the journal is kept, and why.
struct JournalMode {
  bool wal = false;
  std::string reason;
};

/// Name of the file system a folder lies on, `ext4`, `nfs`, ...; hex of its number when unknown.
struct FileSystem {
  std::string name;
  bool remote = false;  ///< Of a network: memory maps are not shared between machines.
};
FileSystem file_system_of(const std::filesystem::path& folder);

/// True when two maps of one file in the folder share memory.
bool can_share_memory(const std::filesystem::path& folder);

/// What the choice comes to for this folder, without touching a database.
JournalMode choose_journal(const std::filesystem::path& folder, JournalChoice choice);

/// Puts the database into that mode; falls back to a rollback journal when SQLite cannot do WAL.
/// Sets synchronous=FULL: a commit returns when it is on disk.
JournalMode apply_journal(Database& database, JournalMode wanted);

}  // namespace mlprov::store
