#include "store/chain.h"

#include <algorithm>

#include "mlprov/identity/wallet.h"
#include "mlprov/log/checkpoint.h"
#include "mlprov/merkle/rfc6962.h"
#include "mlprov/support/error.h"
#include "mlprov/support/hex.h"
#include "store/json_fields.h"

namespace mlprov::store {
namespace {

constexpr char kColumns[] =
    "SELECT ordinal, sha256, log_index, envelope, inclusion FROM statements WHERE run = ?";

std::string place_of(const std::string& run, std::uint64_t ordinal) {
  return "statement " + std::to_string(ordinal + 1) + " of run " + run;
}

SignedStatement parse_row(const Query& query) {
  const Json inclusion = query.is_null(4) ? Json() : parse_canonical(query.text(4));
  return signed_statement_from_json({{"cosignatures", Json::array()},
                                     {"envelope", parse_canonical(query.text(3))},
                                     {"inclusion", inclusion},
                                     {"receipts", Json::array()}});
}

StoredStatement read_row(const Query& query, const std::string& run) {
  StoredStatement stored;
  stored.ordinal = query.integer(0);
  try {
    stored.statement = parse_row(query);
  } catch (const Error& error) {
    altered(place_of(run, stored.ordinal) + ": " + error.what());
  }
  stored.id = stored.statement.id();
  if (!query.is_null(2)) stored.log_index = query.integer(2);
  if (stored.id != query.digest(1)) {
    altered(place_of(run, stored.ordinal) + " is not the one that its row was made for");
  }
  if (stored.statement.statement.run != run) {
    altered(place_of(run, stored.ordinal) + " is one of another run");
  }
  return stored;
}

void require_link(const StoredStatement& next, const StoredStatement* previous,
                  const RunRecord& record) {
  const Statement& statement = next.statement.statement;
  const std::string place = place_of(record.run, next.ordinal);
  if (statement.algorithm != record.algorithm) altered(place + " has another algorithm");
  if (next.log_index.has_value() == record.import.has_value()) {
    altered(place + " has lost or gained a number in the log");
  }
  if (!record.import && next.statement.inclusion) altered(place + " has a foreign log's proof");
  if (previous == nullptr) {
    if (statement.previous) altered(place + " follows on one that is missing");
    return;
  }
  if (statement.previous != previous->id) altered(place + " does not follow on the one before");
  if (statement.author != previous->statement.statement.author) {
    altered(place + " is by another author");
  }
  if (next.log_index && *next.log_index <= *previous->log_index) {
    altered(place + " stands before its predecessor in the log");
  }
}

/// The row, which is sealed, says how many there are and which is the last.
void require_end(const RunRecord& record, const std::vector<StoredStatement>& chain) {
  const auto last = chain.empty() ? std::nullopt : std::optional(chain.back().id);
  if (chain.size() != record.statements || last != record.last) {
    altered("run " + record.run + " has not the statements that its row names");
  }
}

/// Proofs of the log that an imported run came with.
void require_inclusions(const RunRecord& record, const std::vector<StoredStatement>& chain) {
  if (!record.import) return;
  std::uint64_t included = 0;
  for (const StoredStatement& stored : chain) {
    const auto& proof = stored.statement.inclusion;
    if (!proof) continue;
    ++included;
    if (!record.import->log) altered("a proof of an imported run has lost its log");
    const BundleLog& log = *record.import->log;
    const Checkpoint checkpoint = open_checkpoint(log.checkpoint, NoteVerifier::parse(log.vkey));
    const Digest32 leaf = rfc6962::leaf_hash(Algorithm::kSha256, stored.id);
    const auto root = rfc6962::root_from_inclusion(Algorithm::kSha256, leaf, proof->index,
                                                   checkpoint.size, proof->path);
    if (root != checkpoint.root) altered(place_of(record.run, stored.ordinal) + ": its proof");
  }
  if (included != record.import->included) altered("proofs of an imported run are missing");
}

Json receipt_to_json(const Digest32& id, const Receipt& receipt) {
  return {{"driver", receipt.driver},
          {"name", receipt.name},
          {"receipt", receipt.receipt},
          {"statement", to_hex(id)}};
}

Json read_cosignatures(Store::Impl& impl, const Digest32& id) {
  Json list = Json::array();
  Query query(impl.database,
              "SELECT address, signature FROM cosignatures WHERE sha256 = ? ORDER BY address");
  query.bind(ByteView(id));
  while (query.step()) {
    list.push_back({{"address", query.text(0)}, {"signature", query.text(1)}});
  }
  return list;
}

Json read_receipts(Store::Impl& impl, const Digest32& id) {
  Json list = Json::array();
  Query query(
      impl.database,
      "SELECT driver, name, body, seal FROM receipts WHERE sha256 = ? ORDER BY driver, name");
  query.bind(ByteView(id));
  while (query.step()) {
    Json body = impl.seal.open("receipts", query.text(1), query.text(2), query.blob(3));
    const bool matches = text_field(body, "driver") == query.text(0) &&
                         text_field(body, "name") == query.text(1) &&
                         digest_field(body, "statement") == id;
    if (!matches) altered("a receipt's columns differ from its sealed row");
    body.erase("statement");
    list.push_back(std::move(body));
  }
  return list;
}

}  // namespace

std::optional<StoredStatement> read_statement(Store::Impl& impl, const std::string& run,
                                              std::uint64_t ordinal) {
  Query query(impl.database, std::string(kColumns) + " AND ordinal = ?");
  query.bind(run).bind(ordinal);
  if (!query.step()) return std::nullopt;
  return read_row(query, run);
}

std::uint64_t count_statements(Store::Impl& impl, const std::string& run) {
  Query query(impl.database, "SELECT count(*) FROM statements WHERE run = ?");
  query.bind(run);
  query.step();
  return query.integer(0);
}

std::vector<StoredStatement> read_chain(Store::Impl& impl, const RunRecord& record) {
  std::vector<StoredStatement> chain;
  Query query(impl.database, std::string(kColumns) + " ORDER BY ordinal");
  query.bind(record.run);
  while (query.step()) {
    StoredStatement next = read_row(query, record.run);
    if (next.ordinal != chain.size()) altered(place_of(record.run, chain.size()) + " is missing");
    require_link(next, chain.empty() ? nullptr : &chain.back(), record);
    chain.push_back(std::move(next));
  }
  require_end(record, chain);
  require_inclusions(record, chain);
  return chain;
}

void read_vouchers(Store::Impl& impl, SignedStatement& statement, const Digest32& id) {
  Json json = signed_statement_to_json(statement);
  json["cosignatures"] = read_cosignatures(impl, id);
  json["receipts"] = read_receipts(impl, id);
  if (json["cosignatures"].empty() && json["receipts"].empty()) return;
  try {
    statement = signed_statement_from_json(json);
  } catch (const Error& error) {
    altered(std::string("what vouches for a statement does not hold: ") + error.what());
  }
}

void insert_statement(Store::Impl& impl, const std::string& run, std::uint64_t ordinal,
                      const SignedStatement& statement, std::optional<std::uint64_t> log_index) {
  const Digest32 id = statement.id();
  const Json json = signed_statement_to_json(statement);
  Query insert(impl.database,
               "INSERT INTO statements(run, ordinal, sha256, log_index, envelope, inclusion) "
               "VALUES(?, ?, ?, ?, ?, ?)");
  insert.bind(run).bind(ordinal).bind(ByteView(id));
  if (log_index) {
    insert.bind(*log_index);
  } else {
    insert.bind_null();
  }
  insert.bind(to_canonical(json["envelope"]));
  if (log_index || !statement.inclusion) {
    insert.bind_null();
  } else {
    insert.bind(to_canonical(json["inclusion"]));
  }
  insert.run();
}

void require_statement(Store::Impl& impl, const std::string& run, const Digest32& id) {
  Query query(impl.database, "SELECT 1 FROM statements WHERE run = ? AND sha256 = ?");
  query.bind(run).bind(ByteView(id));
  if (query.step()) return;
  throw Error(ErrorCode::kNotFound, "run " + run + " has no statement sha256:" + to_hex(id));
}

void write_cosignature(Store::Impl& impl, const Digest32& id, const Cosignature& cosignature) {
  Query(impl.database,
        "INSERT INTO cosignatures(sha256, address, signature) VALUES(?, ?, ?) "
        "ON CONFLICT(sha256, address) DO UPDATE SET signature = excluded.signature")
      .bind(ByteView(id))
      .bind(to_string(cosignature.address))
      .bind(signature_to_hex(cosignature.signature))
      .run();
}

void write_receipt(Store::Impl& impl, const Digest32& id, const Receipt& receipt) {
  const SealedRow row = seal_row(impl, "receipts", receipt_to_json(id, receipt));
  Query(
      impl.database,
      "INSERT INTO receipts(sha256, driver, name, body, seal) VALUES(?, ?, ?, ?, ?) "
      "ON CONFLICT(sha256, driver, name) DO UPDATE SET body = excluded.body, seal = excluded.seal")
      .bind(ByteView(id))
      .bind(receipt.driver)
      .bind(receipt.name)
      .bind(row.body)
      .bind(ByteView(row.seal))
      .run();
}

}  // namespace mlprov::store
