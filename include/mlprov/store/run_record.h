#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mlprov/digest/algorithm.h"
#include "mlprov/identity/key.h"
#include "mlprov/record/bundle.h"
#include "mlprov/store/metrics.h"
#include "mlprov/support/time.h"

namespace mlprov {

/// How a run ended, as its own process or a later one noted it. Persisted by name: frozen.
enum class RunEnd {
  kFinished,     ///< The process said so.
  kFailed,       ///< An exception or a failing command.
  kInterrupted,  ///< Noted by somebody who found the run without its process.
};

/// The store's own row for a run: what is not, or not yet, in any signed statement. The row is
/// sealed by the log's key, so a change by other means than this library is noticed.
struct RunRecord {
  std::string run;             ///< 32 lower-case hex.
  std::uint64_t sequence = 0;  ///< Order of beginning, from 1.
  std::string name;            ///< May be empty.
  Algorithm algorithm = Algorithm::kBlake3;
  UtcSeconds started{};           ///< For an imported run: when it was imported.
  std::vector<std::string> tags;  ///< Sorted, each once.

  std::optional<RunEnd> end;
  UtcSeconds ended{};
  std::vector<std::string> reasons;  ///< Sentences: why it failed, what is incomplete.

  std::uint64_t statements = 0;  ///< How many there are: none can be cut off the end unseen.
  std::optional<Digest32> last;  ///< SHA-256 of the last one.

  /// Set for a run that came in as a bundle: what the bundle was, since the log does not hold it.
  struct Import {
    std::uint64_t included = 0;  ///< Statements with a proof for the bundle's log.
    /// Every directory and every small json and text object was carried: one that is missing was
    /// taken away here.
    bool complete = false;
    std::optional<BundleLog> log;
  };
  std::optional<Import> import;
};

/// What `list` shows. Persisted nowhere: derived on every call.
enum class RunStatus {
  kRunning,   ///< Some process holds its lock.
  kFinished,  ///< Has an `after` statement, or was ended as finished.
  kFailed,
  kInterrupted,  ///< No process holds its lock and nobody ended it.
  kImported,     ///< Came in as a bundle.
};

std::string_view to_string(RunStatus status) noexcept;
std::string_view to_string(RunEnd end) noexcept;

/// One line of `list`. Everything here is from statements whose signature was checked for this
/// call, from directories and objects that were hashed, or from the sealed row.
struct RunSummary {
  RunRecord record;
  RunStatus status = RunStatus::kInterrupted;
  std::string name;  ///< As signed, where it is signed; else the record's.
  std::uint64_t statements = 0;
  std::uint64_t epochs = 0;
  std::optional<Address> author;
  std::optional<UtcSeconds> first_time;  ///< The author's claim in the first statement.
  std::optional<UtcSeconds> last_time;
  std::optional<Digest32> root;  ///< Of the last statement.
  std::vector<Metric> metrics;   ///< Of the result, else of the last epoch or step; by name.

  /// What does not hold; the values beside it are then those that still do.
  std::vector<std::string> problems;
};

}  // namespace mlprov
