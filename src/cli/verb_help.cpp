#include "cli/verb_help.h"

#include "mlprov/support/error.h"

namespace mlprov::cli {
namespace {

const CLI::App& find_verb(const CLI::App& parent, const std::string& name) {
  for (const CLI::App* verb : parent.get_subcommands([](const CLI::App*) { return true; })) {
    if (verb->get_name() == name) return *verb;
  }
  throw Error(ErrorCode::kUsage, "there is no verb \"" + name + "\"; see `mlprov help`");
}

}  // namespace

void setup_help(Verbs& verbs) {
  const auto options = std::make_shared<HelpOptions>();
  options->root = &verbs.root();
  CLI::App& verb =
      verbs.add({"help", "Explain a verb, with an example", "Without VERB: what verbs there are.",
                 "  $ mlprov help verify\n"
                 "  $ mlprov help keys new"},
                options, run_help);
  add_texts(verb, {"VERB", "", "The verb to explain"}, options->verb);
}

ExitCode run_help(const HelpOptions& options, Output& out) {
  const CLI::App* verb = options.root;
  std::string called = "mlprov";
  for (const std::string& name : options.verb) {
    verb = &find_verb(*verb, name);
    called += " " + name;
  }
  out.write(verb->get_formatter()->make_help(verb, called, CLI::AppFormatMode::Normal));
  return ExitCode::kHolds;
}

}  // namespace mlprov::cli
