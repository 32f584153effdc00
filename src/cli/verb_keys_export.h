#pragma once

#include "cli/password.h"

namespace mlprov::cli {

struct KeysExportOptions {
  std::string name;
  std::string output;
  PasswordSource password;
  bool unencrypted = false;
  bool force = false;
};

void setup_keys_export(Verbs& verbs, CLI::App& family);
ExitCode run_keys_export(const KeysExportOptions& options, Output& out);

}  // namespace mlprov::cli
