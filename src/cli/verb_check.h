#pragma once

#include <string>

#include "cli/demands.h"

namespace mlprov::cli {

struct CheckOptions {
  std::string proof;
  DemandOptions demands;  ///< `signers` and `root` only.
  std::string artifact;
  bool json = false;
};

void setup_check(Verbs& verbs);
ExitCode run_check(const CheckOptions& options, Output& out);

}  // namespace mlprov::cli
