#pragma once

#include <string>
#include <vector>

#include "cli/arguments.h"
#include "mlprov/inspect/verify.h"

namespace mlprov::cli {

/// What the user demands beyond consistency, as typed.
struct DemandOptions {
  std::vector<std::string> signers;
  std::string root;
  std::string policy_file;
  std::vector<std::string> networks;
  bool strict = false;
  bool allow_unfinished = false;
};

/// Adds `--signer` and `--root`; the former may be given several times.
void add_identity_options(CLI::App& verb, DemandOptions& demands);
/// Adds `--policy`, `--network`, `--strict`, `--allow-unfinished`.
void add_policy_options(CLI::App& verb, DemandOptions& demands);

/// The policy that file and arguments make together. What both speak of must be in agreement: the
/// signers are those that both name, two different roots are refused. Throws `kUsage`, `kConfig`,
/// `kNotFound`, `kIo`.
VerifyPolicy make_policy(const DemandOptions& demands);

/// The demands as JSON, for verdicts.
Json demands_to_json(const VerifyPolicy& policy);

}  // namespace mlprov::cli
