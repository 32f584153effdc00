#include "mlprov/tracker/run_session.h"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <mutex>

#include "mlprov/capture/capture.h"
#include "mlprov/digest/file_digest.h"
#include "mlprov/merkle/name.h"
#include "mlprov/store/metrics.h"
#include "mlprov/store/store_writer.h"
#include "mlprov/support/error.h"
#include "mlprov/support/hex.h"
#include "tracker/session_key.h"
#include "tracker/session_log.h"
#include "tracker/surroundings.h"

namespace mlprov {
namespace {

constexpr std::chrono::seconds kFinishPatience{60};

const char* variable(const char* name) {
  const char* const value = std::getenv(name);
  return value != nullptr && *value != '\0' ? value : nullptr;
}

/// One process of a distributed training records; the others stay out of its way.
bool is_other_rank() {
  for (const char* name : {"RANK", "OMPI_COMM_WORLD_RANK", "PMI_RANK", "SLURM_PROCID"}) {
    if (const char* rank = variable(name)) return std::string_view(rank) != "0";
  }
  return false;
}

bool is_disabled() {
  const char* const disabled = variable("MLPROV_DISABLED");
  return (disabled != nullptr && std::string_view(disabled) != "0") || is_other_rank();
}

Config session_config(const SessionOptions& options) {
  if (options.config) return *options.config;
  if (options.config_file) return Config::load(*options.config_file);
  if (const char* file = variable("MLPROV_CONFIG")) return Config::load(file);
  return {};
}

/// Networks that a statement of this phase is anchored to. The local log needs no outbox.
std::vector<std::string> networks_for(const Config& config, Phase phase) {
  const bool wanted = config.anchoring && ((phase == Phase::kBefore && config.anchor_before) ||
                                           (phase == Phase::kAfter && config.anchor_after) ||
                                           (phase == Phase::kEpoch && config.anchor_epochs));
  std::vector<std::string> names;
  for (const NetworkConfig& network : config.networks) {
    if (wanted && network.enabled && network.driver != "local" && network.driver != "ipfs") {
      names.push_back(network.name);
    }
  }
  return names;
}

/// The contents that the entries of these directories refer to.
std::map<Digest32, Bytes> objects_of(const DirectoryMap& directories,
                                     const std::map<Digest32, Bytes>& objects) {
  std::map<Digest32, Bytes> wanted;
  for (const auto& [root, directory] : directories) {
    for (const Slot& slot : directory->slots()) {
      const auto* entry = std::get_if<Entry>(&slot);
      if (entry == nullptr || entry->kind == EntryKind::kTree) continue;
      if (const auto found = objects.find(entry->digest); found != objects.end()) {
        wanted.insert(*found);
      }
    }
  }
  return wanted;
}

}  // namespace

struct RunSession::Impl {
  explicit Impl(const SessionOptions& options);
  ~Impl();

  bool ours() const noexcept { return enabled && process == ::getpid(); }

  /// Runs one step of recording once training may be under way: what fails becomes a problem.
  template <class Action>
  void attempt(const Action& action) noexcept {
    if (!ours()) return;
    try {
      action();
    } catch (const std::exception& error) {
      problem(error.what());
    }
  }

  void open_store(const SessionOptions& options);
  void begin(const SessionOptions& options);
  void problem(const std::string& sentence) noexcept;
  void store(const SignedStatement& sealed);
  void announce(const std::string& line) const;
  void seal_epoch();
  void finish();
  void end(RunEnd how);

  bool enabled = true;
  bool announced = true;
  ::pid_t process = ::getpid();
  Config config;
  std::string name;
  std::string run;
  std::filesystem::path folder;
  std::optional<PrivateKey> key;
  std::optional<RunBuilder> builder;
  std::optional<RunLock> lock;
  std::unique_ptr<StoreWriter> writer;

  bool before_sealed = false;
  bool epoch_open = false;
  bool failed = false;
  bool finished = false;

