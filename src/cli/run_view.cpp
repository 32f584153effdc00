#include "cli/run_view.h"

#include <algorithm>

namespace mlprov::cli {
namespace {

const Statement* find_after(const Bundle& bundle) {
  for (const SignedStatement& each : bundle.statements) {
    if (each.statement.phase == Phase::kAfter) return &each.statement;
  }
  return nullptr;
}

void hang_in_top(MerkleTreeBuilder& builder, const Digest32& root,
                 const std::shared_ptr<const DirectoryMap>& directories) {
  const MerkleTree whole(root, directories);
  for (const Slot& slot : whole.top().slots()) {
    const auto* entry = std::get_if<Entry>(&slot);
    if (entry == nullptr) continue;
    if (whole.directory(entry->digest) != nullptr) {
      builder.add_tree(entry->name, MerkleTree(entry->digest, directories), entry->salt);
    }
  }
}

}  // namespace

MerkleTree run_tree(const Bundle& bundle) {
  const auto directories = std::make_shared<const DirectoryMap>(bundle.directories);
  const Statement* const after = find_after(bundle);
  if (after != nullptr && after == &bundle.statements.back().statement &&
      bundle.statements.front().statement.phase != Phase::kStep) {
    return {after->root, directories};
  }
  MerkleTreeBuilder builder(bundle.algorithm);
  if (after != nullptr) hang_in_top(builder, after->root, directories);
  for (const SignedStatement& each : bundle.statements) {
    const Statement& statement = each.statement;
    const bool is_covered = after != nullptr && statement.phase != Phase::kStep;
    if (!is_covered) builder.add_tree(statement.path, MerkleTree(statement.root, directories));
  }
  return builder.build();
}

std::set<std::string> stated_paths(const Bundle& bundle) {
  std::set<std::string> paths;
  for (const SignedStatement& each : bundle.statements) paths.insert(each.statement.path);
  return paths;
}

std::string typed_path(const std::string& text) {
  std::string path;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find('/', at), text.size());
    const std::string name = text.substr(at, end - at);
    if (!name.empty() && name != ".") path += (path.empty() ? "" : "/") + name;
    at = end + 1;
  }
  return path;
}

}  // namespace mlprov::cli
