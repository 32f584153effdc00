#include "mlprov/store/store_writer.h"

#include <unistd.h>

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>

#include "mlprov/support/error.h"

namespace mlprov {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kClosingTime{5'000};
/// What a statement holds beside its objects; directories are shared with the builder.
constexpr std::size_t kStatementBytes = 4096;

struct Task {
  StoreWriter::Job job;
  std::size_t bytes = 0;
};

void note(std::vector<std::string>& problems, const std::string& text) {
  if (std::find(problems.begin(), problems.end(), text) == problems.end()) {
    problems.push_back(text);
  }
}

std::size_t bytes_of(const std::map<Digest32, Bytes>& objects) {
  std::size_t bytes = kStatementBytes;
  for (const auto& [digest, content] : objects) bytes += content.size();
  return bytes;
}

}  // namespace

struct StoreWriter::Impl {
  explicit Impl(Store opened, const StoreWriterOptions& options_)
      : options(options_), owner(::getpid()), store(std::move(opened)) {}

  bool own_process() const noexcept { return owner == ::getpid(); }
  bool has_room(std::size_t bytes) const {
    return tasks.size() < options.max_jobs && (tasks.empty() || held + bytes <= options.max_bytes);
  }

  void work();
  void attempt(std::unique_lock<std::mutex>& lock);
  void refused(const std::string& why, bool for_ever);
  void drop_all(const std::string& why);
  bool push(Job job, std::size_t bytes);
  bool wait_empty(std::unique_lock<std::mutex>& lock, std::chrono::milliseconds timeout);

  const StoreWriterOptions options;
  const int owner;

  mutable std::mutex mutex;
  std::condition_variable changed;  ///< Anything below.
  std::deque<Task> tasks;           ///< The front one may be at work.
  std::size_t held = 0;
  bool broken = false;    ///< Something was dropped: nothing later may be written.
  bool refusing = false;  ///< The last attempt failed.
  bool hurry = false;     ///< Somebody waits: try again at once.
  bool closing = false;
  std::optional<Clock::time_point> deadline;  ///< Of `close`.
  StoreWriterStatus state;

