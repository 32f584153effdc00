#include <deque>
#include <set>
#include <utility>

#include "mlprov/record/bundle.h"
#include "mlprov/support/error.h"
#include "record/locate.h"
#include "record/skeleton.h"

namespace mlprov {
namespace {

using record::Place;
using record::Position;

[[noreturn]] void refuse(const std::string& path, const std::string& why) {
  throw Error(ErrorCode::kUsage, "'" + path + "' " + why);
}

/// What the paths of a selection mean, by digest: one directory may stand at several paths, and
/// what is left out of a bundle is left out wherever it stands.
struct Marks {
  std::set<Digest32> wanted;                            ///< Whatever their size.
  std::map<Digest32, std::string> dropped_directories;  ///< And the path that said so.
  std::map<Digest32, std::string> dropped_objects;
  std::map<Digest32, std::map<std::size_t, std::string>> hidden;  ///< Slots of a directory.
};

/// Marks a directory and everything below it.
void want_below(const Bundle& full, const Digest32& root, Marks& marks) {
  std::set<Digest32> seen;
  std::vector<Digest32> open = {root};
  while (!open.empty()) {
    const Digest32 next = open.back();
    open.pop_back();
    const Directory* directory = record::find_directory(full.directories, next);
    if (directory == nullptr || !seen.insert(next).second) continue;
    for (const Slot& slot : directory->slots()) {
      const auto* entry = std::get_if<Entry>(&slot);
      if (entry != nullptr && entry->kind == EntryKind::kTree) open.push_back(entry->digest);
    }
  }
  marks.wanted.merge(seen);
}

std::vector<Place> must_find(const Bundle& full, const std::string& path) {
  auto way = record::way_to(full.statements, full.directories, path);
  if (way.empty()) refuse(path, "is not in this bundle");
  return way;
}

void mark_carried(const Bundle& full, const std::string& path, Marks& marks) {
  bool is_statement = path.empty();
  for (const SignedStatement& each : full.statements) {
    if (!path.empty() && each.statement.path != path) continue;
    want_below(full, each.statement.root, marks);
    is_statement = true;
  }
  if (is_statement) return;
  const auto way = must_find(full, path);
  for (const Place& place : way) marks.wanted.insert(place.parent->root());
  const Entry& last = *way.back().entry;
  if (last.kind == EntryKind::kTree) want_below(full, last.digest, marks);
}

void mark_dropped(const Bundle& full, const std::string& path, Marks& marks) {
  const Entry& entry = *must_find(full, path).back().entry;
  auto& dropped =
      entry.kind == EntryKind::kTree ? marks.dropped_directories : marks.dropped_objects;
  dropped.emplace(entry.digest, path);
}

void mark_hidden(const Bundle& full, const std::string& path, Marks& marks) {
  const auto way = must_find(full, path);
  const auto [parent, entry] = way.back();
  if (!entry->salt) {
    refuse(path,
           "has no salt: without one its leaf hash would not hide it, so it cannot be hidden");
  }
  marks.hidden[parent->root()].emplace(parent->index_of(entry->name), path);
}

Marks marks_of(const Bundle& full, const BundleSelection& selection) {
  Marks marks;
  for (const std::string& path : selection.carry) mark_carried(full, path, marks);
  for (const std::string& path : selection.drop) mark_dropped(full, path, marks);
  for (const std::string& path : selection.hide) mark_hidden(full, path, marks);
  return marks;
}

/// The directory with the marked slots replaced by their leaves.
std::shared_ptr<const Directory> with_hidden(const Directory& directory,
                                             const std::map<std::size_t, std::string>& hidden) {
  std::vector<Slot> slots = directory.slots();
  const std::vector<Digest32> leaves = directory.leaves();
  for (const auto& [index, path] : hidden) slots[index] = WithheldLeaf{leaves[index]};
  return std::make_shared<Directory>(
      Directory::from_slots(directory.algorithm(), std::move(slots)));
}

/// One walk from the statements that keeps what the marks leave and what is still reached.
class Keeper {
 public:
  Keeper(const Bundle& full, const Marks& marks, std::uint64_t max_entries)
      : full_(full), marks_(marks), max_entries_(max_entries) {
    result_.algorithm = full.algorithm;
    result_.statements = full.statements;
    result_.log = full.log;
  }

  Bundle keep() {
    for (const SignedStatement& each : full_.statements) {
      reach(each.statement.root, record::position_of(each.statement.phase), true);
    }
    while (!open_.empty()) {
      const auto [root, position] = open_.front();
      open_.pop_front();
      for (const Slot& slot : result_.directories.at(root)->slots()) {
        if (const auto* entry = std::get_if<Entry>(&slot)) follow(*entry, position);
      }
    }
    return std::move(result_);
  }

 private:
  void follow(const Entry& entry, Position parent) {
    if (entry.kind == EntryKind::kTree) {
      return reach(entry.digest, record::child_position(parent, entry.name),
                   record::must_carry(parent, entry.name));
    }
    const auto object = full_.objects.find(entry.digest);
    if (object == full_.objects.end()) return;
    const auto dropped = marks_.dropped_objects.find(entry.digest);
    if (dropped == marks_.dropped_objects.end()) {
      result_.objects.emplace(*object);
    } else if (entry.name == record::kRunMark && parent == Position::kCircumstances) {
      refuse(dropped->second, "names the run and is always carried");
    }
  }

  void reach(const Digest32& root, Position position, bool required) {
    const auto found = full_.directories.find(root);
    if (found == full_.directories.end()) return;
    const bool is_kept = required || is_wanted(*found->second);
    if (required) check_required(*found->second, position);
    if (!is_kept || !seen_.emplace(root, position).second) return;
    const auto hidden = marks_.hidden.find(root);
    result_.directories.emplace(root, hidden == marks_.hidden.end()
                                          ? found->second
                                          : with_hidden(*found->second, hidden->second));
    open_.emplace_back(root, position);
  }

  bool is_wanted(const Directory& directory) const {
    if (marks_.dropped_directories.contains(directory.root())) return false;
    return directory.size() <= max_entries_ || marks_.wanted.contains(directory.root());
  }

  /// An empty list tells nothing, so that dropping an equal one elsewhere does not matter.
  void check_required(const Directory& directory, Position position) const {
    const auto dropped = marks_.dropped_directories.find(directory.root());
    if (dropped != marks_.dropped_directories.end() && directory.size() > 0) {
      refuse(dropped->second, "belongs to the skeleton, whose lists are always carried");
    }
    const auto hidden = marks_.hidden.find(directory.root());
    if (hidden != marks_.hidden.end() && record::is_skeleton_list(position)) {
      refuse(hidden->second.begin()->second,
             "stands in a list of the skeleton, where nothing may be withheld");
    }
  }

  const Bundle& full_;
  const Marks& marks_;
  std::uint64_t max_entries_;
  Bundle result_;
  std::set<std::pair<Digest32, Position>> seen_;
  std::deque<std::pair<Digest32, Position>> open_;
};

}  // namespace

Bundle select(const Bundle& full, const BundleSelection& selection) {
  const Marks marks = marks_of(full, selection);
  return Keeper(full, marks, selection.max_entries).keep();
}

}  // namespace mlprov
