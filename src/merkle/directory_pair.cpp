#include "merkle/directory_pair.h"

#include <algorithm>
#include <iterator>

#include "mlprov/merkle/name.h"

namespace mlprov {
namespace {

std::vector<Digest32> withheld_leaves(const Directory& directory) {
  std::vector<Digest32> leaves;
  if (directory.withheld() == 0) return leaves;
  for (const Slot& slot : directory.slots()) {
    if (const auto* withheld = std::get_if<WithheldLeaf>(&slot)) leaves.push_back(withheld->leaf);
  }
  std::sort(leaves.begin(), leaves.end());
  return leaves;
}

/// What of `a` is not in `b`, each as often as it is more.
std::vector<Digest32> without(const std::vector<Digest32>& a, const std::vector<Digest32>& b) {
  std::vector<Digest32> rest;
  std::set_difference(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(rest));
  return rest;
}

}  // namespace

DirectoryPair::DirectoryPair(const Directory& left, const Directory& right, bool content_only)
    : left_{left, 0, {}, {}}, right_{right, 0, {}, {}}, content_only_(content_only) {
  const std::vector<Digest32> left_hidden = withheld_leaves(left);
  const std::vector<Digest32> right_hidden = withheld_leaves(right);
  left_.hidden = without(left_hidden, right_hidden);
  right_.hidden = without(right_hidden, left_hidden);
  match(left_, right_);
  match(right_, left_);
}

void DirectoryPair::match(Side& hiding, Side& showing) {
  if (hiding.hidden.empty()) return;
  const std::vector<Digest32> leaves = showing.directory.leaves();
  for (std::size_t i = 0; i < leaves.size(); ++i) {
    if (!std::holds_alternative<Entry>(showing.directory.slots()[i])) continue;
    const auto found = std::lower_bound(hiding.hidden.begin(), hiding.hidden.end(), leaves[i]);
    if (found == hiding.hidden.end() || *found != leaves[i]) continue;
    hiding.hidden.erase(found);
    showing.shown_by_other.insert(i);
  }
}

/// The entry at or after the side's position that is to be handed out, or null.
const Entry* DirectoryPair::peek(Side& side) const {
  const std::vector<Slot>& slots = side.directory.slots();
  for (; side.next < slots.size(); ++side.next) {
    const Entry* entry = std::get_if<Entry>(&slots[side.next]);
    if (entry == nullptr || side.shown_by_other.contains(side.next)) continue;
    if (!content_only_ || entry->name != kCircumstances) return entry;
  }
  return nullptr;
}

std::optional<DirectoryPair::Row> DirectoryPair::next() {
  Row row{peek(left_), peek(right_)};
  if (row.left == nullptr && row.right == nullptr) return std::nullopt;
  if (row.left != nullptr && row.right != nullptr) {
    const int order = row.left->name.compare(row.right->name);
    if (order < 0) row.right = nullptr;
    if (order > 0) row.left = nullptr;
  }
  if (row.left != nullptr) ++left_.next;
  if (row.right != nullptr) ++right_.next;
  return row;
}

}  // namespace mlprov
