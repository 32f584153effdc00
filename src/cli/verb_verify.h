#pragma once

#include <string>
#include <vector>

#include "cli/demands.h"

namespace mlprov::cli {

struct VerifyOptions {
  std::string run;
  DemandOptions demands;
  std::vector<std::string> artifacts;
  bool offline = false;
  bool json = false;
};

void setup_verify(Verbs& verbs);
ExitCode run_verify(const VerifyOptions& options, Output& out);

}  // namespace mlprov::cli
