#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mlprov/record/run.h"
#include "mlprov/tracker/config.h"

namespace mlprov {

struct SessionOptions {
  std::string name;                                  ///< The run's name, for people.
  std::optional<std::filesystem::path> config_file;  ///< Else `MLPROV_CONFIG`, else defaults.
  std::optional<Config> config;                      ///< Wins over a file.
  std::filesystem::path start = ".";                 ///< Where the search for `.mlprov/` begins.
  bool announce = true;  ///< One line on stderr at the start and at the end.
};

/// A tensor as an entry: name, what it is, and the digest of its canonical bytes.
struct TensorRecord {
  std::string name;
  std::string dtype;
  std::vector<std::uint64_t> shape;
  Digest32 digest{};
};

/// One run from its beginning to its anchors: what ProvenanceTracker (no LibTorch) and
/// ProvenanceCallback (LibTorch) share. It owns the run's builder, its place in the store, the key
/// and the outbox.
///
/// Errors: the constructor and `data` throw, since they run before the first batch. From
/// `seal_before` on nothing throws: a failure is kept in `problems`, logged once, and the run is
/// marked incomplete; training goes on. Thread-safety: one thread records; `metric` may be called
/// from any.
///
/// With `MLPROV_DISABLED=1` every call does nothing, and `enabled` is false. `MLPROV_RUN` joins the
/// run that `mlprov run` has begun.
class RunSession {
 public:
  explicit RunSession(const SessionOptions& options);
  /// Seals what is open, quietly and without network; while an exception unwinds the stack the run
  /// is marked failed.
  ~RunSession();
  RunSession(RunSession&&) noexcept;
  RunSession& operator=(RunSession&&) noexcept;

  bool enabled() const noexcept;
  const Config& config() const noexcept;
  Algorithm algorithm() const noexcept { return config().algorithm; }
  const std::string& run_id() const noexcept;
  const std::filesystem::path& store_folder() const noexcept;

  /// Digests a file, or every file below a folder, into `before/data/<split>`. Throws `kNotFound`
  /// naming the path, or `kUsage` after `seal_before`.
  void data(std::string_view split, const std::filesystem::path& path);

  /// Entries at any open place of the run (see RunBuilder).
  void add_json(std::string_view folder, std::string_view name, const Json& value,
                Salting salting = Salting::kClear);
  void add_text(std::string_view folder, std::string_view name, std::string_view utf8,
                Salting salting = Salting::kClear);
  void add_bytes(std::string_view folder, std::string_view name, ByteView content,
                 Salting salting = Salting::kClear);
  void add_tensors(std::string_view folder, const std::vector<TensorRecord>& tensors);

  /// Closes the inputs: signs and stores the pre-training root. Happens once; later calls and the
  /// first epoch's opening do it if nobody has.
  void seal_before();

  /// `training/epoch-%08d` of the open epoch; the first call of an epoch opens it, sealing the one
  /// before. Empty when the session is disabled.
  std::string open_epoch();
  /// Makes the open epoch's state durable (one transaction); metrics may still come.
  void commit_epoch();
  /// A measured value of the open epoch; before the first and after the last epoch, of the result.
  void metric(std::string_view name, double value);
  /// Signs the open epoch with the metrics that came in. Implied by `open_epoch` and `finish`.
  void seal_epoch();

  /// Seals the run, writes the log, hands commitments to the outbox. Does nothing the second time.
  void finish();
  /// Marks the run failed, with a reason; what was sealed stays verifiable.
  void fail(std::string_view reason);

  /// Adds a problem that the caller met: the run is marked incomplete with that sentence.
  void note_problem(std::string_view problem);
  /// Everything that went wrong since `seal_before`, a sentence each; empty is good.
  std::vector<std::string> problems() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace mlprov
