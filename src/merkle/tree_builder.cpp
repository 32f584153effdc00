#include <map>
#include <set>

#include "mlprov/merkle/tree.h"
#include "mlprov/support/error.h"

namespace mlprov {
namespace {

struct ByName {
  using is_transparent = void;
  bool operator()(const Entry& a, const Entry& b) const { return a.name < b.name; }
  bool operator()(const Entry& a, std::string_view b) const { return a.name < b; }
  bool operator()(std::string_view a, const Entry& b) const { return a < b.name; }
};

/// A tree that is hung in whole, and what it adds to the map of the finished tree.
struct Mounted {
  std::shared_ptr<const Directory> top;
  std::vector<std::shared_ptr<const Directory>> directories;
};

/// Names of the longest path in directories that come children first.
std::size_t height_of(const std::vector<std::shared_ptr<const Directory>>& directories) {
  std::map<Digest32, std::size_t> heights;
  std::size_t height = 0;
  for (const auto& directory : directories) {
    height = directory->size() > 0 ? 1 : 0;
    for (const Slot& slot : directory->slots()) {
      const Entry* entry = std::get_if<Entry>(&slot);
      if (entry == nullptr || entry->kind != EntryKind::kTree) continue;
      const auto child = heights.find(entry->digest);
      if (child != heights.end()) height = std::max(height, child->second + 1);
    }
    heights[directory->root()] = height;
  }
  return height;
}

[[noreturn]] void conflict(std::string_view path, const std::string& why) {
  throw Error(ErrorCode::kConflict, "the path " + quote_name(path) + " " + why);
}

void require_depth(std::string_view path, std::size_t names) {
  if (names <= kMaxTreeDepth) return;
  throw Error(ErrorCode::kTooLarge, "below " + quote_name(path) + " a path would have more than " +
                                        std::to_string(kMaxTreeDepth) + " names");
}

}  // namespace

/// A directory in the making. Recursion over nodes is bounded by `kMaxTreeDepth`.
struct MerkleTreeBuilder::Node {
  std::set<Entry, ByName> entries;  ///< What is not a directory.
  std::map<std::string, std::unique_ptr<Node>, std::less<>> folders;
  std::optional<Mounted> mounted;  ///< Then nothing else is here.
  std::optional<Salt> salt;        ///< Of the entry that refers to this directory.

  bool has(std::string_view name) const { return has_entry(name) || folders.contains(name); }

  /// Mostly names come in order: then the last one answers.
  bool has_entry(std::string_view name) const {
    return !entries.empty() && entries.rbegin()->name >= name && entries.contains(name);
  }

  /// The directory of that name, made if need be; `path` is for messages.
  Node& folder(const std::string& name, std::string_view path) {
    const auto found = folders.find(name);
    if (found != folders.end()) return *found->second;
    if (mounted) conflict(path, "lies in a tree that was hung in whole");
    if (!is_valid_name(name)) {
      throw Error(ErrorCode::kMalformed, "the path " + quote_name(path) + " has the name " +
                                             quote_name(name) + ", which is not escaped");
    }
    if (has_entry(name)) conflict(path, "leads through an entry that is no directory");
    return *folders.emplace(name, std::make_unique<Node>()).first->second;
  }

  std::shared_ptr<const Directory> build(Algorithm algorithm, DirectoryMap& directories) const;

