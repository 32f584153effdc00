#pragma once

#include <string>
#include <vector>

#include "cli/arguments.h"
#include "mlprov/digest/algorithm.h"

namespace mlprov::cli {

struct HashOptions {
  std::vector<std::string> paths;
  std::string algorithm_name = "blake3";
  bool tensors = false;
  bool check = false;
  bool quiet = false;  ///< With `check`: only what fails.
  bool json = false;

  /// Throws `kUsage` for an unknown name, listing those that exist.
  Algorithm algorithm() const;
};

void setup_hash(Verbs& verbs);
ExitCode run_hash(const HashOptions& options, Output& out);

}  // namespace mlprov::cli
