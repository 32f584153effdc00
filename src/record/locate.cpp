#include "record/locate.h"

#include "mlprov/merkle/name.h"

namespace mlprov::record {
namespace {

/// What is left of `path` below `folder`; empty when it is not strictly below.
std::string_view below(std::string_view folder, std::string_view path) {
  if (folder.empty()) return path;
  if (!path.starts_with(folder) || path.size() <= folder.size() + 1) return {};
  return path[folder.size()] == '/' ? path.substr(folder.size() + 1) : std::string_view{};
}

}  // namespace

Speaker speaker_for(const std::vector<SignedStatement>& statements, std::string_view path) {
  Speaker best;
  for (const SignedStatement& each : statements) {
    const std::string_view rest = below(each.statement.path, path);
    if (rest.empty() || (best.statement != nullptr && rest.size() >= best.rest.size())) continue;
    best = {&each, rest};
  }
  return best;
}

const Directory* find_directory(const DirectoryMap& directories, const Digest32& root) {
  const auto found = directories.find(root);
  return found == directories.end() ? nullptr : found->second.get();
}

std::vector<Place> way_to(const std::vector<SignedStatement>& statements,
                          const DirectoryMap& directories, std::string_view path) {
  const Speaker speaker = speaker_for(statements, path);
  if (speaker.statement == nullptr) return {};
  std::vector<Place> way;
  Digest32 root = speaker.statement->statement.root;
  for (const std::string& name : split_path(speaker.rest)) {
    if (!way.empty()) {
      if (way.back().entry->kind != EntryKind::kTree) return {};
      root = way.back().entry->digest;
    }
    const Directory* directory = find_directory(directories, root);
    const Entry* entry = directory == nullptr ? nullptr : directory->find(name);
    if (entry == nullptr) return {};
    way.push_back({directory, entry});
  }
  return way;
}

}  // namespace mlprov::record
