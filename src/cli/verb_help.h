#pragma once

#include <string>
#include <vector>

#include "cli/arguments.h"

namespace mlprov::cli {

struct HelpOptions {
  std::vector<std::string> verb;  ///< `{"keys", "new"}`; empty: the program.
  const CLI::App* root = nullptr;
};

void setup_help(Verbs& verbs);
ExitCode run_help(const HelpOptions& options, Output& out);

}  // namespace mlprov::cli
