#include "inspect/chain.h"

#include <algorithm>

#include "mlprov/support/hex.h"
#include "record/bundle_parts.h"

namespace mlprov::inspect {
namespace {

using Statements = std::vector<SignedStatement>;

const SignedStatement* find_phase(const Statements& statements, Phase phase) {
  for (const SignedStatement& each : statements) {
    if (each.statement.phase == phase) return &each;
  }
  return nullptr;
}

Checked same_run(const Statements& statements) {
  const Statement& first = statements.front().statement;
  for (std::size_t i = 1; i < statements.size(); ++i) {
    const Statement& next = statements[i].statement;
    const char* what = next.run != first.run               ? "run"
                       : next.author != first.author       ? "author"
                       : next.algorithm != first.algorithm ? "algorithm"
                       : next.log != first.log             ? "log"
                                                           : nullptr;
    if (what == nullptr) continue;
    return found(Refusal::kStatementMismatch, record::statement_place(i) + ": another " + what +
                                                  " than that of the first statement");
  }
  return std::nullopt;
}

/// Where a run stands between two statements.
enum class Stage { kStart, kSteps, kTraining, kFinished };

/// The stage after a statement of that phase, or nothing where it may not come.
std::optional<Stage> next_stage(Stage stage, Phase phase, std::uint64_t steps) {
  switch (phase) {
    case Phase::kStep:
      if (stage == Stage::kTraining) return std::nullopt;
      return stage == Stage::kStart ? Stage::kSteps : stage;
    case Phase::kBefore:
      if (stage == Stage::kStart || (stage == Stage::kSteps && steps == 1)) return Stage::kTraining;
      return std::nullopt;
    case Phase::kEpoch:
      if (stage == Stage::kTraining) return stage;
      return std::nullopt;
    case Phase::kAfter:
      if (stage == Stage::kTraining) return Stage::kFinished;
      return std::nullopt;
  }
  return std::nullopt;
}

Checked in_order(const Statements& statements) {
  Stage stage = Stage::kStart;
  std::uint64_t steps = 0;
  std::uint64_t epochs = 0;
  for (std::size_t i = 0; i < statements.size(); ++i) {
    const Statement& next = statements[i].statement;
    const auto after = next_stage(stage, next.phase, steps);
    if (!after) {
      return found(Refusal::kStatementOrder,
                   record::statement_place(i) + ": a statement of phase " +
                       std::string(to_string(next.phase)) + " may not come here");
    }
    stage = *after;
    std::uint64_t number = 0;
    if (next.phase == Phase::kStep) number = ++steps;
    if (next.phase == Phase::kEpoch) number = ++epochs;
    if (number == 0 || statement_number(next.phase, next.path) == number) continue;
    return found(Refusal::kStatementOrder, record::statement_place(i) + ": `" + next.path +
                                               "` where number " + std::to_string(number) +
                                               " is due");
  }
  return std::nullopt;
}

Checked linked(const Statements& statements) {
  std::optional<Digest32> previous;
  for (std::size_t i = 0; i < statements.size(); ++i) {
    if (statements[i].statement.previous != previous) {
      return found(Refusal::kStatementChain, record::statement_place(i) +
                                                 ": `previous` is not the statement before it (" +
                                                 (previous ? to_hex(*previous) : "none") + ")");
    }
    previous = statements[i].id();
  }
  return std::nullopt;
}

}  // namespace

Checked check_chain(const Statements& statements) {
  if (auto wrong = same_run(statements)) return wrong;
  if (auto wrong = in_order(statements)) return wrong;
  return linked(statements);
}

bool is_run_of_steps(const Statements& statements) { return find_before(statements) == nullptr; }

const SignedStatement* find_before(const Statements& statements) {
  return find_phase(statements, Phase::kBefore);
}

const SignedStatement* find_after(const Statements& statements) {
  return find_phase(statements, Phase::kAfter);
}

const SignedStatement* find_leading_step(const Statements& statements) {
  const bool is_leading = statements.size() > 1 && statements[0].statement.phase == Phase::kStep &&
                          statements[1].statement.phase == Phase::kBefore;
  return is_leading ? &statements[0] : nullptr;
}

}  // namespace mlprov::inspect