  std::optional<Store> store;  ///< The thread's own, after construction.
  std::thread thread;
};

void StoreWriter::Impl::drop_all(const std::string& why) {
  note(state.problems, why);
  state.dropped += tasks.size();
  tasks.clear();
  held = 0;
  broken = true;
  changed.notify_all();
}

void StoreWriter::Impl::refused(const std::string& why, bool for_ever) {
  if (for_ever) {
    drop_all(why);
    return;
  }
  note(state.problems, why);
  refusing = true;
  hurry = false;
  changed.notify_all();
}

/// Runs the front task without the lock. Only what the operating system refuses may go better
/// later; what the store itself refuses will be refused again.
void StoreWriter::Impl::attempt(std::unique_lock<std::mutex>& lock) {
  const Job job = tasks.front().job;
  lock.unlock();
  std::optional<std::string> why;
  bool for_ever = true;
  try {
    job(*store);
  } catch (const Error& error) {
    why = error.what();
    for_ever = error.code() != ErrorCode::kIo;
  } catch (const std::exception& error) {
    why = error.what();
  } catch (...) {
    why = "an unknown failure";
  }
  lock.lock();
  if (why) {
    refused(*why, for_ever);
    return;
  }
  refusing = false;
  if (!tasks.empty()) {
    held -= std::min(held, tasks.front().bytes);
    tasks.pop_front();
    ++state.written;
  }
  changed.notify_all();
}

void StoreWriter::Impl::work() {
  std::unique_lock lock(mutex);
  while (true) {
    if (tasks.empty()) {
      if (closing) break;
      changed.wait(lock);
      continue;
    }
    if (closing && deadline && Clock::now() >= *deadline) {
      drop_all("time was up before everything was written");
      continue;
    }
    attempt(lock);
    if (!refusing || tasks.empty()) continue;
    auto until = Clock::now() + options.retry_every;
    if (deadline) until = std::min(until, *deadline);
    changed.wait_until(lock, until, [&] { return hurry; });
  }
  store.reset();
}

bool StoreWriter::Impl::push(Job job, std::size_t bytes) {
  std::unique_lock lock(mutex);
  if (!broken && !closing && !refusing && !has_room(bytes)) {
    changed.wait_for(lock, options.max_wait,
                     [&] { return broken || closing || refusing || has_room(bytes); });
  }
  if (!broken && !closing && has_room(bytes)) {
    tasks.push_back({std::move(job), bytes});
    held += bytes;
    changed.notify_all();
    return true;
  }
  ++state.dropped;
  if (!broken) note(state.problems, "the queue to the store was full");
  broken = true;
  return false;
}

bool StoreWriter::Impl::wait_empty(std::unique_lock<std::mutex>& lock,
                                   std::chrono::milliseconds timeout) {
  hurry = true;
  changed.notify_all();
  return changed.wait_for(lock, timeout, [&] { return tasks.empty(); });
}

StoreWriter::StoreWriter(Store store, const StoreWriterOptions& options)
    : impl_(std::make_shared<Impl>(std::move(store), options)) {
  impl_->thread = std::thread([impl = impl_.get()] { impl->work(); });
}

StoreWriter::~StoreWriter() {
  if (impl_->own_process()) {
    close(kClosingTime);
    return;
  }
  // The thread did not come along into this forked child, and the store is the parent's: both
  // stay as they are until the process ends.
  new std::shared_ptr<Impl>(impl_);
}

bool StoreWriter::submit(Job job, std::size_t bytes) noexcept {
  if (!impl_->own_process()) return false;
  try {
    return impl_->push(std::move(job), bytes);
  } catch (...) {
    return false;  // Out of memory.
  }
}

bool StoreWriter::append(SignedStatement statement, DirectoryMap directories,
                         std::map<Digest32, Bytes> objects, std::vector<std::string> networks,
                         std::vector<std::string> clears) noexcept {
  if (!impl_->own_process()) return false;
  const std::size_t bytes = bytes_of(objects);
  Impl* const impl = impl_.get();
  try {
    // Shared, since a std::function is copied.
    auto material = std::make_shared<const std::pair<DirectoryMap, std::map<Digest32, Bytes>>>(
        std::move(directories), std::move(objects));
    return submit(
        [impl, material, statement = std::move(statement), networks = std::move(networks),
         clears = std::move(clears)](Store& store) {
          const Appended appended =
              store.append({statement, material->first, material->second, networks, clears});
          if (appended.log_problem.empty()) return;
          const std::lock_guard guard(impl->mutex);
          note(impl->state.problems, appended.log_problem);
        },
        bytes);
  } catch (...) {
    return false;
  }
}

bool StoreWriter::save_state(std::string run, std::string name, Json body) noexcept {
  return submit([run = std::move(run), name = std::move(name),
                 body = std::move(body)](Store& store) { store.save_state(run, name, body); },
                kStatementBytes);
}

bool StoreWriter::end_run(std::string run, RunEnd end, std::vector<std::string> reasons) noexcept {
  return submit([run = std::move(run), end, reasons = std::move(reasons)](Store& store) {
    store.end_run(run, end, reasons);
  });
}

bool StoreWriter::flush(std::chrono::milliseconds timeout) noexcept {
  if (!impl_->own_process()) return false;
  std::unique_lock lock(impl_->mutex);
  return impl_->wait_empty(lock, timeout) && impl_->state.dropped == 0;
}

StoreWriterStatus StoreWriter::status() const {
  if (!impl_->own_process()) return {};
  const std::lock_guard guard(impl_->mutex);
  StoreWriterStatus status = impl_->state;
  status.waiting = impl_->tasks.size();
  return status;
}

StoreWriterStatus StoreWriter::close(std::chrono::milliseconds timeout) noexcept {
  if (!impl_->own_process()) return {};
  {
    const std::lock_guard guard(impl_->mutex);
    impl_->closing = true;
    impl_->hurry = true;
    impl_->deadline = Clock::now() + timeout;
    impl_->changed.notify_all();
  }
  if (impl_->thread.joinable()) impl_->thread.join();
  return status();
}

}  // namespace mlprov
