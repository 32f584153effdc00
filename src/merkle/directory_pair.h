#pragma once

#include <optional>
#include <set>
#include <vector>

#include "mlprov/merkle/directory.h"

namespace mlprov {

/// Goes through two directories side by side, by name. What one withholds and the other shows
/// with the same leaf hash is equal, and is not handed out.
class DirectoryPair {
 public:
  /// Two entries of one name; null where it does not stand in clear.
  struct Row {
    const Entry* left = nullptr;
    const Entry* right = nullptr;
  };

  /// Both are borrowed. `content_only` leaves out `circumstances`.
  DirectoryPair(const Directory& left, const Directory& right, bool content_only);

  /// The next row in order of names; nothing at the end.
  std::optional<Row> next();

  const Directory& left() const noexcept { return left_.directory; }
  const Directory& right() const noexcept { return right_.directory; }
  /// True when that side withholds entries that the other side is not known to have.
  bool left_hides() const noexcept { return !left_.hidden.empty(); }
  bool right_hides() const noexcept { return !right_.hidden.empty(); }

 private:
  struct Side {
    const Directory& directory;
    std::size_t next = 0;
    std::vector<Digest32> hidden;          ///< Withheld leaves, sorted.
    std::set<std::size_t> shown_by_other;  ///< Slots that the other side withholds.
  };

  static void match(Side& hiding, Side& showing);
  const Entry* peek(Side& side) const;

  Side left_;
  Side right_;
  bool content_only_;
};

}  // namespace mlprov
