#pragma once

#include <string>

#include "cli/arguments.h"

namespace mlprov::cli {

struct ProveOptions {
  std::string run;
  std::string path;
  std::string output;
  bool force = false;
};

void setup_prove(Verbs& verbs);
ExitCode run_prove(const ProveOptions& options, Output& out);

}  // namespace mlprov::cli
