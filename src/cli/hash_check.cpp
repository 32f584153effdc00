#include "cli/hash_check.h"

#include "cli/checksum_list.h"
#include "cli/hash_list.h"
#include "cli/input.h"
#include "cli/printable.h"
#include "cli/terminal.h"
#include "mlprov/support/error.h"
#include "mlprov/support/hex.h"

namespace mlprov::cli {
namespace {

constexpr std::uint64_t kMaxListBytes = std::uint64_t{1} << 30;

enum class Status { kOk, kFailed, kUnreadable };

const char* to_string(Status status) {
  switch (status) {
    case Status::kOk:
      return "ok";
    case Status::kFailed:
      return "failed";
    case Status::kUnreadable:
      break;
  }
  return "unreadable";
}

const char* shown(Status status) {
  switch (status) {
    case Status::kOk:
      return "OK";
    case Status::kFailed:
      return "FAILED";
    case Status::kUnreadable:
      break;
  }
  return "FAILED open or read";
}

class Checker {
 public:
  Checker(const HashOptions& options, Output& out) : options_(options), out_(out) {
    digest_options_.algorithm = options.algorithm();
  }

  void check_list(const std::string& list) {
    const std::string text = read_input(list, kMaxListBytes);
    std::string_view rest = text;
    std::uint64_t understood = 0;
    for (std::uint64_t number = 1; !rest.empty(); ++number) {
      const std::size_t end = rest.find('\n');
      if (check_line(list, number, rest.substr(0, end))) ++understood;
      rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    }
    if (understood == 0) {
      malformed(list + ": no line is a digest of " + options_.algorithm_name +
                " and a path; --algorithm names another");
    }
  }

  ExitCode finish() {
    if (options_.json) {
      out_.json({{"algorithm", options_.algorithm_name},
                 {"failed", failed_},
                 {"files", files_},
                 {"malformed_lines", malformed_},
                 {"unreadable", unreadable_}});
    } else {
      summarise();
    }
    if (failed_ + malformed_ > 0) return ExitCode::kNo;
    return unreadable_ > 0 ? ExitCode::kFailed : ExitCode::kHolds;
  }

 private:
  bool check_line(const std::string& list, std::uint64_t number, std::string_view text) {
    const auto line = parse_checksum(text, digest_size(digest_options_.algorithm));
    if (!line) {
      malformed(list + ", line " + std::to_string(number) + " is not a digest and a path");
      return false;
    }
    print(line->path, compare(*line));
    return true;
  }

  Status compare(const ChecksumLine& line) {
    try {
      const FileDigest file = hash_input(line.path, digest_options_);
      return file.digest == line.digest ? Status::kOk : Status::kFailed;
    } catch (const Error& error) {
      report_unreadable(error.what());
      return Status::kUnreadable;
    }
  }

  void print(const std::string& path, Status status) {
    failed_ += status == Status::kFailed ? 1U : 0U;
    unreadable_ += status == Status::kUnreadable ? 1U : 0U;
    if (options_.json) {
      files_.push_back({{"path", json_text(path)}, {"status", to_string(status)}});
    } else if (!options_.quiet || status != Status::kOk) {
      out_.line(printable(path) + ": " + shown(status));
    }
  }

  void malformed(const std::string& sentence) {
    ++malformed_;
    report_unreadable(sentence);
  }

  void summarise() const {
    const auto tell = [](std::uint64_t count, const char* one, const char* many) {
      if (count > 0) say_on_stderr("mlprov: " + counted(count, one, many));
    };
    tell(failed_, "digest did NOT match", "digests did NOT match");
    tell(unreadable_, "listed file could not be read", "listed files could not be read");
  }

  const HashOptions& options_;
  Output& out_;
  FileDigestOptions digest_options_;
  Json files_ = Json::array();
  std::uint64_t failed_ = 0;
  std::uint64_t unreadable_ = 0;
  std::uint64_t malformed_ = 0;
};

}  // namespace

ExitCode check_digests(const HashOptions& options, Output& out) {
  Checker checker(options, out);
  for (const std::string& list : options.paths) checker.check_list(list);
  return checker.finish();
}

}  // namespace mlprov::cli
