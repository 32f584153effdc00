#include "cli/tree_walk.h"

namespace mlprov::cli {
namespace {

/// A directory that is being listed, and how far.
struct Open {
  const Directory* directory;
  std::size_t next;
  std::string path;
};

TreeRow row_of(const Slot& slot, const std::string& folder, const MerkleTree& tree) {
  TreeRow row;
  row.folder = folder;
  if (const auto* leaf = std::get_if<WithheldLeaf>(&slot)) {
    row.leaf = leaf;
    return row;
  }
  row.entry = &std::get<Entry>(slot);
  row.path = folder.empty() ? row.entry->name : folder + "/" + row.entry->name;
  if (row.entry->kind == EntryKind::kTree) row.directory = tree.directory(row.entry->digest);
  return row;
}

}  // namespace

bool walk_tree(const MerkleTree& tree, const Directory& top, const TreeWalkLimits& limits,
               const std::function<bool(const TreeRow&)>& visit) {
  // A stack in place of recursion: how deep a tree goes is its author's choice.
  std::vector<Open> open = {{&top, 0, ""}};
  std::vector<bool> is_last;
  std::uint64_t rows = 0;
  while (!open.empty()) {
    Open& here = open.back();
    if (here.next == here.directory->size()) {
      open.pop_back();
      if (!is_last.empty()) is_last.pop_back();
      continue;
    }
    if (rows++ == limits.rows) return false;
    TreeRow row = row_of(here.directory->slots()[here.next++], here.path, tree);
    is_last.push_back(here.next == here.directory->size());
    row.is_last = is_last;
    if (!visit(row)) return false;
    if (row.directory != nullptr && (limits.depth == 0 || open.size() < limits.depth)) {
      open.push_back({row.directory, 0, row.path});
    } else {
      is_last.pop_back();
    }
  }
  return true;
}

}  // namespace mlprov::cli
