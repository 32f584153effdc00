#include "mlprov/merkle/content.h"

#include <string>

#include "merkle/content_cache.h"
#include "mlprov/merkle/rfc6962.h"

namespace mlprov {

ContentCache::ContentCache(const MerkleTree& tree)
    : tree_(tree), walk_(tree, DirectoryWalk::Scope::kWithoutCircumstances) {}

std::optional<ContentRoot> ContentCache::of(std::shared_ptr<const Directory> directory) {
  const Digest32 root = directory->root();
  walk_.run(std::move(directory), [this](const std::shared_ptr<const Directory>& finished) {
    known_.emplace(finished->root(), compute(*finished));
  });
  return known_.at(root);
}

std::optional<ContentRoot> ContentCache::of(const Entry& entry) {
  if (auto directory = tree_.shared_directory(entry.digest)) return of(std::move(directory));
  return known(entry);
}

/// REQUIRES: what the entry refers to was finished, or is not at hand.
std::optional<ContentRoot> ContentCache::known(const Entry& entry) const {
  const auto found = known_.find(entry.digest);
  if (found != known_.end()) return found->second;
  if (entry.salted) return std::nullopt;
  return ContentRoot{entry.digest, entry.entries};
}

/// The entry without its salts, and of a directory with its content; nothing when unknown.
std::optional<Entry> ContentCache::content_entry(const Entry& carried) const {
  Entry entry = carried;
  entry.salt.reset();
  if (entry.kind != EntryKind::kTree) return entry;
  const std::optional<ContentRoot> child = known(carried);
  if (!child) return std::nullopt;
  entry.salted = false;
  entry.digest = child->root;
  entry.entries = child->entries;
  return entry;
}

std::optional<ContentRoot> ContentCache::compute(const Directory& directory) const {
  rfc6962::RootAccumulator accumulator(directory.algorithm());
  std::string bytes;
  for (const Slot& slot : directory.slots()) {
    const Entry* carried = std::get_if<Entry>(&slot);
    if (carried == nullptr) return std::nullopt;
    if (carried->name == kCircumstances) continue;
    const std::optional<Entry> entry = content_entry(*carried);
    if (!entry) return std::nullopt;
    bytes.clear();
    append_entry(bytes, *entry);
    accumulator.add(rfc6962::leaf_hash(directory.algorithm(), as_bytes(bytes)));
  }
  return ContentRoot{accumulator.root(), accumulator.size()};
}

std::optional<ContentRoot> content_root(const MerkleTree& tree) {
  return ContentCache(tree).of(tree.shared_directory(tree.root()));
}

}  // namespace mlprov
