#include "inspect/material.h"

#include <algorithm>
#include <map>

#include "mlprov/support/hex.h"

namespace mlprov::inspect {
namespace {

using record::ObjectForm;

std::string counts(std::uint64_t said, std::uint64_t there) {
  return std::to_string(said) + ", but it has " + std::to_string(there);
}

Checked check_directory_entry(const Evidence& evidence, const Visit& visit, const Entry& entry) {
  const Directory* directory = evidence.visits->find(entry.digest);
  if (directory == nullptr) return std::nullopt;
  if (directory->size() != entry.entries) {
    return found(Refusal::kKindMismatch, evidence.visits->path_of(visit, entry) +
                                             ": `entries` says " +
                                             counts(entry.entries, directory->size()));
  }
  if (directory->salted() != entry.salted) {
    return found(Refusal::kKindMismatch, evidence.visits->path_of(visit, entry) +
                                             (entry.salted ? ": is marked salted and has no salt"
                                                           : ": has salts and is not marked so"));
  }
  return std::nullopt;
}

Checked check_object_entry(const Evidence& evidence, const Visit& visit, const Entry& entry) {
  const record::CarriedObject* object = evidence.object(entry.digest);
  if (object == nullptr || object->content.size() == content_size(entry)) return std::nullopt;
  return found(Refusal::kKindMismatch,
               evidence.visits->path_of(visit, entry) + ": its size is given as " +
                   counts(content_size(entry), object->content.size()) + " bytes");
}

using Forms = std::map<Digest32, ObjectForm>;

void note_form(Forms& forms, const Entry& entry) {
  ObjectForm& form = forms.try_emplace(entry.digest, ObjectForm::kBase64).first->second;
  form = std::max(form, record::form_for(entry.kind));
}

Checked check_forms(const Evidence& evidence, const Forms& forms) {
  for (const auto& [digest, form] : forms) {
    const record::CarriedObject* object = evidence.object(digest);
    if (object == nullptr || object->form == form) continue;
    return found(Refusal::kKindMismatch, record::object_place(digest) + ": written as " +
                                             std::string(record::to_string(object->form)) +
                                             ", but its entries demand " +
                                             std::string(record::to_string(form)));
  }
  return std::nullopt;
}

/// Names of the longest path below each directory, each computed once, children first.
class Heights {
 public:
  explicit Heights(const Visits& visits) : visits_(visits) {}

  std::size_t of(const Directory* start) {
    if (!heights_.contains(start)) open_.push_back({start});
    while (!open_.empty()) {
      Frame& frame = open_.back();
      if (const Directory* child = next_unknown(frame)) {
        open_.push_back({child});
        continue;
      }
      heights_[frame.directory] = frame.height;
      open_.pop_back();
    }
    return heights_.at(start);
  }

 private:
  struct Frame {
    const Directory* directory;
    std::size_t next = 0;
    std::size_t height = 0;
  };

  /// Takes in slots up to one whose directory has to be computed before.
  const Directory* next_unknown(Frame& frame) {
    const auto& slots = frame.directory->slots();
    for (; frame.next < slots.size(); ++frame.next) {
      frame.height = std::max<std::size_t>(frame.height, 1);
      const auto* entry = std::get_if<Entry>(&slots[frame.next]);
      if (entry == nullptr || entry->kind != EntryKind::kTree) continue;
      const Directory* child = visits_.find(entry->digest);
      if (child == nullptr) continue;
      const auto known = heights_.find(child);
      if (known == heights_.end()) return child;
      frame.height = std::max(frame.height, known->second + 1);
    }
    return nullptr;
  }

  const Visits& visits_;
  std::map<const Directory*, std::size_t> heights_;
  std::vector<Frame> open_;
};

}  // namespace

Checked check_statement_directories(const Evidence& evidence) {
  const auto& statements = evidence.statements();
  for (std::size_t i = 0; i < statements.size(); ++i) {
    if (evidence.visits->find(statements[i].statement.root) != nullptr) continue;
    return found(Refusal::kSkeleton,
                 record::statement_place(i) + ": the directory that it speaks for is not carried");
  }
  for (std::size_t i = 0; i < statements.size(); ++i) {
    const Statement& statement = statements[i].statement;
    const std::uint64_t size = evidence.visits->find(statement.root)->size();
    if (size == statement.entries) continue;
    return found(Refusal::kStatementMismatch, record::statement_place(i) +
                                                  ": `entries` of its directory is given as " +
                                                  counts(statement.entries, size));
  }
  return std::nullopt;
}

Checked check_depth(const Evidence& evidence) {
  Heights heights(*evidence.visits);
  for (const SignedStatement& each : evidence.statements()) {
    const std::string& path = each.statement.path;
    const std::size_t names = split_path(path).size();
    if (names + heights.of(evidence.visits->find(each.statement.root)) <= kMaxTreeDepth) continue;
    return found(Refusal::kTooLarge, "below `" + path + "` a path has more than " +
                                         std::to_string(kMaxTreeDepth) + " names");
  }
  return std::nullopt;
}

Checked check_references(const Evidence& evidence) {
  Forms forms;
  for (const Visit* visit : evidence.visits->directories()) {
    for (const Slot& slot : visit->directory->slots()) {
      const auto* entry = std::get_if<Entry>(&slot);
      if (entry == nullptr) continue;
      const bool is_tree = entry->kind == EntryKind::kTree;
      if (auto wrong = is_tree ? check_directory_entry(evidence, *visit, *entry)
                               : check_object_entry(evidence, *visit, *entry)) {
        return wrong;
      }
      if (!is_tree) note_form(forms, *entry);
    }
  }
  return check_forms(evidence, forms);
}

Checked check_salts(const Evidence& evidence) {
  std::vector<Salt> salts;
  for (const auto& [root, directory] : *evidence.directories) {
    for (const Slot& slot : directory->slots()) {
      const auto* entry = std::get_if<Entry>(&slot);
      if (entry != nullptr && entry->salt) salts.push_back(*entry->salt);
    }
  }
  std::sort(salts.begin(), salts.end());
  const auto twice = std::adjacent_find(salts.begin(), salts.end());
  if (twice == salts.end()) return std::nullopt;
  return found(Refusal::kSaltReuse, "the salt " + to_hex(*twice) + " stands twice");
}

Checked check_reachability(const Evidence& evidence) {
  for (const auto& [root, directory] : *evidence.directories) {
    if (evidence.visits->is_reached(root)) continue;
    return found(Refusal::kUnreferenced,
                 record::directory_place(root) + ": no entry leads to this directory");
  }
  std::set<Digest32> referred;
  for (const Visit* visit : evidence.visits->directories()) {
    for (const Slot& slot : visit->directory->slots()) {
      const auto* entry = std::get_if<Entry>(&slot);
      if (entry != nullptr && entry->kind != EntryKind::kTree) referred.insert(entry->digest);
    }
  }
  for (const auto& [digest, object] : evidence.parts.objects) {
    if (referred.contains(digest)) continue;
    return found(Refusal::kUnreferenced,
                 record::object_place(digest) + ": no entry leads to this object");
  }
  return std::nullopt;
}

}  // namespace mlprov::inspect
