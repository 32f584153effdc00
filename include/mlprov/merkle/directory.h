#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string_view>
#include <variant>
#include <vector>

#include "mlprov/digest/algorithm.h"
#include "mlprov/merkle/entry.h"

namespace mlprov {

/// A withheld entry: only its leaf hash is shown.
struct WithheldLeaf {
  Digest32 leaf{};
  friend bool operator==(const WithheldLeaf&, const WithheldLeaf&) = default;
};

using Slot = std::variant<Entry, WithheldLeaf>;

/// One directory: its slots in order, and the RFC 6962 root over them. Immutable after
/// construction, so safe to share between threads. Takes about 180 bytes an entry with a short
/// name.
class Directory {
 public:
  /// Sorts entries by the bytes of their names. Throws `kConflict` for a name that stands twice,
  /// `kMalformed` for an entry that `encode_entry` refuses, `kUsage` for an algorithm that builds
  /// no trees.
  static Directory from_entries(Algorithm algorithm, std::vector<Entry> entries);

  /// Slots as somebody carried them. Throws `kMalformed` unless the names of those in clear
  /// strictly ascend, else as `from_entries`.
  static Directory from_slots(Algorithm algorithm, std::vector<Slot> slots);

  Algorithm algorithm() const noexcept { return algorithm_; }
  const Digest32& root() const noexcept { return root_; }
  std::uint64_t size() const noexcept { return slots_.size(); }
  const std::vector<Slot>& slots() const noexcept { return slots_; }

  /// The entry of that name, or null: it may still be among the withheld.
  const Entry* find(std::string_view name) const noexcept;
  /// Position of that entry among all slots; REQUIRES that `find` is not null (`kUsage`).
  std::uint64_t index_of(std::string_view name) const;

  /// Leaf hashes in order: recomputed on every call, so that memory holds them only when wanted.
  std::vector<Digest32> leaves() const;

  /// Number of slots that are withheld.
  std::uint64_t withheld() const noexcept { return withheld_; }
  /// True when a slot is withheld, or has a salt, or is a `tree` marked salted: what the entry
  /// that refers to this directory says in `salted`.
  bool salted() const noexcept { return salted_; }

 private:
  Directory(Algorithm algorithm, std::vector<Slot> slots);

  void note_slots();
  std::optional<std::size_t> position(std::string_view name) const noexcept;

  Algorithm algorithm_;
  std::vector<Slot> slots_;
  std::vector<std::uint32_t> clear_;  ///< Positions of entries in clear; empty if all are.
  std::uint64_t withheld_ = 0;
  bool salted_ = false;
  Digest32 root_{};
};

/// Directories by root. Shared: the trees of one run have most of their directories in common.
using DirectoryMap = std::map<Digest32, std::shared_ptr<const Directory>>;

}  // namespace mlprov
