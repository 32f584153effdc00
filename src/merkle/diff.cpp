#include "mlprov/merkle/diff.h"

#include <set>
#include <utility>
#include <vector>

#include "merkle/content_cache.h"
#include "merkle/directory_pair.h"
#include "mlprov/support/error.h"

namespace mlprov {
namespace {

using Kind = TreeDifference::Kind;

/// Equal but for salts.
bool same_content(const Entry& a, const Entry& b) {
  return a.kind == b.kind && a.digest == b.digest && a.size == b.size && a.dtype == b.dtype &&
         a.shape == b.shape && a.entries == b.entries;
}

class TreeDiff {
 public:
  TreeDiff(const MerkleTree& left, const MerkleTree& right,
           const std::function<bool(const TreeDifference&)>& visit, const DiffOptions& options)
      : left_(left),
        right_(right),
        visit_(visit),
        options_(options),
        left_content_(left),
        right_content_(right),
        patience_(64 + 4 * (left.directories().size() + right.directories().size())) {}

  std::size_t run() {
    if (left_.root() == right_.root()) return 0;
    open({}, left_.top(), right_.top());
    while (!open_.empty() && !stopped_) {
      if (const std::optional<DirectoryPair::Row> row = open_.back().pair.next()) {
        compare(*row);
      } else {
        close();
      }
    }
    return read_;
  }

 private:
  struct Frame {
    DirectoryPair::Row entries;  ///< Those that refer to the two directories; none for the top.
    DirectoryPair pair;
    std::size_t path_size;  ///< Of the path to them.
    bool differs = false;
  };

  void report(Kind kind, const DirectoryPair::Row& row) {
    open_.back().differs = true;
    const Entry* named = row.left != nullptr ? row.left : row.right;
    std::string path = path_;
    if (!path.empty()) path += '/';
    path += named->name;
    visit({kind, std::move(path), row.left, row.right});
  }

  /// Of the open directories themselves.
  void report_here(Kind kind) {
    open_.back().differs = true;
    visit({kind, path_, open_.back().entries.left, open_.back().entries.right});
  }

  void visit(const TreeDifference& difference) {
    if (!stopped_) stopped_ = !visit_(difference);
  }

  void open(const DirectoryPair::Row& row, const Directory& left, const Directory& right) {
    const bool is_empty = left.size() == 0 && right.size() == 0;
    if (open_.size() + (is_empty ? 0 : 1) > kMaxTreeDepth) {
      throw Error(ErrorCode::kTooLarge, "below " + quote_name(path_) + " a path has more than " +
                                            std::to_string(kMaxTreeDepth) + " names");
    }
    open_.push_back({row, DirectoryPair(left, right, options_.content_only), path_.size()});
    if (row.left != nullptr) {
      if (!path_.empty()) path_ += '/';
      path_ += row.left->name;
    }
    read_ += 2;
    if (open_.back().pair.left_hides() || open_.back().pair.right_hides()) {
      report_here(Kind::kUnknown);
    }
  }

  void close() {
    const Frame& frame = open_.back();
    // Only slots in another order can be left to tell such roots apart.
    if (!frame.differs && !options_.content_only) report_here(Kind::kUnknown);
    const bool differs = frame.differs;
    if (!differs) equal_.emplace(frame.pair.left().root(), frame.pair.right().root());
    path_.resize(frame.path_size);
    open_.pop_back();
    if (differs && !open_.empty()) open_.back().differs = true;
  }

  void compare(const DirectoryPair::Row& row) {
    if (row.right == nullptr) {
      report(open_.back().pair.right_hides() ? Kind::kUnknown : Kind::kOnlyLeft, row);
    } else if (row.left == nullptr) {
      report(open_.back().pair.left_hides() ? Kind::kUnknown : Kind::kOnlyRight, row);
    } else if (options_.content_only ? same_content(*row.left, *row.right)
                                     : *row.left == *row.right) {
      return;
    } else if (row.left->kind == EntryKind::kTree && row.right->kind == EntryKind::kTree &&
               row.left->digest != row.right->digest) {
      compare_directories(row);
    } else {
      report(Kind::kChanged, row);
    }
  }

  void compare_directories(const DirectoryPair::Row& row) {
    const Directory* left = left_.directory(row.left->digest);
    const Directory* right = right_.directory(row.right->digest);
    if (left == nullptr || right == nullptr) {
      compare_unread(row);
    } else if (!known_equal(row)) {
      open(row, *left, *right);
    }
  }

  /// One of the two is not at hand.
  void compare_unread(const DirectoryPair::Row& row) {
    if (!options_.content_only) return report(Kind::kChanged, row);
    const std::optional<ContentRoot> left = left_content_.of(*row.left);
    const std::optional<ContentRoot> right = right_content_.of(*row.right);
    if (!left || !right) return report(Kind::kUnknown, row);
    if (*left != *right) report(Kind::kChanged, row);
  }

  /// Pairs can be as many as the product of both trees' directories, all equal in the end. An
  /// honest comparison never comes near; past that, content roots decide, each computed once.
  bool known_equal(const DirectoryPair::Row& row) {
    if (equal_.contains({row.left->digest, row.right->digest})) return true;
    if (!options_.content_only || read_ <= patience_) return false;
    const std::optional<ContentRoot> left = left_content_.of(*row.left);
    return left && left == right_content_.of(*row.right);
  }

  const MerkleTree& left_;
  const MerkleTree& right_;
  const std::function<bool(const TreeDifference&)>& visit_;
  const DiffOptions& options_;
  ContentCache left_content_;
  ContentCache right_content_;
  std::size_t patience_;

  std::vector<Frame> open_;
  std::string path_;
  std::set<std::pair<Digest32, Digest32>> equal_;
  std::size_t read_ = 0;
  bool stopped_ = false;
};

}  // namespace

std::size_t diff_trees(const MerkleTree& left, const MerkleTree& right,
                       const std::function<bool(const TreeDifference&)>& visit,
                       const DiffOptions& options) {
  if (left.algorithm() != right.algorithm()) {
    throw Error(ErrorCode::kUsage, "trees of " + std::string(to_string(left.algorithm())) +
                                       " and " + std::string(to_string(right.algorithm())) +
                                       " cannot be compared: their digests never match");
  }
  return TreeDiff(left, right, visit, options).run();
}

}  // namespace mlprov
