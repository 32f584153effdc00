#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "mlprov/store/store.h"

namespace mlprov {

struct StoreWriterOptions {
  std::size_t max_jobs = 64;                       ///< Jobs that wait.
  std::size_t max_bytes = std::size_t{256} << 20;  ///< What they hold, roughly.
  /// How long `submit` waits for room while the disk is slow, before the job is dropped.
  std::chrono::milliseconds max_wait{60'000};
  /// Pause between attempts while the store refuses (disk full, locked).
  std::chrono::milliseconds retry_every{2'000};
};

/// What became of the jobs so far.
struct StoreWriterStatus {
  std::uint64_t written = 0;
  std::uint64_t waiting = 0;
  std::uint64_t dropped = 0;
  /// Sentences, each once: why something was dropped or has to wait, and the log's problems.
  std::vector<std::string> problems;

  bool complete() const noexcept { return waiting == 0 && dropped == 0; }
};

/// One thread that writes to a store, so that training never waits for a disk. Nothing here
/// throws after construction: failures end up in the status.
///
/// Order is kept. A job that fails is tried again every `retry_every`, and before `flush` and
/// `close` give up; jobs behind it wait, since statements form a chain. Back-pressure: `submit`
/// returns at once while there is room. When there is none it waits up to `max_wait` for a store
/// that works but is slow; while the store refuses it does not wait at all. A job that finds no
/// room is dropped, and with it every later one: what is stored stays a valid beginning.
///
/// In a forked child every call does nothing.
class StoreWriter {
 public:
  using Job = std::function<void(Store&)>;

  explicit StoreWriter(Store store, const StoreWriterOptions& options = {});
  /// Closes with a short deadline.
  ~StoreWriter();
  StoreWriter(const StoreWriter&) = delete;
  StoreWriter& operator=(const StoreWriter&) = delete;

  /// Queues a statement; its directories are shared, not copied. False: dropped.
  bool append(SignedStatement statement, DirectoryMap directories,
              std::map<Digest32, Bytes> objects, std::vector<std::string> networks = {},
              std::vector<std::string> clears = {}) noexcept;
  bool save_state(std::string run, std::string name, Json body) noexcept;
  bool end_run(std::string run, RunEnd end, std::vector<std::string> reasons) noexcept;
  /// Anything else; `bytes` counts towards `max_bytes`.
  bool submit(Job job, std::size_t bytes = 0) noexcept;

  /// Waits until everything submitted so far is durable or dropped, or the time is over. True when
  /// all of it is written.
  bool flush(std::chrono::milliseconds timeout) noexcept;
  StoreWriterStatus status() const;
  /// Flushes, ends the thread and closes the store. What could not be written counts as dropped.
  StoreWriterStatus close(std::chrono::milliseconds timeout) noexcept;

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace mlprov
