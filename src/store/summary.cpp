#include <algorithm>
#include <map>

#include "mlprov/merkle/name.h"
#include "mlprov/support/error.h"
#include "store/chain.h"
#include "store/material.h"
#include "store/run_row.h"
#include "store/store_impl.h"

namespace mlprov {
namespace {

using namespace store;

/// Reads single entries below a root; every directory on the way is hashed. Of a run that was
/// stored whole, nothing may be missing.
class TreeReader {
 public:
  TreeReader(Database& database, const RunRecord& record)
      : material_(database, record.algorithm), whole_(!record.import || record.import->complete) {}

  std::optional<Entry> find(Digest32 root, std::initializer_list<const char*> names) {
    std::optional<Entry> entry;
    for (const char* name : names) {
      if (entry && entry->kind != EntryKind::kTree) return std::nullopt;
      const auto directory = material_.directory(entry ? entry->digest : root);
      if (directory == nullptr && whole_) altered("one of its directories is missing");
      const Entry* found = directory == nullptr ? nullptr : directory->find(name);
      if (found == nullptr) return std::nullopt;
      entry = *found;
    }
    return entry;
  }

  /// Bytes of an entry of that kind, or nothing when it is absent or not stored.
  std::optional<Bytes> content(const std::optional<Entry>& entry, EntryKind kind) {
    if (!entry || entry->kind != kind) return std::nullopt;
    auto content = material_.object(entry->digest);
    if (!content && whole_ && is_always_stored(*entry)) {
      altered("the content of its `" + entry->name + "` is missing");
    }
    return content;
  }

 private:
  Material material_;
  bool whole_;
};

/// Collects what one run's evidence says, problem by problem.
class Summariser {
 public:
  Summariser(Store::Impl& impl, RunSummary& summary)
      : impl_(impl), summary_(summary), tree_(impl.database, summary.record) {}

  void run() {
    const std::string& id = summary_.record.run;
    summary_.statements = count_statements(impl_, id);
    if (summary_.statements != summary_.record.statements) {
      altered("it has not the statements that its row names");
    }
    if (summary_.statements == 0) return;
    take_first(require(0));
    for (std::uint64_t left = summary_.statements; left > 0; --left) {
      if (take_back(require(left - 1), left == summary_.statements)) break;
    }
    for (const auto& [name, value] : metrics_) summary_.metrics.push_back({name, value});
  }

  bool has_after() const noexcept { return has_after_; }

 private:
  StoredStatement require(std::uint64_t ordinal) {
    auto stored = read_statement(impl_, summary_.record.run, ordinal);
    if (!stored) altered("its statement " + std::to_string(ordinal + 1) + " is missing");
    const Statement& statement = stored->statement.statement;
    if (summary_.author && statement.author != *summary_.author) {
      altered("its statements have several authors");
    }
    if (statement.algorithm != summary_.record.algorithm) altered("its algorithm was changed");
    require_logged(*stored);
    return *std::move(stored);
  }

  /// A statement that this store recorded stands in the log under its number.
  void require_logged(const StoredStatement& stored) {
    const bool last = stored.ordinal + 1 == summary_.statements;
    if (last && stored.id != summary_.record.last) altered("its last statement is another one");
    if (summary_.record.import) return;
    if (stored.statement.statement.log != impl_.vkey) {
      altered("its statements name another log than the store's");
    }
    const LogTree& log = impl_.log_tree();
    const bool logged = stored.log_index && *stored.log_index < log.size() &&
                        log.entry(*stored.log_index) == stored.id;
    if (!logged) altered("one of its statements is not in the log");
  }

  void take_first(const StoredStatement& first) {
    const Statement& statement = first.statement.statement;
    summary_.author = statement.author;
    summary_.first_time = statement.time;
    const auto name = tree_.content(tree_.find(statement.root, {kRunNameFolder, kRunNameEntry}),
                                    EntryKind::kText);
    if (name) summary_.name = std::string(as_text(*name));
  }

