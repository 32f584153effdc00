#include "inspect/visits.h"

#include <algorithm>

#include "mlprov/merkle/name.h"
#include "record/locate.h"

namespace mlprov::inspect {

Visits::Visits(const std::vector<SignedStatement>& statements, const DirectoryMap& directories)
    : statements_(statements), directories_(directories) {
  for (std::size_t i = 0; i < statements.size(); ++i) {
    const Statement& statement = statements[i].statement;
    reach(statement.root,
          {nullptr, record::position_of(statement.phase), visits_.size(), nullptr, i});
  }
  for (std::size_t i = 0; i < visits_.size(); ++i) {
    const Visit parent = visits_[i];
    for (const Slot& slot : parent.directory->slots()) {
      const auto* entry = std::get_if<Entry>(&slot);
      if (entry == nullptr || entry->kind != EntryKind::kTree) continue;
      reach(entry->digest, {nullptr, record::child_position(parent.position, entry->name), i, entry,
                            parent.statement});
    }
  }
  std::set<const Directory*> once;
  for (const Visit& visit : visits_) {
    if (!once.insert(visit.directory).second) continue;
    first_.push_back(&visit);
    reached_.insert(visit.directory->root());
  }
}

void Visits::reach(const Digest32& root, Visit visit) {
  visit.directory = find(root);
  if (visit.directory == nullptr || !seen_.emplace(visit.directory, visit.position).second) return;
  visits_.push_back(visit);
}

const Directory* Visits::find(const Digest32& root) const {
  return record::find_directory(directories_, root);
}

std::string Visits::path_of(const Visit& visit) const {
  std::vector<const std::string*> names;
  const Visit* at = &visit;
  while (at->entry != nullptr) {
    names.push_back(&at->entry->name);
    at = &visits_[at->parent];
  }
  constexpr std::size_t kShown = 400;
  std::string path = statements_[visit.statement].statement.path;
  for (auto name = names.rbegin(); name != names.rend() && path.size() < kShown; ++name) {
    if (!path.empty()) path += '/';
    path += **name;
  }
  return path;
}

std::string Visits::path_of(const Visit& visit, const Entry& entry) const {
  const std::string folder = path_of(visit);
  return quote_name(folder.empty() ? entry.name : folder + "/" + entry.name);
}

}  // namespace mlprov::inspect
