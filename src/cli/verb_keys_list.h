#pragma once

#include "cli/arguments.h"

namespace mlprov::cli {

struct KeysListOptions {
  bool json = false;
};

void setup_keys_list(Verbs& verbs, CLI::App& family);
ExitCode run_keys_list(const KeysListOptions& options, Output& out);

}  // namespace mlprov::cli