  static Entry entry_for(std::string_view name, const Directory& directory,
                         const std::optional<Salt>& salt) {
    Entry entry;
    entry.kind = EntryKind::kTree;
    entry.name = name;
    entry.digest = directory.root();
    entry.entries = directory.size();
    entry.salted = directory.salted();
    entry.salt = salt;
    return entry;
  }
};

std::shared_ptr<const Directory> MerkleTreeBuilder::Node::build(Algorithm algorithm,
                                                                DirectoryMap& directories) const {
  if (mounted) {
    for (const auto& directory : mounted->directories) {
      directories.emplace(directory->root(), directory);
    }
    return mounted->top;
  }
  std::vector<Slot> slots;
  slots.reserve(entries.size() + folders.size());
  auto entry = entries.begin();
  for (const auto& [name, node] : folders) {
    for (; entry != entries.end() && entry->name < name; ++entry) slots.emplace_back(*entry);
    slots.emplace_back(entry_for(name, *node->build(algorithm, directories), node->salt));
  }
  for (; entry != entries.end(); ++entry) slots.emplace_back(*entry);
  auto directory =
      std::make_shared<const Directory>(Directory::from_slots(algorithm, std::move(slots)));
  return directories.emplace(directory->root(), directory).first->second;
}

MerkleTreeBuilder::MerkleTreeBuilder(Algorithm algorithm)
    : algorithm_(algorithm), top_(std::make_unique<Node>()) {
  if (!is_tree_algorithm(algorithm)) {
    throw Error(ErrorCode::kUsage,
                "the algorithm " + std::string(to_string(algorithm)) + " builds no trees");
  }
}
MerkleTreeBuilder::~MerkleTreeBuilder() = default;
MerkleTreeBuilder::MerkleTreeBuilder(MerkleTreeBuilder&&) noexcept = default;
MerkleTreeBuilder& MerkleTreeBuilder::operator=(MerkleTreeBuilder&&) noexcept = default;

MerkleTreeBuilder::Node& MerkleTreeBuilder::node_at(const std::vector<std::string>& names,
                                                    std::string_view path) {
  Node* node = top_.get();
  for (const std::string& name : names) node = &node->folder(name, path);
  return *node;
}

void MerkleTreeBuilder::add(std::string_view folder, Entry entry) {
  if (entry.kind == EntryKind::kTree) {
    throw Error(ErrorCode::kUsage,
                "the directory " + quote_name(entry.name) + " is added by add_folder or add_tree");
  }
  require_valid(entry);
  const std::vector<std::string> names = split_path(folder);
  require_depth(folder, names.size() + 1);
  Node& node = node_at(names, folder);
  if (node.mounted) conflict(folder, "is a tree that was hung in whole");
  if (node.has(entry.name)) {
    throw Error(ErrorCode::kConflict,
                "the name " + quote_name(entry.name) + " in " + quote_name(folder) + " is taken");
  }
  node.entries.insert(node.entries.end(), std::move(entry));
}

void MerkleTreeBuilder::add_folder(std::string_view path, std::optional<Salt> salt) {
  const std::vector<std::string> names = split_path(path);
  if (names.empty() && salt) {
    throw Error(ErrorCode::kUsage, "the top of a tree has no entry that could have a salt");
  }
  Node& node = node_at(names, path);
  if (salt && node.salt && *salt != *node.salt) conflict(path, "already has another salt");
  if (salt) node.salt = salt;
}

void MerkleTreeBuilder::add_tree(std::string_view path, const MerkleTree& tree,
                                 std::optional<Salt> salt) {
  std::vector<std::string> names = split_path(path);
  if (names.empty() || tree.algorithm() != algorithm_) {
    throw Error(ErrorCode::kUsage, "a tree is hung in below the top of one of its own algorithm");
  }
  Mounted mounted{tree.shared_directory(tree.root()), reachable_directories(tree)};
  require_depth(path, names.size() + height_of(mounted.directories));
  const std::string name = std::move(names.back());
  names.pop_back();
  Node& parent = node_at(names, path);
  if (parent.has(name)) conflict(path, "is taken");
  Node& node = parent.folder(name, path);
  node.mounted = std::move(mounted);
  node.salt = salt;
}

MerkleTree MerkleTreeBuilder::build() const {
  auto directories = std::make_shared<DirectoryMap>();
  const std::shared_ptr<const Directory> top = top_->build(algorithm_, *directories);
  return MerkleTree(top->root(), std::move(directories));
}

}  // namespace mlprov
