#include "inspect/skeleton_check.h"

#include "inspect/chain.h"
#include "mlprov/support/hex.h"

namespace mlprov::inspect {
namespace {

using record::Position;

/// Looks at one directory in one position.
class VisitCheck {
 public:
  VisitCheck(const Evidence& evidence, const Visit& visit) : evidence_(evidence), visit_(visit) {}

  Checked run() const {
    std::uint64_t index = 0;
    for (const Slot& slot : visit_.directory->slots()) {
      ++index;
      const auto* entry = std::get_if<Entry>(&slot);
      if (auto wrong = entry == nullptr ? check_withheld() : check_entry(*entry, index)) {
        return wrong;
      }
    }
    return check_required();
  }

 private:
  static Checked refuse(std::string detail) { return found(Refusal::kSkeleton, std::move(detail)); }

  std::string here() const { return quote_name(evidence_.visits->path_of(visit_)); }

  Checked check_withheld() const {
    if (!record::is_skeleton_list(visit_.position)) return std::nullopt;
    return refuse(here() + ": an entry is withheld in the list of " +
                  std::string(record::to_string(visit_.position)) +
                  ", which is always carried whole");
  }

  Checked check_entry(const Entry& entry, std::uint64_t index) const {
    const auto place = [&] { return evidence_.visits->path_of(visit_, entry); };
    if (auto why = record::misfit(visit_.position, entry.name, entry.kind)) {
      return refuse(place() + ": " + *why);
    }
    if (visit_.position == Position::kTraining && record::number_in("epoch", entry.name) != index) {
      return refuse(place() + ": stands where epoch " + std::to_string(index) + " is due");
    }
    if (entry.kind == EntryKind::kTree && record::must_carry(visit_.position, entry.name) &&
        evidence_.visits->find(entry.digest) == nullptr) {
      return refuse(place() + ": this list is always carried, and is not");
    }
    return std::nullopt;
  }

  Checked check_required() const {
    switch (visit_.position) {
      case Position::kTop:
        if (visit_.directory->size() == 4) return std::nullopt;
        return refuse("the top must hold before, circumstances, result and training");
      case Position::kBefore:
        if (auto wrong = check_command()) return wrong;
        return check_mark();
      case Position::kStep:
        return check_mark();
      default:
        return std::nullopt;
    }
  }

  Checked check_command() const {
    const bool has_step = find_leading_step(evidence_.statements()) != nullptr;
    const bool has_command = visit_.directory->find(record::kCommand) != nullptr;
    if (has_step == has_command) return std::nullopt;
    return refuse(here() + (has_step ? ": lacks `command`, although a step leads the run"
                                     : ": holds `command`, although no step leads the run"));
  }

  /// The entry that names run and author must be there, in clear, with its object.
  Checked check_mark() const {
    const Entry* circumstances = visit_.directory->find(kCircumstances);
    if (circumstances == nullptr) return refuse(here() + ": lacks `circumstances`");
    const Entry* mark = evidence_.visits->find(circumstances->digest)->find(record::kRunMark);
    if (mark == nullptr) return refuse(here() + ": `circumstances/run` is not shown");
    if (mark->kind != EntryKind::kJson || mark->salt) {
      return refuse(here() + ": `circumstances/run` must be of kind json and without a salt");
    }
    if (evidence_.object(mark->digest) != nullptr) return std::nullopt;
    return refuse(here() + ": the content of `circumstances/run` is not carried");
  }

  const Evidence& evidence_;
  const Visit& visit_;
};

/// REQUIRES what `VisitCheck` checks.
Checked check_marks(const Evidence& evidence) {
  const Statement& first = evidence.statements().front().statement;
  const std::string expected = record::run_mark(first.algorithm, first.author, first.run);
  for (const Visit& visit : evidence.visits->all()) {
    if (visit.position != Position::kBefore && visit.position != Position::kStep) continue;
    const Entry* circumstances = visit.directory->find(kCircumstances);
    const Entry* mark = evidence.visits->find(circumstances->digest)->find(record::kRunMark);
    if (as_text(evidence.object(mark->digest)->content) == expected) continue;
    return found(Refusal::kStatementMismatch,
                 quote_name(evidence.visits->path_of(visit)) +
                     ": `circumstances/run` names another run, author or algorithm than the "
                     "statements");
  }
  return std::nullopt;
}

bool is_directory_of(const Entry* entry, const Statement& statement) {
  return entry != nullptr && entry->digest == statement.root && entry->entries == statement.entries;
}

Checked check_command(const Evidence& evidence) {
  const SignedStatement* step = find_leading_step(evidence.statements());
  if (step == nullptr) return std::nullopt;
  const Statement& before = find_before(evidence.statements())->statement;
  const Entry* command = evidence.visits->find(before.root)->find(record::kCommand);
  if (is_directory_of(command, step->statement)) return std::nullopt;
  return found(Refusal::kStatementMismatch,
               "`before/command` is not the directory of the step that leads the run");
}

Checked check_epochs(const Evidence& evidence, const Directory& training) {
  std::uint64_t epochs = 0;
  for (const SignedStatement& each : evidence.statements()) {
    const Statement& statement = each.statement;
    if (statement.phase != Phase::kEpoch) continue;
    ++epochs;
    if (is_directory_of(training.find(record::numbered_name("epoch", epochs)), statement)) continue;
    return found(Refusal::kEpochMismatch, quote_name(statement.path) +
                                              ": the tree of `after` holds another directory there "
                                              "than the epoch's statement speaks for");
  }
  if (epochs == training.size()) return std::nullopt;
  return found(Refusal::kEpochMismatch, "the tree of `after` has " +
                                            std::to_string(training.size()) + " epochs, but " +
                                            std::to_string(epochs) + " have statements");
}

Checked check_after(const Evidence& evidence) {
  const SignedStatement* after = find_after(evidence.statements());
  if (after == nullptr) return std::nullopt;
  const Directory& top = *evidence.visits->find(after->statement.root);
  if (!is_directory_of(top.find("before"), find_before(evidence.statements())->statement)) {
    return found(Refusal::kStatementMismatch,
                 "`before` in the tree of `after` is not the directory that was sealed before");
  }
  return check_epochs(evidence, *evidence.visits->find(top.find("training")->digest));
}

}  // namespace

Checked check_skeleton(const Evidence& evidence) {
  for (const Visit& visit : evidence.visits->all()) {
    if (auto wrong = VisitCheck(evidence, visit).run()) return wrong;
  }
  return std::nullopt;
}

Checked check_statements_against_trees(const Evidence& evidence) {
  if (auto wrong = check_marks(evidence)) return wrong;
  if (auto wrong = check_command(evidence)) return wrong;
  return check_after(evidence);
}

}  // namespace mlprov::inspect
