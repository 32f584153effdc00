#include "store/run_row.h"

#include <algorithm>
#include <array>

#include "mlprov/support/error.h"
#include "mlprov/support/hex.h"
#include "store/json_fields.h"

namespace mlprov {
namespace {

constexpr std::array kEnds = {RunEnd::kFinished, RunEnd::kFailed, RunEnd::kInterrupted};

}  // namespace

std::string_view to_string(RunEnd end) noexcept {
  if (end == RunEnd::kFinished) return "finished";
  return end == RunEnd::kFailed ? "failed" : "interrupted";
}

std::string_view to_string(RunStatus status) noexcept {
  switch (status) {
    case RunStatus::kRunning:
      return "running";
    case RunStatus::kFinished:
      return "finished";
    case RunStatus::kFailed:
      return "failed";
    case RunStatus::kInterrupted:
      return "interrupted";
    case RunStatus::kImported:
      return "imported";
  }
  return "interrupted";
}

namespace store {
namespace {

Json import_to_json(const RunRecord::Import& import) {
  Json json = {{"complete", import.complete}, {"included", import.included}, {"log", nullptr}};
  if (import.log) {
    json["log"] = {{"checkpoint", import.log->checkpoint}, {"vkey", import.log->vkey}};
  }
  return json;
}

RunRecord::Import import_from_json(const Json& json) {
  RunRecord::Import import;
  import.included = number_field(json, "included");
  import.complete = field(json, "complete") == true;
  const Json& log = field(json, "log");
  if (!log.is_null()) {
    import.log = BundleLog{text_field(log, "checkpoint"), text_field(log, "vkey")};
  }
  return import;
}

RunEnd end_from_name(const std::string& name) {
  for (const RunEnd end : kEnds) {
    if (to_string(end) == name) return end;
  }
  altered("a run has the unknown end `" + name + "`");
}

/// The current row, checked: the seal, and the columns against the sealed body.
RunRecord read_row(Store::Impl& impl, const Query& query) {
  const std::string run(query.text(1));
  const Json body = impl.seal.open("runs", run, query.text(3), query.blob(4));
  RunRecord record = run_from_json(body);
  if (record.run != run || record.sequence != query.integer(0) || record.name != query.text(2)) {
    altered("the columns of run " + run + " differ from its sealed row");
  }
  return record;
}

}  // namespace

Json run_to_json(const RunRecord& record) {
  Json body = {{"algorithm", to_string(record.algorithm)},
               {"end", nullptr},
               {"import", nullptr},
               {"last", nullptr},
               {"name", record.name},
               {"run", record.run},
               {"sequence", record.sequence},
               {"started", format_utc(record.started)},
               {"statements", record.statements},
               {"tags", record.tags},
               {"reasons", record.reasons}};
  if (record.end) {
    body["end"] = {{"state", to_string(*record.end)}, {"time", format_utc(record.ended)}};
  }
  if (record.last) body["last"] = to_hex(*record.last);
  if (record.import) body["import"] = import_to_json(*record.import);
  return body;
}

RunRecord run_from_json(const Json& body) {
  RunRecord record;
  record.run = text_field(body, "run");
  record.sequence = number_field(body, "sequence");
  record.name = text_field(body, "name");
  const auto algorithm = algorithm_from_name(text_field(body, "algorithm"));
  if (!algorithm || !is_tree_algorithm(*algorithm)) altered("a run has no known algorithm");
  record.algorithm = *algorithm;
  record.started = time_field(body, "started");
  record.tags = texts_field(body, "tags");
  record.reasons = texts_field(body, "reasons");
  record.statements = number_field(body, "statements");
  if (!field(body, "last").is_null()) record.last = digest_field(body, "last");
  if (const Json& end = field(body, "end"); !end.is_null()) {
    record.end = end_from_name(text_field(end, "state"));
    record.ended = time_field(end, "time");
  }
  if (const Json& import = field(body, "import"); !import.is_null()) {
    record.import = import_from_json(import);
  }
  return record;
}

std::optional<RunRecord> find_record(Store::Impl& impl, const std::string& run) {
  Query query(impl.database, "SELECT sequence, run, name, body, seal FROM runs WHERE run = ?");
  query.bind(run);
  if (!query.step()) return std::nullopt;
  return read_row(impl, query);
}

RunRecord require_record(Store::Impl& impl, const std::string& run) {
  auto record = find_record(impl, run);
  if (!record) throw Error(ErrorCode::kNotFound, "the store has no run " + run);
  return *std::move(record);
}

std::vector<RunRecord> all_records(Store::Impl& impl) {
  std::vector<RunRecord> records;
  Query query(impl.database, "SELECT sequence, run, name, body, seal FROM runs ORDER BY sequence");
  while (query.step()) records.push_back(read_row(impl, query));
  return records;
}

void insert_record(Store::Impl& impl, RunRecord& record) {
  Query next(impl.database, "SELECT COALESCE(MAX(sequence), 0) + 1 FROM runs");
  next.step();
  record.sequence = next.integer(0);
  const SealedRow row = seal_row(impl, "runs", run_to_json(record));
  Query(impl.database, "INSERT INTO runs(sequence, run, name, body, seal) VALUES(?, ?, ?, ?, ?)")
      .bind(record.sequence)
      .bind(record.run)
      .bind(record.name)
      .bind(row.body)
      .bind(ByteView(row.seal))
      .run();
}

void update_record(Store::Impl& impl, const RunRecord& record) {
  const SealedRow row = seal_row(impl, "runs", run_to_json(record));
  Query(impl.database, "UPDATE runs SET name = ?, body = ?, seal = ? WHERE run = ?")
      .bind(record.name)
      .bind(row.body)
      .bind(ByteView(row.seal))
      .bind(record.run)
      .run();
}

}  // namespace store
}  // namespace mlprov
