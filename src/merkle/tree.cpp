#include "mlprov/merkle/tree.h"

#include <algorithm>

#include "merkle/directory_walk.h"
#include "mlprov/support/error.h"
#include "mlprov/support/hex.h"

namespace mlprov {
namespace {

/// Cuts the first name off `rest`, slash included.
std::string_view take_name(std::string_view& rest) {
  const std::string_view name = rest.substr(0, rest.find('/'));
  rest.remove_prefix(std::min(name.size() + 1, rest.size()));
  return name;
}

}  // namespace

MerkleTree::MerkleTree(const Digest32& root, std::shared_ptr<const DirectoryMap> directories)
    : directories_(std::move(directories)) {
  const auto found = directories_->find(root);
  if (found == directories_->end() || found->second->root() != root) {
    throw Error(ErrorCode::kNotFound, "the directory with root " + to_hex(root) +
                                          " is not at hand, so there is no tree to read");
  }
  top_ = found->second;
}

std::shared_ptr<const Directory> MerkleTree::shared_directory(const Digest32& root) const noexcept {
  const auto found = directories_->find(root);
  if (found == directories_->end() || found->second->root() != root) return nullptr;
  return found->second->algorithm() == algorithm() ? found->second : nullptr;
}

const Directory* MerkleTree::directory(const Digest32& root) const noexcept {
  return shared_directory(root).get();
}

const Directory* MerkleTree::directory_at(std::string_view path) const {
  if (path.empty()) return top_.get();
  const Entry* entry = find(path);
  if (entry == nullptr || entry->kind != EntryKind::kTree) return nullptr;
  return directory(entry->digest);
}

const Entry* MerkleTree::find(std::string_view path) const {
  const Directory* parent = top_.get();
  if (path.empty() || path.back() == '/') return nullptr;
  while (true) {
    const Entry* entry = parent->find(take_name(path));
    if (path.empty() || entry == nullptr) return entry;
    parent = entry->kind == EntryKind::kTree ? directory(entry->digest) : nullptr;
    if (parent == nullptr) return nullptr;
  }
}

std::vector<std::shared_ptr<const Directory>> reachable_directories(const MerkleTree& tree) {
  std::vector<std::shared_ptr<const Directory>> reached;
  DirectoryWalk walk(tree, DirectoryWalk::Scope::kEverything);
  walk.run(
      tree.shared_directory(tree.root()),
      [&](const std::shared_ptr<const Directory>& directory) { reached.push_back(directory); });
  return reached;
}

}  // namespace mlprov
