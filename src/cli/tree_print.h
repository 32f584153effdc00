#pragma once

#include <set>
#include <string>

#include "cli/output.h"
#include "cli/tree_walk.h"

namespace mlprov::cli {

/// What was seen on the way.
struct TreeCounts {
  std::uint64_t directories = 0;
  std::uint64_t others = 0;
  std::uint64_t withheld = 0;
  std::uint64_t not_carried = 0;
};

/// Prints the rows of a listing, as the program `tree` does, or gathers them as JSON.
class TreePrinter {
 public:
  /// `base` is the path where the walk begins; `stated` the paths that have statements.
  TreePrinter(Output& out, std::string base, std::set<std::string> stated)
      : out_(out), base_(std::move(base)), stated_(std::move(stated)) {}

  void print(const TreeRow& row);
  /// The same facts, for `--json`.
  Json describe(const TreeRow& row);
  const TreeCounts& counts() const noexcept { return counts_; }

 private:
  std::string full_path(const std::string& below) const;
  bool is_stated(const TreeRow& row) const { return stated_.contains(full_path(row.path)); }
  std::string branch(const TreeRow& row) const;
  void count(const TreeRow& row);

  Output& out_;
  std::string base_;
  std::set<std::string> stated_;
  TreeCounts counts_;
};

/// `3 directories, 12 entries; 1 withheld`.
std::string counts_text(const TreeCounts& counts);

}  // namespace mlprov::cli
