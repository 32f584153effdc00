#include <algorithm>

#include "mlprov/support/error.h"
#include "store/chain.h"
#include "store/material.h"
#include "store/run_row.h"
#include "store/store_impl.h"

namespace mlprov {
namespace {

using namespace store;

std::vector<Digest32> ids_of(const Bundle& bundle) {
  std::vector<Digest32> ids;
  for (const SignedStatement& statement : bundle.statements) ids.push_back(statement.id());
  return ids;
}

bool is_prefix(const std::vector<Digest32>& shorter, const std::vector<Digest32>& longer) {
  return shorter.size() <= longer.size() &&
         std::equal(shorter.begin(), shorter.end(), longer.begin());
}

std::vector<Digest32> stored_ids(Store::Impl& impl, const RunRecord& record) {
  std::vector<Digest32> ids;
  for (const StoredStatement& stored : read_chain(impl, record)) ids.push_back(stored.id);
  return ids;
}

void write_vouchers(Store::Impl& impl, const Bundle& bundle) {
  for (const SignedStatement& statement : bundle.statements) {
    const Digest32 id = statement.id();
    for (const Cosignature& each : statement.cosignatures) write_cosignature(impl, id, each);
    for (const Receipt& each : statement.receipts) write_receipt(impl, id, each);
  }
}

RunRecord make_record(const Bundle& bundle, const std::string& name) {
  RunRecord record;
  record.run = bundle.statements.front().statement.run;
  record.name = name;
  record.algorithm = bundle.algorithm;
  record.started = now_utc();
  record.statements = bundle.statements.size();
  record.last = bundle.statements.back().id();
  const auto included = std::count_if(bundle.statements.begin(), bundle.statements.end(),
                                      [](const auto& each) { return each.inclusion.has_value(); });
  record.import =
      RunRecord::Import{static_cast<std::uint64_t>(included), is_complete(bundle), bundle.log};
  return record;
}

void write_chain(Store::Impl& impl, const Bundle& bundle) {
  const std::string& run = bundle.statements.front().statement.run;
  std::uint64_t ordinal = 0;
  for (const SignedStatement& statement : bundle.statements) {
    insert_statement(impl, run, ordinal++, statement, std::nullopt);
  }
}

[[noreturn]] void conflict(const std::string& run) {
  throw Error(ErrorCode::kConflict,
              "the store has run " + run + " already, with other or more statements");
}

/// The bundle's run is there: a longer version takes an imported one's place, and whatever
/// vouches for the same statements is welcome.
void merge(Store::Impl& impl, RunRecord known, const Bundle& bundle, const std::string& name) {
  const auto here = stored_ids(impl, known);
  const auto there = ids_of(bundle);
  if (!known.import) {
    if (!is_prefix(there, here)) conflict(known.run);
    return;
  }
  if (!is_prefix(here, there)) conflict(known.run);
  const RunRecord fresh = make_record(bundle, name);
  known.statements = fresh.statements;
  known.last = fresh.last;
  known.import = fresh.import;
  if (!name.empty()) known.name = name;
  Query(impl.database, "DELETE FROM statements WHERE run = ?").bind(known.run).run();
  write_chain(impl, bundle);
  update_record(impl, known);
}

}  // namespace

std::string Store::import_bundle(const Bundle& bundle, const std::string& name) {
  impl_->require_write();
  if (bundle.statements.empty()) throw Error(ErrorCode::kUsage, "the bundle has no statement");
  const std::string run = bundle.statements.front().statement.run;
  Transaction transaction(impl_->database);
  if (auto known = find_record(*impl_, run)) {
    merge(*impl_, *std::move(known), bundle, name);
  } else {
    RunRecord record = make_record(bundle, name);
    insert_record(*impl_, record);
    write_chain(*impl_, bundle);
  }
  Material(impl_->database, bundle.algorithm).put(bundle.directories, bundle.objects);
  write_vouchers(*impl_, bundle);
  // What does not hold together is refused here, not at the first look.
  (void)read_chain(*impl_, require_record(*impl_, run));
  transaction.commit();
  return run;
}

}  // namespace mlprov
