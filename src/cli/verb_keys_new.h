#pragma once

#include "cli/password.h"

namespace mlprov::cli {

struct KeysNewOptions {
  std::string name = "default";
  std::string label;
  PasswordSource password;
  bool light = false;
  bool json = false;
};

void setup_keys_new(Verbs& verbs, CLI::App& family);
ExitCode run_keys_new(const KeysNewOptions& options, Output& out);

}  // namespace mlprov::cli
