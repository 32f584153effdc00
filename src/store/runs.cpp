#include <algorithm>

#include "mlprov/support/error.h"
#include "mlprov/support/hex.h"
#include "store/run_row.h"
#include "store/store_impl.h"

namespace mlprov {
namespace {

using namespace store;

constexpr std::size_t kMinPrefix = 4;
constexpr std::size_t kRunIdSize = 32;
constexpr std::size_t kMaxText = 4096;

bool is_hex(std::string_view text) {
  return text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

void require_run_id(const std::string& run) {
  if (run.size() == kRunIdSize && is_hex(run)) return;
  throw Error(ErrorCode::kUsage, "a run's id has 32 lower-case hex characters");
}

void require_text(const char* what, const std::string& text, bool may_be_empty) {
  if ((text.empty() && !may_be_empty) || text.size() > kMaxText || !is_utf8(text)) {
    throw Error(ErrorCode::kUsage,
                std::string(what) + " must be UTF-8 of at most 4096 bytes, and not empty");
  }
}

/// A sentence as it may come from anywhere, made fit for a record.
std::string recordable(std::string text) {
  if (text.size() > kMaxText) text.resize(kMaxText);
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = utf8_sequence_length(std::string_view(text).substr(at));
    if (length == 0) text[at] = '?';
    at += std::max<std::size_t>(length, 1);
  }
  return text;
}

std::vector<std::string> sorted_unique(std::vector<std::string> texts) {
  std::sort(texts.begin(), texts.end());
  texts.erase(std::unique(texts.begin(), texts.end()), texts.end());
  return texts;
}

/// Reads, changes and writes back a run's row in one transaction.
template <typename Change>
void change_record(Store::Impl& impl, const std::string& run, Change change) {
  impl.require_write();
  Transaction transaction(impl.database);
  RunRecord record = require_record(impl, run);
  change(record);
  update_record(impl, record);
  transaction.commit();
}

std::vector<std::string> column(Query& query) {
  std::vector<std::string> runs;
  while (query.step()) runs.emplace_back(query.text(0));
  return runs;
}

std::string one_of(const std::vector<std::string>& runs, std::string_view text) {
  if (runs.size() == 1) return runs.front();
  std::string list;
  for (const std::string& run : runs) list += (list.empty() ? "" : ", ") + run;
  throw Error(ErrorCode::kConflict,
              "`" + std::string(text) + "` could be any of these runs: " + list);
}

std::optional<std::string> newest(Store::Impl& impl, const std::string& name) {
  Query query(impl.database, name.empty()
                                 ? "SELECT run FROM runs ORDER BY sequence DESC LIMIT 1"
                                 : "SELECT run FROM runs WHERE name = ? ORDER BY sequence DESC"
                                   " LIMIT 1");
  if (!name.empty()) query.bind(name);
  auto runs = column(query);
  if (runs.empty()) return std::nullopt;
  (void)require_record(impl, runs.front());
  return runs.front();
}

std::vector<std::string> with_prefix(Store::Impl& impl, std::string_view prefix) {
  Query query(impl.database, "SELECT run FROM runs WHERE run GLOB ? ORDER BY run LIMIT 10");
  query.bind(std::string(prefix) + "*");
  return column(query);
}

}  // namespace

RunLock Store::begin_run(const RunStart& start) {
  impl_->require_write();
  require_run_id(start.run);
  require_text("a run's name", start.name, true);
  for (const std::string& tag : start.tags) require_text("a tag", tag, false);
  RunRecord record;
  record.run = start.run;
  record.name = start.name;
  record.algorithm = start.algorithm;
  record.started = start.started;
  record.tags = sorted_unique(start.tags);
  // First the lock: at no moment does the run look interrupted.
  RunLock lock(impl_->folder.locks(), start.run);
  Transaction transaction(impl_->database);
  if (find_record(*impl_, start.run)) {
    throw Error(ErrorCode::kConflict, "the store has a run " + start.run + " already");
  }
  insert_record(*impl_, record);
  transaction.commit();
  return lock;
}

RunLock Store::join_run(const std::string& run) {
  impl_->require_write();
  const RunRecord record = require_record(*impl_, run);
  if (record.import) {
    throw Error(ErrorCode::kConflict, "run " + run + " was imported and cannot grow");
  }
  return RunLock(impl_->folder.locks(), run);
}

void Store::end_run(const std::string& run, RunEnd end, const std::vector<std::string>& reasons) {
  change_record(*impl_, run, [&](RunRecord& record) {
    record.end = end;
    record.ended = now_utc();
    for (const std::string& reason : reasons) {
      const std::string text = recordable(reason);
      const auto& known = record.reasons;
      if (std::find(known.begin(), known.end(), text) == known.end()) {
        record.reasons.push_back(text);
      }
    }
  });
}

void Store::add_tag(const std::string& run, const std::string& tag) {
  require_text("a tag", tag, false);
  change_record(*impl_, run, [&](RunRecord& record) {
    record.tags.push_back(tag);
    record.tags = sorted_unique(std::move(record.tags));
  });
}

void Store::remove_tag(const std::string& run, const std::string& tag) {
  change_record(*impl_, run, [&](RunRecord& record) {
    if (std::erase(record.tags, tag) > 0) return;
    throw Error(ErrorCode::kNotFound, "run " + run + " has no tag `" + tag + "`");
  });
}

RunRecord Store::record(const std::string& run) { return require_record(*impl_, run); }

std::string Store::find_run(std::string_view text) {
  const Snapshot snapshot(impl_->database);
  if (text.empty()) throw Error(ErrorCode::kUsage, "name a run: an id, a name or `latest`");
  if (text == "latest") {
    if (auto run = newest(*impl_, "")) return *std::move(run);
    throw Error(ErrorCode::kNotFound, "the store has no runs yet");
  }
  if (text.size() == kRunIdSize && find_record(*impl_, std::string(text))) {
    return std::string(text);
  }
  if (auto run = newest(*impl_, std::string(text))) return *std::move(run);
  if (text.size() >= kMinPrefix && is_hex(text)) {
    const auto runs = with_prefix(*impl_, text);
    if (!runs.empty()) return one_of(runs, text);
  }
  throw Error(ErrorCode::kNotFound,
              "the store has no run `" + std::string(text) + "`: `mlprov list` shows what it has");
}

}  // namespace mlprov
