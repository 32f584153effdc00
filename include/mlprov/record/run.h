#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "mlprov/merkle/tree.h"
#include "mlprov/record/bundle.h"

namespace mlprov {

/// Whether an entry gets a salt: 16 fresh random bytes that hide it when only its leaf is shown.
enum class Salting { kClear, kSalted };

/// What a run needs from outside, replaceable in tests and for golden files.
struct RunEnvironment {
  std::function<UtcSeconds()> now;  ///< Default: the system clock.
  std::function<Salt()> salt;       ///< Default: the operating system's randomness.
};

struct RunIdentity {
  std::string run;  ///< 32 lower-case hex; see `new_run_id`.
  Algorithm algorithm = Algorithm::kBlake3;
  std::optional<std::string> log;  ///< Verifier key of the log, if any.
};

/// 16 random bytes as hex.
std::string new_run_id();

/// Builds one run in memory, statement by statement, and never lets it leave the skeleton of
/// docs/format.md. Storage is somebody else's: see `last_tree` and `objects`. Not thread-safe.
///
///     RunBuilder run(identity, key);
///     run.add_json("before/config", "parameters", {...});
///     run.seal_before();
///     run.add_tensor("training/epoch-00000001/model", "fc.weight", "F32", {10, 5}, digest);
///     run.seal_epoch();
///     run.seal_after();
///     std::string text = encode_bundle(run.bundle());
class RunBuilder {
 public:
  /// `key` is borrowed and must outlive the builder.
  RunBuilder(RunIdentity identity, const PrivateKey& key, RunEnvironment environment = {});
  /// Goes on with a run where `so_far` ends; what was open then is lost. Throws `kUsage` when the
  /// run is another author's, `kNotFound` when a directory of its statements is not carried.
  static RunBuilder resume(const Bundle& so_far, const PrivateKey& key,
                           RunEnvironment environment = {});
  ~RunBuilder();
  RunBuilder(RunBuilder&&) noexcept;
  RunBuilder& operator=(RunBuilder&&) noexcept;

  /// Adds to the directory at `folder` (escaped names joined by `/`, below `before`, the open
  /// epoch, `result`, `circumstances` or the open step). Names are escaped here. Throws
  /// `kConflict`, or `kUsage` for a place that is sealed or not in the skeleton.
  void add_json(std::string_view folder, std::string_view name, const Json& value,
                Salting salting = Salting::kClear);
  void add_text(std::string_view folder, std::string_view name, std::string_view utf8,
                Salting salting = Salting::kClear);
  void add_file(std::string_view folder, std::string_view name, ByteView content,
                Salting salting = Salting::kClear);
  /// A file known by its digest and size only.
  void add_file_digest(std::string_view folder, std::string_view name, const Digest32& digest,
                       std::uint64_t size, Salting salting = Salting::kClear);
  void add_tensor(std::string_view folder, std::string_view name, std::string_view dtype,
                  std::vector<std::uint64_t> shape, const Digest32& digest,
                  Salting salting = Salting::kClear);
  void add_folder(std::string_view folder);

  /// Seal and sign. `seal_step` ends the open step; it may come once before `seal_before` (the
  /// command that started the run) and any number of times after `seal_after`, or the run consists
  /// of steps only. Each returns the new statement.
  const SignedStatement& seal_step();
  const SignedStatement& seal_before();
  const SignedStatement& seal_epoch();
  const SignedStatement& seal_after();

  /// Number of the epoch or step that is open: entries go to `training/epoch-%08d`, `step-%08d`.
  std::uint64_t open_epoch() const noexcept;
  std::uint64_t open_step() const noexcept;

  /// The tree of the last sealed statement's directory.
  const MerkleTree& last_tree() const;
  /// The statements so far, in order.
  const std::vector<SignedStatement>& statements() const noexcept;
  /// Contents that are small enough to be carried, of everything added so far.
  const std::map<Digest32, Bytes>& objects() const noexcept;
  /// Everything so far as a bundle that carries all directories and contents.
  Bundle bundle() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace mlprov
