#pragma once

#include <map>
#include <memory>
#include <optional>

#include "merkle/directory_walk.h"
#include "mlprov/merkle/content.h"

namespace mlprov {

/// Content roots of the directories of one tree, each computed once. Not thread-safe.
class ContentCache {
 public:
  /// `tree` is borrowed.
  explicit ContentCache(const MerkleTree& tree);

  /// Of a directory at hand.
  std::optional<ContentRoot> of(std::shared_ptr<const Directory> directory);
  /// Of what a `tree` entry refers to, at hand or not.
  std::optional<ContentRoot> of(const Entry& entry);

 private:
  std::optional<ContentRoot> compute(const Directory& directory) const;
  std::optional<Entry> content_entry(const Entry& carried) const;
  std::optional<ContentRoot> known(const Entry& entry) const;

  const MerkleTree& tree_;
  DirectoryWalk walk_;
  std::map<Digest32, std::optional<ContentRoot>> known_;
};

}  // namespace mlprov
