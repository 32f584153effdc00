#include "mlprov/support/error.h"
#include "store/json_fields.h"
#include "store/material.h"
#include "store/run_row.h"
#include "store/state_row.h"

namespace mlprov {

using namespace store;

void Store::save_state(const std::string& run, const std::string& name, const Json& body,
                       const DirectoryMap& directories, const std::map<Digest32, Bytes>& objects) {
  impl_->require_write();
  if (name.empty()) throw Error(ErrorCode::kUsage, "a saved state needs a name");
  Transaction transaction(impl_->database);
  const RunRecord record = require_record(*impl_, run);
  Material(impl_->database, record.algorithm).put(directories, objects);
  const SealedRow row = seal_row(*impl_, "states", {{"name", name}, {"run", run}, {"state", body}});
  Query(impl_->database,
        "INSERT INTO states(run, name, body, seal) VALUES(?, ?, ?, ?) "
        "ON CONFLICT(run, name) DO UPDATE SET body = excluded.body, seal = excluded.seal")
      .bind(run)
      .bind(name)
      .bind(row.body)
      .bind(ByteView(row.seal))
      .run();
  transaction.commit();
}

std::map<std::string, Json> Store::saved_states(const std::string& run) {
  std::map<std::string, Json> states;
  Query query(impl_->database, "SELECT name, body, seal FROM states WHERE run = ? ORDER BY name");
  query.bind(run);
  while (query.step()) {
    const std::string name(query.text(0));
    const Json body = impl_->seal.open("states", name, query.text(1), query.blob(2));
    if (text_field(body, "name") != name || text_field(body, "run") != run) {
      altered("the columns of a saved state differ from its sealed row");
    }
    states.emplace(name, field(body, "state"));
  }
  return states;
}

void Store::drop_state(const std::string& run, const std::string& name) {
  impl_->require_write();
  Transaction transaction(impl_->database);
  delete_state(*impl_, run, name);
  transaction.commit();
}

void store::delete_state(Store::Impl& impl, const std::string& run, const std::string& name) {
  Query(impl.database, "DELETE FROM states WHERE run = ? AND name = ?").bind(run).bind(name).run();
}

}  // namespace mlprov
