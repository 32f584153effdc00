#pragma once

#include <unistd.h>

#include <cstdlib>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "mlprov/record/run.h"
#include "mlprov/store/metrics.h"
#include "mlprov/store/store.h"
#include "support/temp_folder.h"

namespace mlprov::testing {

/// One run built in memory and written to a store statement by statement.
class Trainer {
 public:
  Trainer(Store& store, const PrivateKey& key, std::string name = "digits",
          std::vector<std::string> tags = {}, std::string run = new_run_id())
      : store_(store), id_(std::move(run)), lock_(begin(store, id_, name, std::move(tags))) {
    builder_ =
        std::make_unique<RunBuilder>(RunIdentity{id_, Algorithm::kBlake3, store.log_vkey()}, key);
    builder_->add_text("before/circumstances", "name", name, Salting::kSalted);
    builder_->add_json("before/config", "parameters", {{"batch_size", 64}});
    builder_->add_file("before/code", "diff", as_bytes("--- a\n+++ b\n"));
  }

  const std::string& id() const { return id_; }
  RunBuilder& builder() { return *builder_; }

  Appended before(const std::vector<std::string>& networks = {}) {
    return write(builder_->seal_before(), networks);
  }

  Appended epoch(double accuracy) {
    const std::string folder = statement_path(Phase::kEpoch, builder_->open_epoch());
    builder_->add_json(folder, "metrics", metrics_to_json({{"accuracy", accuracy}}));
    Digest32 weights{};
    weights[0] = static_cast<std::uint8_t>(builder_->open_epoch());
    builder_->add_tensor(folder + "/model", "fc.weight", "F32", {10, 5}, weights);
    return write(builder_->seal_epoch());
  }

  Appended after() {
    builder_->add_json("result", "metrics", metrics_to_json({{"loss", 0.25}}));
    return write(builder_->seal_after());
  }

  /// The whole of a small run.
  void train(int epochs) {
    before();
    for (int i = 1; i <= epochs; ++i) epoch(0.9 + i / 100.0);
    after();
    store_.end_run(id_, RunEnd::kFinished);
  }

  void release() { lock_.reset(); }

 private:
  static std::unique_ptr<RunLock> begin(Store& store, const std::string& id,
                                        const std::string& name, std::vector<std::string> tags) {
    return std::make_unique<RunLock>(
        store.begin_run({id, name, Algorithm::kBlake3, now_utc(), std::move(tags)}));
  }

  Appended write(const SignedStatement& statement, const std::vector<std::string>& networks = {}) {
    const Bundle bundle = builder_->bundle();
    return store_.append(
        {statement, builder_->last_tree().directories(), bundle.objects, networks, {}});
  }

  Store& store_;
  std::string id_;
  std::unique_ptr<RunLock> lock_;
  std::unique_ptr<RunBuilder> builder_;
};

/// A folder in memory where the machine has such a place: many small syncs, done quickly.
struct FastFolder {
  FastFolder() {
    const char* const before = std::getenv("TMPDIR");
    const std::string kept = before == nullptr ? "" : before;
    if (::access("/dev/shm", W_OK) == 0) ::setenv("TMPDIR", "/dev/shm", 1);
    folder.emplace();
    if (before == nullptr) {
      ::unsetenv("TMPDIR");
    } else {
      ::setenv("TMPDIR", kept.c_str(), 1);
    }
  }
  operator const TempFolder&() const { return *folder; }

  std::optional<TempFolder> folder;
};

inline StoreFolder folder_in(const TempFolder& temporary) { return {temporary / ".mlprov"}; }

}  // namespace mlprov::testing
