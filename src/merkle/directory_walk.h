#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "mlprov/merkle/name.h"
#include "mlprov/merkle/tree.h"
#include "mlprov/support/error.h"

namespace mlprov {

/// Goes through the directories at hand of one tree, children before their parents, each once
/// over the walk's whole life: work is per directory, never per path, and takes no recursion.
class DirectoryWalk {
 public:
  enum class Scope { kEverything, kWithoutCircumstances };

  /// `tree` is borrowed.
  DirectoryWalk(const MerkleTree& tree, Scope scope) : tree_(tree), scope_(scope) {}

  /// Calls `finish(std::shared_ptr<const Directory>)` for `start` and what lies below it, where
  /// no earlier call did. Throws `kTooLarge` when a path from `start` is too long.
  template <class Finish>
  void run(std::shared_ptr<const Directory> start, Finish finish) {
    if (heights_.contains(start->root())) return;
    std::vector<Frame> open;
    open.push_back({std::move(start)});
    while (!open.empty()) {
      if (std::shared_ptr<const Directory> child = next_child(open.back(), open.size())) {
        open.push_back({std::move(child)});
        continue;
      }
      const Frame done = std::move(open.back());
      open.pop_back();
      heights_.emplace(done.directory->root(), done.height);
      if (!open.empty()) grow(open.back(), done.height + 1, open.size() - 1);
      finish(done.directory);
    }
  }

 private:
  struct Frame {
    std::shared_ptr<const Directory> directory;
    std::size_t next = 0;    ///< The slot to look at next.
    std::size_t height = 0;  ///< Names of the longest path below that is known so far.
  };

  bool follows(const Entry& entry) const {
    return entry.kind == EntryKind::kTree &&
           (scope_ == Scope::kEverything || entry.name != kCircumstances);
  }

  /// Notes that a path of `height` names leads down from `frame`, which lies `depth` below.
  static void grow(Frame& frame, std::size_t height, std::size_t depth) {
    frame.height = std::max(frame.height, height);
    if (depth + height > kMaxTreeDepth) {
      throw Error(ErrorCode::kTooLarge,
                  "a path of the tree has more than " + std::to_string(kMaxTreeDepth) + " names");
    }
  }

  /// The next directory below `frame` that is at hand and was not yet finished.
  std::shared_ptr<const Directory> next_child(Frame& frame, std::size_t open) {
    const std::vector<Slot>& slots = frame.directory->slots();
    while (frame.next < slots.size()) {
      const Entry* entry = std::get_if<Entry>(&slots[frame.next++]);
      grow(frame, 1, open - 1);
      if (entry == nullptr || !follows(*entry)) continue;
      const auto finished = heights_.find(entry->digest);
      if (finished != heights_.end()) {
        grow(frame, finished->second + 1, open - 1);
      } else if (auto child = tree_.shared_directory(entry->digest)) {
        return child;
      }
    }
    return nullptr;
  }

  const MerkleTree& tree_;
  Scope scope_;
  std::map<Digest32, std::size_t> heights_;
};

}  // namespace mlprov