  mutable std::mutex mutex;  ///< Guards the two below.
  std::vector<Metric> metrics;
  std::vector<std::string> problems;
};

RunSession::Impl::Impl(const SessionOptions& options)
    : enabled(!is_disabled()), announced(options.announce), name(options.name) {
  if (!enabled) return;
  config = session_config(options);
  bool made = false;
  key.emplace(detail::session_key(config.key, made));
  if (made) detail::say("made a key of your own: " + to_checksum_string(key->address()));
  for (const std::string& warning : config.warnings) detail::warn("configuration: " + warning);
  open_store(options);
  begin(options);
}

RunSession::Impl::~Impl() {
  if (ours() && !finished) finish();
}

/// A store that cannot be opened must not stop a training: the run is then kept nowhere, and says
/// so.
void RunSession::Impl::open_store(const SessionOptions& options) {
  RunIdentity identity{new_run_id(), config.algorithm, std::nullopt};
  const char* const joined = variable("MLPROV_RUN");
  try {
    const auto found = find_store_folder(options.start);
    Store opened = found ? Store::open(*found) : Store::init(new_store_folder(options.start));
    folder = opened.folder().root;
    identity.log = opened.log_vkey();
    if (joined != nullptr) {
      const LoadedRun loaded = opened.load(opened.find_run(joined));
      lock.emplace(opened.join_run(loaded.record.run));
      builder.emplace(RunBuilder::resume(loaded.bundle, *key));
      identity.run = loaded.record.run;
    } else {
      lock.emplace(
          opened.begin_run({identity.run, name, config.algorithm, now_utc(), config.tags}));
    }
    writer = std::make_unique<StoreWriter>(std::move(opened));
  } catch (const Error& error) {
    if (joined != nullptr) throw;
    problem(std::string("this run is not stored: ") + error.what());
  }
  run = identity.run;
  if (!builder) builder.emplace(identity, *key);
}

void RunSession::Impl::begin(const SessionOptions& options) {
  if (!name.empty()) {
    builder->add_text("before/" + std::string(kRunNameFolder), kRunNameEntry, name,
                      Salting::kSalted);
  }
  CaptureOptions capture;
  capture.project = options.start;
  if (!folder.empty()) capture.digest_cache = StoreFolder{folder}.digest_cache();
  capture.git.algorithm = config.algorithm;
  detail::record_surroundings(*builder, capture_all(capture));
  detail::record_config(*builder, config);
  announce("run " + run + (folder.empty() ? "" : " in " + folder.string()));
}

void RunSession::Impl::problem(const std::string& sentence) noexcept {
  try {
    {
      const std::lock_guard guard(mutex);
      if (std::ranges::find(problems, sentence) != problems.end()) return;
      problems.push_back(sentence);
    }
    detail::warn("run " + run + ": " + sentence);
  } catch (...) {  // Out of memory while telling about it: the run shows as interrupted.
  }
}

void RunSession::Impl::announce(const std::string& line) const {
  if (announced) detail::say(line);
}

void RunSession::Impl::store(const SignedStatement& sealed) {
  if (!writer) return;
  std::vector<std::string> clears;
  if (sealed.statement.phase == Phase::kEpoch) clears.push_back("epoch");
  const DirectoryMap& directories = builder->last_tree().directories();
  writer->append(sealed, directories, objects_of(directories, builder->objects()),
                 networks_for(config, sealed.statement.phase), std::move(clears));
}

void RunSession::Impl::seal_epoch() {
  if (!epoch_open) return;
  epoch_open = false;
  const std::string place = statement_path(Phase::kEpoch, builder->open_epoch());
  std::vector<Metric> measured;
  {
    const std::lock_guard guard(mutex);
    measured.swap(metrics);
  }
  if (!measured.empty()) builder->add_json(place, "metrics", metrics_to_json(measured));
  store(builder->seal_epoch());
}

void RunSession::Impl::end(RunEnd how) {
  finished = true;
  if (!writer) return;
  for (const std::string& sentence : writer->status().problems) problem(sentence);
  writer->end_run(run, how, problems);
  for (const std::string& sentence : writer->close(kFinishPatience).problems) problem(sentence);
}

void RunSession::Impl::finish() {
  if (finished) return;
  attempt([this] {
    if (failed) return;
    if (!before_sealed) {
      before_sealed = true;
      store(builder->seal_before());
    }
    std::vector<Metric> last = [this] {
      const std::lock_guard guard(mutex);
      return metrics;
    }();
    seal_epoch();
    if (!last.empty()) builder->add_json("result", "metrics", metrics_to_json(last));
    if (!problems.empty()) {
      builder->add_json("circumstances", "problems", problems, Salting::kSalted);
    }
    store(builder->seal_after());
  });
  attempt([this] { end(failed ? RunEnd::kFailed : RunEnd::kFinished); });
  finished = true;
  if (!folder.empty()) {
    announce((problems.empty() ? "run " : "incomplete run ") + run +
             (failed ? " failed" : " sealed") + "; verify it: mlprov verify " + run.substr(0, 8));
  }
  lock.reset();
}

RunSession::RunSession(const SessionOptions& options) : impl_(std::make_unique<Impl>(options)) {}
RunSession::~RunSession() = default;
RunSession::RunSession(RunSession&&) noexcept = default;
RunSession& RunSession::operator=(RunSession&&) noexcept = default;

bool RunSession::enabled() const noexcept { return impl_->ours(); }
const Config& RunSession::config() const noexcept { return impl_->config; }
const std::string& RunSession::run_id() const noexcept { return impl_->run; }
const std::filesystem::path& RunSession::store_folder() const noexcept { return impl_->folder; }

void RunSession::data(std::string_view split, const std::filesystem::path& path) {
  if (!enabled()) return;
  if (impl_->before_sealed) {
    throw Error(ErrorCode::kUsage,
                "data '" + std::string(split) +
                    "' comes too late: the inputs are sealed when training begins");
  }
  namespace fs = std::filesystem;
  if (!fs::exists(path)) {
    throw Error(ErrorCode::kNotFound,
                "data '" + std::string(split) + "': there is no " + path.string());
  }
  FileDigestOptions options;
  options.algorithm = algorithm();
  const std::string folder = "before/data/" + escape_name(split);
  const bool is_folder = fs::is_directory(path);
  const fs::path base = is_folder ? path : path.parent_path();
  const std::vector<fs::path> names =
      is_folder ? list_files(path) : std::vector<fs::path>{path.filename()};
  std::vector<fs::path> files;
  for (const fs::path& file : names) files.push_back(base / file);
  const std::vector<FileDigest> found = hash_files(files, options);
  for (std::size_t i = 0; i < found.size(); ++i) {
    std::string place = folder;
    for (const fs::path& part : names[i].parent_path()) place += "/" + escape_name(part.string());
    Digest32 digest{};
    std::copy_n(found[i].digest.begin(), digest.size(), digest.begin());
    impl_->builder->add_file_digest(place, names[i].filename().string(), digest, found[i].size);
  }
}

void RunSession::add_json(std::string_view folder, std::string_view name, const Json& value,
                          Salting salting) {
  if (enabled()) impl_->builder->add_json(folder, name, value, salting);
}

void RunSession::add_text(std::string_view folder, std::string_view name, std::string_view utf8,
                          Salting salting) {
  if (enabled()) impl_->builder->add_text(folder, name, utf8, salting);
}

void RunSession::add_bytes(std::string_view folder, std::string_view name, ByteView content,
                           Salting salting) {
  if (enabled()) impl_->builder->add_file(folder, name, content, salting);
}

void RunSession::add_tensors(std::string_view folder, const std::vector<TensorRecord>& tensors) {
  if (!enabled()) return;
  for (const TensorRecord& tensor : tensors) {
    impl_->builder->add_tensor(folder, tensor.name, tensor.dtype, tensor.shape, tensor.digest);
  }
}

void RunSession::seal_before() {
  if (impl_->before_sealed) return;
  impl_->before_sealed = true;
  impl_->attempt([this] { impl_->store(impl_->builder->seal_before()); });
}

std::string RunSession::open_epoch() {
  if (!enabled()) return "";
  seal_before();
  impl_->attempt([this] { impl_->seal_epoch(); });
  impl_->epoch_open = true;
  return statement_path(Phase::kEpoch, impl_->builder->open_epoch());
}

void RunSession::commit_epoch() {
  impl_->attempt([this] {
    if (!impl_->writer || !impl_->epoch_open) return;
    impl_->writer->save_state(impl_->run, "epoch",
                              {{"epoch", impl_->builder->open_epoch()}, {"loop", "over"}});
  });
}

void RunSession::metric(std::string_view name, double value) {
  impl_->attempt([&] {
    const std::lock_guard guard(impl_->mutex);
    impl_->metrics.push_back({std::string(name), value});
  });
}

void RunSession::seal_epoch() {
  impl_->attempt([this] { impl_->seal_epoch(); });
}

void RunSession::finish() {
  if (enabled()) impl_->finish();
}

void RunSession::fail(std::string_view reason) {
  if (!enabled()) return;
  impl_->failed = true;
  note_problem("failed: " + std::string(reason));
}

void RunSession::note_problem(std::string_view problem) {
  if (enabled()) impl_->problem(std::string(problem));
}

std::vector<std::string> RunSession::problems() const {
  const std::lock_guard guard(impl_->mutex);
  return impl_->problems;
}

}  // namespace mlprov
