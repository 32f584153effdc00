#pragma once

#include "cli/password.h"

namespace mlprov::cli {

struct KeysImportOptions {
  std::string source;
  std::string name = "default";
  std::string label;
  PasswordSource password;
  PasswordSource source_password;
  bool light = false;
  bool json = false;
};

void setup_keys_import(Verbs& verbs, CLI::App& family);
ExitCode run_keys_import(const KeysImportOptions& options, Output& out);

}  // namespace mlprov::cli
