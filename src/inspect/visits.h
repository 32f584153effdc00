#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "mlprov/record/bundle.h"
#include "record/skeleton.h"

namespace mlprov::inspect {

/// One directory as it is reached from the statements in one position.
struct Visit {
  const Directory* directory = nullptr;
  record::Position position = record::Position::kFree;
  std::size_t parent = 0;        ///< Index of the visit it was first reached from, or its own.
  const Entry* entry = nullptr;  ///< By this entry; null for a statement's own directory.
  std::size_t statement = 0;     ///< Index of the statement that it was first reached from.
};

/// Everything that a run's statements reach through the directories at hand. Work and memory are
/// per directory and position, however many paths lead there: a tree of 2^18 paths over 18
/// directories is 18 visits. Borrows both arguments.
class Visits {
 public:
  Visits(const std::vector<SignedStatement>& statements, const DirectoryMap& directories);
  Visits(const Visits&) = delete;
  Visits& operator=(const Visits&) = delete;

  const std::vector<Visit>& all() const noexcept { return visits_; }
  /// Each directory once, whatever its positions.
  const std::vector<const Visit*>& directories() const noexcept { return first_; }
  bool is_reached(const Digest32& root) const { return reached_.contains(root); }

  /// Null when not at hand.
  const Directory* find(const Digest32& root) const;

  /// The path by which the visit was first reached, for a message; cut when it is long.
  std::string path_of(const Visit& visit) const;
  /// The same of one of its slots.
  std::string path_of(const Visit& visit, const Entry& entry) const;

 private:
  void reach(const Digest32& root, Visit visit);

  const std::vector<SignedStatement>& statements_;
  const DirectoryMap& directories_;
  std::vector<Visit> visits_;
  std::vector<const Visit*> first_;
  std::set<std::pair<const Directory*, record::Position>> seen_;
  std::set<Digest32> reached_;
};

}  // namespace mlprov::inspect
