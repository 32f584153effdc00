#include "store/log_publish.h"

#include "mlprov/support/error.h"

namespace mlprov {

const store::LogTree& Store::Impl::log_tree() {
  store::Query query(database,
                     "SELECT log_index, sha256 FROM statements WHERE log_index >= ? "
                     "ORDER BY log_index");
  query.bind(tree_.size());
  while (query.step()) {
    if (query.integer(0) != tree_.size()) {
      store::altered("the statement with the log's number " + std::to_string(tree_.size()) +
                     " is missing");
    }
    tree_.append(query.digest(1));
  }
  return tree_;
}

std::string Store::checkpoint() { return impl_->log.checkpoint().note; }

void Store::publish_log() {
  impl_->require_write();
  store::publish(*impl_);
}

void Store::rebuild_log() {
  impl_->require_write();
  store::Transaction transaction(impl_->database);
  const store::LogTree& tree = impl_->log_tree();
  impl_->log.rebuild(tree);
  impl_->log.publish(tree);
}

bool Store::continues(std::string_view older_checkpoint) {
  const Checkpoint older = open_checkpoint(older_checkpoint, impl_->log.verifier());
  const store::LogTree& tree = impl_->log_tree();
  return older.size <= tree.size() && tree.root(older.size) == older.root;
}

}  // namespace mlprov

namespace mlprov::store {

void publish(Store::Impl& impl) {
  Transaction lock(impl.database);
  impl.log.publish(impl.log_tree());
}

void catch_up(Store::Impl& impl) {
  const Checkpoint old = impl.log.checkpoint().body;
  const LogTree& tree = impl.log_tree();
  impl.log.require_continuation(old, tree);
  if (old.size == tree.size()) return;
  try {
    publish(impl);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::kIo) throw;
  }
}

std::string try_publish(Store::Impl& impl) noexcept {
  try {
    publish(impl);
    return {};
  } catch (const std::exception& error) {
    return error.what();
  }
}

}  // namespace mlprov::store
