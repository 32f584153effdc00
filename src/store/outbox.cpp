#include "mlprov/store/outbox.h"

#include <array>

#include "mlprov/support/error.h"
#include "mlprov/support/hex.h"
#include "store/chain.h"
#include "store/json_fields.h"
#include "store/outbox_row.h"
#include "store/run_row.h"

namespace mlprov {
namespace {

using namespace store;

constexpr std::array kStates = {OutboxState::kPending,     OutboxState::kSent,
                                OutboxState::kIncluded,    OutboxState::kFinal,
                                OutboxState::kReorganised, OutboxState::kAbandoned};
constexpr char kSelect[] = "SELECT id, sha256, network, state, next_time, body, seal FROM outbox ";
constexpr char kOpen[] = "state NOT IN ('final', 'abandoned')";

OutboxState state_from_name(const std::string& name) {
  for (const OutboxState state : kStates) {
    if (to_string(state) == name) return state;
  }
  altered("an outbox row has the unknown state `" + name + "`");
}

Json item_to_json(const OutboxItem& item) {
  return {{"attempts", item.attempts},
          {"data", item.data},
          {"id", item.id},
          {"last_error", item.last_error},
          {"network", item.network},
          {"next_time", format_utc(item.next_time)},
          {"nonce", item.nonce},
          {"root", to_hex(item.root)},
          {"run", item.run},
          {"signed_bytes", to_base64(item.signed_bytes)},
          {"state", to_string(item.state)},
          {"statement", to_hex(item.statement)}};
}

OutboxItem item_from_json(const Json& body) {
  OutboxItem item;
  item.id = number_field(body, "id");
  item.run = text_field(body, "run");
  item.statement = digest_field(body, "statement");
  item.root = digest_field(body, "root");
  item.network = text_field(body, "network");
  item.state = state_from_name(text_field(body, "state"));
  item.attempts = number_field(body, "attempts");
  item.next_time = time_field(body, "next_time");
  item.last_error = text_field(body, "last_error");
  item.nonce = text_field(body, "nonce");
  const auto bytes = from_base64(text_field(body, "signed_bytes"));
  if (!bytes) altered("an outbox row has damaged signed bytes");
  item.signed_bytes = *bytes;
  item.data = field(body, "data");
  return item;
}

OutboxItem read_item(Store::Impl& impl, const Query& query) {
  const std::string key = std::to_string(query.integer(0));
  const OutboxItem item =
      item_from_json(impl.seal.open("outbox", key, query.text(5), query.blob(6)));
  const bool matches = item.id == query.integer(0) && item.statement == query.digest(1) &&
                       item.network == query.text(2) && to_string(item.state) == query.text(3) &&
                       to_seconds(item.next_time) == query.integer(4);
  if (!matches) altered("the columns of outbox row " + key + " differ from its sealed row");
  return item;
}

std::optional<OutboxItem> find_item(Store::Impl& impl, const Digest32& statement,
                                    const std::string& network) {
  Query query(impl.database, std::string(kSelect) + "WHERE sha256 = ? AND network = ?");
  query.bind(ByteView(statement)).bind(network);
  if (!query.step()) return std::nullopt;
  return read_item(impl, query);
}

void write_item(Store::Impl& impl, const OutboxItem& item) {
  const SealedRow row = seal_row(impl, "outbox", item_to_json(item));
  Query(impl.database,
        "INSERT INTO outbox(id, sha256, network, state, next_time, body, seal) "
        "VALUES(?, ?, ?, ?, ?, ?, ?) ON CONFLICT(id) DO UPDATE SET state = excluded.state, "
        "next_time = excluded.next_time, body = excluded.body, seal = excluded.seal")
      .bind(item.id)
      .bind(ByteView(item.statement))
      .bind(item.network)
      .bind(to_string(item.state))
      .bind(to_seconds(item.next_time))
      .bind(row.body)
      .bind(ByteView(row.seal))
      .run();
}

/// The statement of that digest, checked.
Statement read_by_id(Store::Impl& impl, const std::string& run, const Digest32& id) {
  for (const StoredStatement& stored : read_chain(impl, require_record(impl, run))) {
    if (stored.id == id) return stored.statement.statement;
  }
  throw Error(ErrorCode::kNotFound, "run " + run + " has no statement sha256:" + to_hex(id));
}

}  // namespace

std::string_view to_string(OutboxState state) noexcept {
  switch (state) {
    case OutboxState::kPending:
      return "pending";
    case OutboxState::kSent:
      return "sent";
    case OutboxState::kIncluded:
      return "included";
    case OutboxState::kFinal:
      return "final";
    case OutboxState::kReorganised:
      return "reorganised";
    case OutboxState::kAbandoned:
      return "abandoned";
  }
  return "pending";
}

void store::insert_outbox(Store::Impl& impl, const Statement& statement, const Digest32& id,
                          const std::string& network) {
  if (network.empty()) throw Error(ErrorCode::kUsage, "a commitment needs a network's name");
  if (find_item(impl, id, network)) return;
  Query next(impl.database, "SELECT COALESCE(MAX(id), 0) + 1 FROM outbox");
  next.step();
  OutboxItem item;
  item.id = next.integer(0);
  item.run = statement.run;
  item.statement = id;
  item.root = statement.root;
  item.network = network;
  item.next_time = now_utc();
  write_item(impl, item);
}

std::vector<OutboxItem> Store::outbox(bool include_done) {
  std::vector<OutboxItem> items;
  const std::string where = include_done ? "" : std::string("WHERE ") + kOpen + " ";
  Query query(impl_->database, kSelect + where + "ORDER BY next_time, id");
  while (query.step()) items.push_back(read_item(*impl_, query));
  return items;
}

OutboxItem Store::enqueue(const std::string& run, const Digest32& statement,
                          const std::string& network) {
  impl_->require_write();
  Transaction transaction(impl_->database);
  insert_outbox(*impl_, read_by_id(*impl_, run, statement), statement, network);
  OutboxItem item = *find_item(*impl_, statement, network);
  transaction.commit();
  return item;
}

std::optional<OutboxItem> Store::claim_due(UtcSeconds now, std::chrono::seconds lease,
                                           const std::string& network) {
  impl_->require_write();
  Transaction transaction(impl_->database);
  std::optional<OutboxItem> item;
  {
    const std::string one = network.empty() ? "" : " AND network = ?";
    Query query(impl_->database, std::string(kSelect) + "WHERE " + kOpen + " AND next_time <= ?" +
                                     one + " ORDER BY next_time, id LIMIT 1");
    query.bind(to_seconds(now));
    if (!network.empty()) query.bind(network);
    if (query.step()) item = read_item(*impl_, query);
  }
  if (!item) return std::nullopt;
  item->next_time = now + lease;
  write_item(*impl_, *item);
  transaction.commit();
  return item;
}

void Store::update_outbox(const OutboxItem& item, const std::optional<Receipt>& receipt) {
  impl_->require_write();
  Transaction transaction(impl_->database);
  const auto known = find_item(*impl_, item.statement, item.network);
  if (!known || known->id != item.id) {
    throw Error(ErrorCode::kNotFound, "the outbox has no row " + std::to_string(item.id));
  }
  write_item(*impl_, item);
  if (receipt) write_receipt(*impl_, item.statement, *receipt);
  transaction.commit();
}

}  // namespace mlprov
