#include "mlprov/merkle/directory.h"

#include <algorithm>
#include <limits>

#include "mlprov/merkle/name.h"
#include "mlprov/merkle/rfc6962.h"
#include "mlprov/support/error.h"

namespace mlprov {
namespace {

const Entry* clear_entry(const Slot& slot) { return std::get_if<Entry>(&slot); }

/// Hands each leaf hash to `take`, encoding through one buffer.
template <class Take>
void for_each_leaf(Algorithm algorithm, const std::vector<Slot>& slots, Take take) {
  std::string bytes;
  for (const Slot& slot : slots) {
    if (const Entry* entry = clear_entry(slot)) {
      bytes.clear();
      append_entry(bytes, *entry);
      take(rfc6962::leaf_hash(algorithm, as_bytes(bytes)));
    } else {
      take(std::get<WithheldLeaf>(slot).leaf);
    }
  }
}

bool makes_salted(const Slot& slot) {
  const Entry* entry = clear_entry(slot);
  return entry == nullptr || entry->salt || entry->salted;
}

/// Throws unless the names in clear strictly ascend; `code` says whose mistake that is.
void require_ascending(const std::vector<Slot>& slots, ErrorCode code) {
  const Entry* previous = nullptr;
  for (const Slot& slot : slots) {
    const Entry* entry = clear_entry(slot);
    if (entry == nullptr) continue;
    if (previous != nullptr && entry->name == previous->name) {
      throw Error(code, "the name " + quote_name(entry->name) + " stands twice in a directory");
    }
    if (previous != nullptr && entry->name < previous->name) {
      throw Error(code, "the name " + quote_name(entry->name) + " stands after " +
                            quote_name(previous->name) + " in a directory, against their order");
    }
    previous = entry;
  }
}

}  // namespace

Directory::Directory(Algorithm algorithm, std::vector<Slot> slots)
    : algorithm_(algorithm), slots_(std::move(slots)) {
  if (!is_tree_algorithm(algorithm)) {
    throw Error(ErrorCode::kUsage, "the algorithm " + std::string(to_string(algorithm)) +
                                       " builds no trees; blake3, sha256, sha3-256 and keccak256 "
                                       "do");
  }
  rfc6962::RootAccumulator accumulator(algorithm);
  for_each_leaf(algorithm, slots_, [&](const Digest32& leaf) { accumulator.add(leaf); });
  root_ = accumulator.root();
  note_slots();
}

void Directory::note_slots() {
  for (const Slot& slot : slots_) {
    if (makes_salted(slot)) salted_ = true;
    if (clear_entry(slot) == nullptr) ++withheld_;
  }
  if (withheld_ == 0) return;
  if (slots_.size() > std::numeric_limits<std::uint32_t>::max()) {
    throw Error(ErrorCode::kTooLarge, "a directory with withheld entries has over 2^32 - 1 slots");
  }
  clear_.reserve(slots_.size() - withheld_);
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    if (clear_entry(slots_[i]) != nullptr) clear_.push_back(static_cast<std::uint32_t>(i));
  }
}

Directory Directory::from_entries(Algorithm algorithm, std::vector<Entry> entries) {
  const auto by_name = [](const Entry& a, const Entry& b) { return a.name < b.name; };
  if (!std::is_sorted(entries.begin(), entries.end(), by_name)) {
    std::sort(entries.begin(), entries.end(), by_name);
  }
  std::vector<Slot> slots;
  slots.reserve(entries.size());
  for (Entry& entry : entries) slots.emplace_back(std::move(entry));
  require_ascending(slots, ErrorCode::kConflict);
  return Directory(algorithm, std::move(slots));
}

Directory Directory::from_slots(Algorithm algorithm, std::vector<Slot> slots) {
  require_ascending(slots, ErrorCode::kMalformed);
  return Directory(algorithm, std::move(slots));
}

std::optional<std::size_t> Directory::position(std::string_view name) const noexcept {
  const auto slot_of = [this](std::size_t i) { return withheld_ == 0 ? i : clear_[i]; };
  std::size_t first = 0;
  std::size_t last = slots_.size() - withheld_;
  while (first < last) {
    const std::size_t middle = first + (last - first) / 2;
    const int order = std::get<Entry>(slots_[slot_of(middle)]).name.compare(name);
    if (order == 0) return slot_of(middle);
    (order < 0 ? first : last) = order < 0 ? middle + 1 : middle;
  }
  return std::nullopt;
}

const Entry* Directory::find(std::string_view name) const noexcept {
  const std::optional<std::size_t> at = position(name);
  return at ? clear_entry(slots_[*at]) : nullptr;
}

std::uint64_t Directory::index_of(std::string_view name) const {
  const std::optional<std::size_t> at = position(name);
  if (!at) throw Error(ErrorCode::kUsage, "no entry " + quote_name(name) + " in the directory");
  return *at;
}

std::vector<Digest32> Directory::leaves() const {
  std::vector<Digest32> leaves;
  leaves.reserve(slots_.size());
  for_each_leaf(algorithm_, slots_, [&](const Digest32& leaf) { leaves.push_back(leaf); });
  return leaves;
}

}  // namespace mlprov
