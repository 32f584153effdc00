#include "cli/program.h"

#include <iostream>

#include "cli/arguments.h"
#include "cli/logging.h"
#include "cli/printable.h"
#include "cli/run_argument.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "mlprov/support/error.h"

namespace mlprov::cli {
namespace {

constexpr const char* kVersionLine = "mlprov " MLPROV_VERSION;
constexpr const char* kAbout =
    "mlprov gives a training run a verifiable history: record it, verify it, compare it.";
constexpr const char* kExitCodes =
    "Exit codes: 0 it holds; 1 the answer is no; 2 wrong usage; 3 something outside failed or\n"
    "cannot be read; 4 not yet finished.\n"
    "\n"
    "`mlprov help VERB` shows a verb's options and an example.";

ExitCode exit_code_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::kUsage:
    case ErrorCode::kConfig:
    case ErrorCode::kConflict:
      return ExitCode::kUsage;
    default:
      return ExitCode::kFailed;
  }
}

ExitCode report(ExitCode code, const std::string& sentence) {
  say_on_stderr("mlprov: " + printable(sentence));
  return code;
}

void describe_root(CLI::App& root, bool& verbose) {
  root.formatter(make_help_formatter());
  root.set_version_flag("--version", kVersionLine, "Print the version");
  root.set_help_flag("-h,--help", "Print this help");
  root.add_flag("-v,--verbose", verbose, "Tell more on standard error");
  root.footer(kExitCodes);
  root.require_subcommand(1);
}

/// The library complains of what is missing before it looks at what is too much; people want to
/// know of the latter first.
std::string usage_error(const CLI::App& root, const CLI::ParseError& error) {
  const std::vector<std::string> unknown = root.remaining(true);
  if (unknown.empty()) {
    // The library's own sentence speaks of subcommands.
    const bool lacks_verb = std::string_view(error.what()).find("subcommand") != std::string::npos;
    return lacks_verb ? "no verb was given" : unguarded(error.what());
  }
  const std::string first = unguarded(unknown.front());
  if (first.starts_with('-')) return "there is no option " + first + " here";
  if (root.get_subcommands().empty()) return "there is no verb \"" + first + "\"";
  return "\"" + first + "\" is one argument too many";
}

/// Wrong usage, or a request for help or the version.
ExitCode answer_parse_error(const CLI::App& root, const CLI::ParseError& error, Output& out) {
  if (dynamic_cast<const CLI::CallForVersion*>(&error) != nullptr) {
    out.line(kVersionLine);
    return ExitCode::kHolds;
  }
  if (error.get_exit_code() == 0) {
    out.write(root.help());
    return ExitCode::kHolds;
  }
  std::string verb;
  for (auto chosen = root.get_subcommands(); !chosen.empty();
       chosen = chosen.front()->get_subcommands()) {
    verb += " " + chosen.front()->get_name();
  }
  return report(ExitCode::kUsage, usage_error(root, error) + "; see `mlprov help" + verb + "`");
}

ExitCode parse_and_run(int argc, const char* const* argv, Output& out) {
  bool verbose = false;
  CLI::App root(kAbout, "mlprov");
  describe_root(root, verbose);
  Verbs verbs(root);
  set_up_verbs(verbs);
  auto arguments = guard_arguments(argc, argv);
  std::reverse(arguments.begin(), arguments.end());
  try {
    root.parse(std::move(arguments));
  } catch (const CLI::ParseError& error) {
    return answer_parse_error(root, error, out);
  }
  set_up_logging(verbose);
  return verbs.chosen()(out);
}

ExitCode run_reporting_errors(int argc, const char* const* argv, Output& out) {
  try {
    return parse_and_run(argc, argv, out);
  } catch (const Refused& refused) {
    return report(ExitCode::kNo, refused.what());
  } catch (const Error& error) {
    return report(exit_code_of(error.code()), error.what());
  } catch (const std::bad_alloc&) {
    return report(ExitCode::kFailed, "there is not enough memory");
  } catch (const std::exception& error) {
    return report(ExitCode::kFailed, std::string("internal error: ") + error.what());
  }
}

}  // namespace

int run_program(int argc, const char* const* argv) noexcept {
  prepare_standard_streams();
  ExitCode code = ExitCode::kFailed;
  try {
    Output out;
    code = run_reporting_errors(argc, argv, out);
    out.flush();
  } catch (const std::exception& error) {
    say_on_stderr(std::string("mlprov: ") + error.what());
    code = worse(code, ExitCode::kFailed);
  }
  return static_cast<int>(code);
}

}  // namespace mlprov::cli
