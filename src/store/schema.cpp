#include "store/schema.h"

#include <array>
#include <map>
#include <string>

#include "mlprov/support/error.h"

namespace mlprov::store {
namespace {

struct Item {
  const char* name;
  const char* sql;
};

/// Written as SQLite keeps it, so that the two can be compared. `log_index` is null for imported
/// statements; `body` is canonical JSON; `seal` is the log key's signature over it.
constexpr std::array kItems = {
    Item{"meta",
         "CREATE TABLE meta(name TEXT PRIMARY KEY NOT NULL, body TEXT NOT NULL, seal BLOB NOT NULL)"
         " STRICT"},
    Item{"runs",
         "CREATE TABLE runs(sequence INTEGER PRIMARY KEY, run TEXT NOT NULL UNIQUE,"
         " name TEXT NOT NULL, body TEXT NOT NULL, seal BLOB NOT NULL) STRICT"},
    Item{"runs_by_name", "CREATE INDEX runs_by_name ON runs(name)"},
    Item{"statements",
         "CREATE TABLE statements(run TEXT NOT NULL, ordinal INTEGER NOT"
         " NULL, sha256 BLOB NOT NULL, log_index INTEGER UNIQUE, envelope TEXT NOT NULL, inclusion"
         " TEXT, UNIQUE(run, ordinal)) STRICT"},
    Item{"statements_by_sha256", "CREATE INDEX statements_by_sha256 ON statements(sha256)"},
    Item{"directories",
         "CREATE TABLE directories(algorithm TEXT NOT NULL, root BLOB NOT"
         " NULL, part INTEGER NOT NULL, body BLOB NOT NULL, UNIQUE(algorithm, root, part)) STRICT"},
    Item{"objects",
         "CREATE TABLE objects(algorithm TEXT NOT NULL, digest BLOB NOT"
         " NULL, body BLOB NOT NULL, UNIQUE(algorithm, digest)) STRICT"},
    Item{"cosignatures",
         "CREATE TABLE cosignatures(sha256 BLOB NOT NULL, address TEXT NOT NULL, signature TEXT NOT"
         " NULL, PRIMARY KEY(sha256, address)) STRICT"},
    Item{"states",
         "CREATE TABLE states(run TEXT NOT NULL, name TEXT NOT NULL, body TEXT NOT NULL, seal BLOB"
         " NOT NULL, PRIMARY KEY(run, name)) STRICT"},
    Item{"receipts",
         "CREATE TABLE receipts(sha256 BLOB NOT NULL, driver TEXT NOT NULL, name TEXT NOT NULL,"
         " body TEXT NOT NULL, seal BLOB NOT NULL, PRIMARY KEY(sha256, driver, name)) STRICT"},
    Item{"outbox",
         "CREATE TABLE outbox(id INTEGER PRIMARY KEY, sha256 BLOB NOT NULL, network"
         " TEXT NOT NULL, state TEXT NOT NULL, next_time INTEGER NOT NULL, body TEXT NOT NULL, seal"
         " BLOB NOT NULL, UNIQUE(sha256, network)) STRICT"},
    Item{"outbox_by_time", "CREATE INDEX outbox_by_time ON outbox(state, next_time)"},
    Item{"counters",
         "CREATE TABLE counters(name TEXT PRIMARY KEY NOT NULL, body TEXT NOT NULL, seal BLOB NOT"
         " NULL) STRICT"},
};

[[noreturn]] void refuse(const Database& database, ErrorCode code, const std::string& why) {
  throw Error(code, database.file().string() + " " + why);
}

std::map<std::string, std::string> items_of(Database& database) {
  std::map<std::string, std::string> items;
  Query query(database,
              "SELECT name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\'");
  while (query.step()) {
    items.emplace(query.text(0), query.is_null(1) ? std::string_view() : query.text(1));
  }
  return items;
}

}  // namespace

bool is_blank(Database& database) { return items_of(database).empty(); }

void create_schema(Database& database) {
  for (const Item& item : kItems) database.execute(item.sql);
  database.execute(("PRAGMA application_id=" + std::to_string(kApplicationId)).c_str());
  database.execute(("PRAGMA user_version=" + std::to_string(kSchemaVersion)).c_str());
}

void check_schema(Database& database) {
  if (database.value("PRAGMA application_id") != std::to_string(kApplicationId)) {
    refuse(database, ErrorCode::kMalformed, "is no mlprov store");
  }
  const std::string version = database.value("PRAGMA user_version");
  if (version != std::to_string(kSchemaVersion)) {
    refuse(database, ErrorCode::kUnsupported,
           "was written by a newer mlprov (store version " + version + ", this one knows " +
               std::to_string(kSchemaVersion) + "): update mlprov to use it");
  }
  auto items = items_of(database);
  for (const Item& item : kItems) {
    const auto found = items.find(item.name);
    if (found == items.end() || found->second != item.sql) {
      refuse(database, ErrorCode::kMalformed,
             "has been altered: its table `" + std::string(item.name) + "` is not mlprov's");
    }
    items.erase(found);
  }
  if (!items.empty()) {
    refuse(database, ErrorCode::kMalformed,
           "has been altered: it holds `" + items.begin()->first + "`, which is not mlprov's");
  }
}

}  // namespace mlprov::store
