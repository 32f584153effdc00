#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "mlprov/identity/key.h"
#include "mlprov/log/note.h"
#include "mlprov/record/bundle.h"
#include "mlprov/record/run.h"

/// What a forger needs: take a bundle apart, change it at any depth, hash and sign again with any
/// key. Nothing here checks anything, so that every lie can be told. Later capabilities extend it.
namespace mlprov::forge {

/// The key whose 32 bytes are all `byte`, and a log's key made the same way.
PrivateKey key_of(std::uint8_t byte);
NoteSigner log_key_of(std::uint8_t byte, std::string name = "example.org/log");

/// A clock that begins at 2026-11-21T00:00:00Z and goes on by a minute a call, and salts that
/// depend on `seed` and their number only.
RunEnvironment fixed_environment(std::uint64_t seed);

/// A run id that depends on `seed` only.
std::string run_id_of(std::uint64_t seed);

/// Puts statements into a log: `foreign` other leaves stand before them and between them.
/// `skip(i)` leaves statement i out. `witness` adds a second signature line.
void include_in_log(Bundle& bundle, const NoteSigner& signer, std::uint64_t foreign = 3,
                    const std::function<bool(std::size_t)>& skip = {},
                    const NoteSigner* witness = nullptr);

/// Adds a wallet's signature to a statement, in order.
void add_cosignature(SignedStatement& statement, const PrivateKey& key);

/// A bundle in pieces.
class Forgery {
 public:
  explicit Forgery(std::string_view text);

  Json& document() noexcept { return document_; }
  std::size_t statements() const { return document_.at("statements").size(); }
  Json& statement(std::size_t index) { return document_.at("statements").at(index); }
  /// Index of the statement with that path.
  std::size_t find(std::string_view path) const;

  /// A statement's payload, and its replacement: signed by `key`, or under the old signature.
  Json payload(std::size_t index) const;
  void sign(std::size_t index, const Json& payload, const PrivateKey& key);
  void sign_bytes(std::size_t index, std::string_view payload, const PrivateKey& key);
  void keep_signature(std::size_t index, std::string_view payload);

  /// Makes a chain of all statements again and signs each by `key`. With `claim`, they name it as
  /// their author. Co-signatures, inclusions and the log do not survive.
  void resign(const PrivateKey& key, bool claim = false);

  /// Slots of a directory; adds one and returns its root; the `tree` entry that refers to it.
  const Json& slots(const std::string& root) const;
  std::string put(const Json& slots);
  Json tree_entry(const std::string& name, const std::string& root) const;
  /// Adds an object; returns its digest.
  std::string put_json(const Json& value);
  std::string put_bytes(std::string_view content);

  using Edit = std::function<void(Json& slots)>;
  /// Changes the directory at `path` below a statement's root, all directories above it and the
  /// statement's payload (still under the old signature: see `resign`).
  void edit(std::size_t index, std::string_view path, const Edit& change);
  /// The same for a whole run: `path` is the run's, and every statement whose directory holds it
  /// (`before` and `after`, an epoch and `after`) changes.
  void edit_run(std::string_view path, const Edit& change);

  /// Root of the directory at `path` below a statement's root; empty when not there.
  std::string root_at(std::size_t index, std::string_view path) const;

  /// Removes directories and objects that nothing refers to any more.
  void prune();

  /// Canonical JSON; `raw_text` is the same without the checks of the profile.
  std::string text() const { return to_canonical(document_); }
  std::string raw_text() const { return document_.dump(); }

  Algorithm algorithm() const;

 private:
  std::string rewrite(const std::string& root, const std::vector<std::string>& names,
                      std::size_t depth, const Edit& change);
  void set_root(std::size_t index, const std::string& root);

  Json document_;
};

/// The entry of that name among slots; throws when there is none.
Json& slot_named(Json& slots, std::string_view name);
/// Inserts an entry in the order of names, after the last smaller one.
void insert_slot(Json& slots, Json entry);
void remove_slot(Json& slots, std::string_view name);
/// The leaf hash of an entry, as a withheld slot shows it.
std::string leaf_of(Algorithm algorithm, const Json& entry);

}  // namespace mlprov::forge
