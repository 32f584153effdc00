#include "mlprov/identity/wallet.h"
#include "mlprov/support/error.h"
#include "mlprov/support/hex.h"
#include "store/chain.h"
#include "store/log_publish.h"
#include "store/material.h"
#include "store/outbox_row.h"
#include "store/run_row.h"
#include "store/state_row.h"

namespace mlprov {
namespace {

using namespace store;

void require_fit(const Store::Impl& impl, const RunRecord& record, const Statement& statement) {
  if (record.import) {
    throw Error(ErrorCode::kConflict, "run " + record.run + " was imported and cannot grow");
  }
  if (statement.algorithm != record.algorithm) {
    throw Error(ErrorCode::kUsage, "the statement's algorithm is not its run's");
  }
  if (statement.log != impl.vkey) {
    throw Error(ErrorCode::kUsage, "the statement does not name this store's log, " + impl.vkey);
  }
  if (statement.previous != record.last) {
    throw Error(ErrorCode::kConflict, "the statement does not follow on the last one of run " +
                                          record.run + ": another process has added to the run");
  }
}

std::uint64_t next_log_index(Store::Impl& impl) {
  Query query(impl.database, "SELECT COALESCE(MAX(log_index) + 1, 0) FROM statements");
  query.step();
  return query.integer(0);
}

/// Hands out the statement only when its own signature holds: what is stored can be loaded.
void require_signed(const SignedStatement& statement) {
  SignedStatement bare = statement;
  bare.inclusion.reset();
  (void)signed_statement_from_json(signed_statement_to_json(bare));
}

void add_inclusion(const LogTree& tree, const Checkpoint& checkpoint, const StoredStatement& stored,
                   SignedStatement& statement) {
  const std::uint64_t index = *stored.log_index;
  if (tree.entry(index) != stored.id) altered("a statement stands in the log as another one");
  statement.inclusion = LogInclusion{index, tree.inclusion(index, checkpoint.size)};
}

std::optional<SignedCheckpoint> try_checkpoint(Store::Impl& impl) {
  try {
    return impl.log.checkpoint();
  } catch (const Error&) {
    return std::nullopt;
  }
}

/// Log and inclusion of a run that this store recorded.
void attach_log(Store::Impl& impl, const std::optional<SignedCheckpoint>& checkpoint,
                const std::vector<StoredStatement>& chain, LoadedRun& run) {
  for (const StoredStatement& stored : chain) {
    if (stored.statement.statement.log != impl.vkey) {
      altered("the statements of run " + run.record.run + " name another log than the store's");
    }
  }
  try {
    if (!impl.log.problem().empty()) throw Error(ErrorCode::kConflict, impl.log.problem());
    // Where reading it failed the first time, this says why.
    const SignedCheckpoint signed_log = checkpoint ? *checkpoint : impl.log.checkpoint();
    const LogTree& tree = impl.log_tree();
    impl.log.require_continuation(signed_log.body, tree);
    if (*chain.front().log_index >= signed_log.body.size) {
      throw Error(ErrorCode::kIo, "the log's checkpoint does not reach this run yet");
    }
    for (std::size_t i = 0; i < chain.size(); ++i) {
      if (*chain[i].log_index < signed_log.body.size) {
        add_inclusion(tree, signed_log.body, chain[i], run.bundle.statements[i]);
      }
    }
    if (!run.bundle.statements.back().inclusion) {
      run.warnings.emplace_back("the log's checkpoint does not reach the run's last statement yet");
    }
    run.bundle.log = BundleLog{signed_log.note, impl.vkey};
  } catch (const Error& error) {
    for (auto& statement : run.bundle.statements) statement.inclusion.reset();
    run.warnings.push_back(std::string("without the log: ") + error.what());
  }
}

}  // namespace

Appended Store::append(const NewStatement& added) {
  impl_->require_write();
  require_signed(added.statement);
  const Statement& statement = added.statement.statement;
  Appended appended;
  {
    Transaction transaction(impl_->database);
    RunRecord record = require_record(*impl_, statement.run);
    require_fit(*impl_, record, statement);
    Material(impl_->database, record.algorithm).put(added.directories, added.objects);
    appended.log_index = next_log_index(*impl_);
    insert_statement(*impl_, record.run, record.statements, added.statement, appended.log_index);
    ++record.statements;
    record.last = added.statement.id();
    update_record(*impl_, record);
    for (const std::string& network : added.networks) {
      insert_outbox(*impl_, statement, added.statement.id(), network);
    }
    for (const std::string& name : added.clears) delete_state(*impl_, record.run, name);
    transaction.commit();
  }
  appended.log_problem = try_publish(*impl_);
  return appended;
}

std::optional<Digest32> Store::last_statement(const std::string& run) {
  return require_record(*impl_, run).last;
}

LoadedRun Store::load(const std::string& run) {
  const auto checkpoint = try_checkpoint(*impl_);
  const Snapshot snapshot(impl_->database);
  LoadedRun loaded;
  loaded.record = require_record(*impl_, run);
  const auto chain = read_chain(*impl_, loaded.record);
  if (chain.empty()) {
    throw Error(ErrorCode::kNotFound, "run " + run + " has no signed statement yet");
  }
  loaded.bundle.algorithm = loaded.record.algorithm;
  for (const StoredStatement& stored : chain) {
    loaded.bundle.statements.push_back(stored.statement);
    read_vouchers(*impl_, loaded.bundle.statements.back(), stored.id);
  }
  const auto& import = loaded.record.import;
  collect_material(impl_->database, loaded.bundle, !import || import->complete);
  if (import) {
    loaded.bundle.log = import->log;
  } else {
    attach_log(*impl_, checkpoint, chain, loaded);
  }
  return loaded;
}

void Store::add_cosignature(const std::string& run, const Digest32& statement,
                            const Cosignature& cosignature) {
  impl_->require_write();
  const auto signer = recover_signer(eip191_digest(cosign_text(statement)), cosignature.signature);
  if (signer != cosignature.address) {
    throw Error(ErrorCode::kCrypto, "the co-signature is not one by " +
                                        to_string(cosignature.address) + " for this statement");
  }
  Transaction transaction(impl_->database);
  require_statement(*impl_, run, statement);
  const auto first = read_statement(*impl_, run, 0);
  if (first && first->statement.statement.author == cosignature.address) {
    throw Error(ErrorCode::kUsage, "the author does not co-sign his own statement");
  }
  write_cosignature(*impl_, statement, cosignature);
  transaction.commit();
}

void Store::put_receipt(const std::string& run, const Digest32& statement, const Receipt& receipt) {
  impl_->require_write();
  if (receipt.driver.empty() || receipt.name.empty() || !receipt.receipt.is_object()) {
    throw Error(ErrorCode::kUsage, "a receipt needs a driver, a name and an object");
  }
  Transaction transaction(impl_->database);
  require_statement(*impl_, run, statement);
  write_receipt(*impl_, statement, receipt);
  transaction.commit();
}

}  // namespace mlprov
