#include "cli/hash_list.h"

#include <algorithm>
#include <filesystem>

#include "cli/checksum_list.h"
#include "cli/input.h"
#include "cli/printable.h"
#include "cli/terminal.h"
#include "mlprov/digest/hasher.h"
#include "mlprov/support/error.h"
#include "mlprov/support/hex.h"

namespace mlprov::cli {
namespace {

namespace fs = std::filesystem;

/// Files hashed in one call: enough for all threads, few enough to see results early.
constexpr std::size_t kBatch = 256;

/// Where results go, in the order of the arguments.
class DigestPrinter {
 public:
  DigestPrinter(const HashOptions& options, Output& out) : options_(options), out_(out) {}

  void add(const FileDigest& file) {
    const std::string path = file.path.string();
    if (options_.json) {
      files_.push_back(
          {{"digest", to_hex(file.digest)}, {"path", json_text(path)}, {"size", file.size}});
      return;
    }
    const std::string line = format_checksum({path, file.digest});
    // In a pipe the name stays as it is, for programs; a terminal must not obey it.
    out_.line(out_.is_terminal() ? printable(line) : line);
  }

  void fail(const std::string& path, const std::string& message) {
    report_unreadable(message);
    errors_.push_back({{"message", json_text(message)}, {"path", json_text(path)}});
  }

  ExitCode finish() {
    if (options_.json) {
      out_.json({{"algorithm", options_.algorithm_name}, {"errors", errors_}, {"files", files_}});
    }
    return errors_.empty() ? ExitCode::kHolds : ExitCode::kFailed;
  }

 private:
  const HashOptions& options_;
  Output& out_;
  Json files_ = Json::array();
  Json errors_ = Json::array();
};

/// Hashes in batches and gives results in order.
class BatchHasher {
 public:
  BatchHasher(const HashOptions& options, Output& out, DigestPrinter& printer)
      : out_(out), printer_(printer), progress_("hashing", 0) {
    digest_options_.algorithm = options.algorithm();
    digest_options_.progress = [this](std::uint64_t bytes) { progress_.update(done_ + bytes); };
  }

  void add(const std::string& path) {
    std::error_code ignored;
    if (!fs::is_regular_file(path, ignored)) {
      // Standard input, a pipe or a device can be read only once: never in a batch.
      flush();
      hash_alone(path);
      return;
    }
    batch_.emplace_back(path);
    if (batch_.size() == kBatch) flush();
  }

  void flush() {
    const std::vector<fs::path> batch = std::exchange(batch_, {});
    if (batch.empty() || out_.closed()) return;
    try {
      const auto digests = hash_files(batch, digest_options_);
      progress_.wipe();
      for (const FileDigest& file : digests) take(file);
    } catch (const Error&) {
      // One of them cannot be read: find out which, and print the others.
      for (const fs::path& path : batch) hash_alone(path.string());
    }
  }

 private:
  void hash_alone(const std::string& path) {
    try {
      const FileDigest file = hash_input(path, digest_options_);
      progress_.wipe();
      take(file);
    } catch (const Error& error) {
      progress_.wipe();
      printer_.fail(path, error.what());
    }
  }

  void take(const FileDigest& file) {
    done_ += file.size;
    printer_.add(file);
  }

  Output& out_;
  DigestPrinter& printer_;
  ProgressLine progress_;
  FileDigestOptions digest_options_;
  std::vector<fs::path> batch_;
  std::uint64_t done_ = 0;
};

/// The files that an argument stands for.
std::vector<std::string> expand(const std::string& path) {
  std::error_code ignored;
  if (path == kDash || !fs::is_directory(path, ignored)) return {path};
  std::vector<std::string> files;
  for (const fs::path& file : list_files(path)) files.push_back((fs::path(path) / file).string());
  return files;
}

}  // namespace

void report_unreadable(const std::string& message) {
  say_on_stderr("mlprov: " + printable(message));
}

FileDigest hash_input(const std::string& path, const FileDigestOptions& options) {
  if (path != kDash) return hash_file(path, options);
  const auto hasher = HashFactory::create(options.algorithm);
  std::uint64_t size = 0;
  read_stdin([&](std::string_view piece) {
    hasher->update(as_bytes(piece));
    size += piece.size();
    if (options.progress) options.progress(size);
  });
  return {path, size, hasher->finish()};
}

ExitCode list_digests(const HashOptions& options, Output& out) {
  DigestPrinter printer(options, out);
  BatchHasher hasher(options, out, printer);
  for (const std::string& path : options.paths) {
    try {
      for (const std::string& file : expand(path)) hasher.add(file);
    } catch (const Error& error) {
      hasher.flush();
      printer.fail(path, error.what());
    }
    if (out.closed()) break;
  }
  hasher.flush();
  return printer.finish();
}

}  // namespace mlprov::cli
