#pragma once

#include <memory>
#include <optional>
#include <string>

#include "mlprov/merkle/directory.h"
#include "mlprov/record/bundle.h"
#include "store/sqlite.h"

namespace mlprov::store {

/// Directories and objects of one algorithm. Reading recomputes root or digest: a row that was
/// altered throws `kMalformed`.
class Material {
 public:
  Material(Database& database, Algorithm algorithm);

  /// Writes what is not there yet. REQUIRES an open write transaction.
  void put(const DirectoryMap& directories, const std::map<Digest32, Bytes>& objects);

  std::shared_ptr<const Directory> directory(const Digest32& root);
  std::optional<Bytes> object(const Digest32& digest);

 private:
  bool has(Query& query, const Digest32& key);
  void put_directory(const Directory& directory);

  Database& database_;
  Algorithm algorithm_;
  std::string name_;
  Query has_directory_;
  Query has_object_;
};

/// What a store always writes when it is handed a run: its content as json or text, if small.
/// A file's content may never have been at hand.
bool is_always_stored(const Entry& entry);

/// Everything below the statements' roots that the store holds, into `bundle`. With `complete`, a
/// directory or an object that is missing throws `kMalformed`: the store once had it.
void collect_material(Database& database, Bundle& bundle, bool complete);

/// Hashes every directory and object that is stored; throws at the first that does not hold.
void check_material(Database& database);

/// True when nothing of that is missing from a bundle.
bool is_complete(const Bundle& bundle);

}  // namespace mlprov::store