  /// Takes statements from the last one back; true when no earlier one matters.
  bool take_back(const StoredStatement& stored, bool last) {
    const Statement& statement = stored.statement.statement;
    if (last) {
      summary_.last_time = statement.time;
      summary_.root = statement.root;
    }
    switch (statement.phase) {
      case Phase::kStep:
        take_metrics(tree_.find(statement.root, {"metrics"}));
        return false;
      case Phase::kAfter:
        has_after_ = true;
        take_metrics(tree_.find(statement.root, {"result", "metrics"}));
        return false;
      case Phase::kEpoch:
        summary_.epochs = statement_number(Phase::kEpoch, statement.path).value_or(0);
        take_metrics(tree_.find(statement.root, {"metrics"}));
        return true;
      case Phase::kBefore:
        return true;
    }
    return true;
  }

  /// Later statements come first here: a value that is there already stays.
  void take_metrics(const std::optional<Entry>& entry) {
    const auto content = tree_.content(entry, EntryKind::kJson);
    if (!content) return;
    for (const Metric& metric : metrics_from_json(parse_canonical(as_text(*content)))) {
      metrics_.try_emplace(metric.name, metric.value);
    }
  }

  Store::Impl& impl_;
  RunSummary& summary_;
  TreeReader tree_;
  std::map<std::string, double> metrics_;
  bool has_after_ = false;
};

RunStatus status_of(const Store::Impl& impl, const RunRecord& record, bool has_after) {
  if (record.import) return RunStatus::kImported;
  if (record.end == RunEnd::kFailed) return RunStatus::kFailed;
  if (RunLock::is_held(impl.folder.locks(), record.run)) return RunStatus::kRunning;
  if (has_after || record.end == RunEnd::kFinished) return RunStatus::kFinished;
  return RunStatus::kInterrupted;
}

RunSummary summarise(Store::Impl& impl, const std::string& run) {
  RunSummary summary;
  summary.record.run = run;
  bool has_after = false;
  try {
    summary.record = require_record(impl, run);
    summary.name = summary.record.name;
    Summariser summariser(impl, summary);
    summariser.run();
    has_after = summariser.has_after();
  } catch (const Error& error) {
    if (error.code() == ErrorCode::kIo) throw;
    summary.problems.emplace_back(error.what());
  }
  if (!summary.record.name.empty() && summary.name != summary.record.name) {
    summary.problems.push_back("its row names it `" + summary.record.name + "`, its signed tree `" +
                               summary.name + "`");
  }
  summary.status = status_of(impl, summary.record, has_after);
  return summary;
}

/// One sentence when log and database do not fit, for every run that stands in the log.
std::string log_problem(Store::Impl& impl) {
  try {
    if (!impl.log.problem().empty()) return impl.log.problem();
    const Checkpoint checkpoint = impl.log.checkpoint().body;
    impl.log.require_continuation(checkpoint, impl.log_tree());
    return {};
  } catch (const Error& error) {
    return error.what();
  }
}

std::vector<std::string> all_runs(Store::Impl& impl) {
  std::vector<std::string> runs;
  Query query(impl.database,
              "SELECT run FROM (SELECT sequence, run FROM runs UNION ALL SELECT 9007199254740991, "
              "run FROM statements WHERE run NOT IN (SELECT run FROM runs) GROUP BY run) "
              "ORDER BY sequence, run");
  while (query.step()) runs.emplace_back(query.text(0));
  return runs;
}

}  // namespace

RunSummary Store::summary(const std::string& run) {
  const Snapshot snapshot(impl_->database);
  (void)require_record(*impl_, run);
  return summarise(*impl_, run);
}

RunStatus Store::status(const std::string& run) { return summary(run).status; }

std::vector<RunSummary> Store::list_runs() {
  const std::string problem = log_problem(*impl_);
  const Snapshot snapshot(impl_->database);
  std::vector<RunSummary> summaries;
  for (const std::string& run : all_runs(*impl_)) {
    summaries.push_back(summarise(*impl_, run));
    RunSummary& summary = summaries.back();
    if (!problem.empty() && !summary.record.import) summary.problems.push_back(problem);
  }
  return summaries;
}

}  // namespace mlprov
