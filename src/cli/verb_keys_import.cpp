#include "cli/verb_keys_import.h"

#include "cli/input.h"
#include "cli/key_report.h"
#include "mlprov/support/error.h"

namespace mlprov::cli {
namespace {

/// `env:NAME`, `file:PATH`, a plain path, or `-`.
SecretReference source_of(const std::string& text) {
  if (text == kDash) return {SecretReference::Source::kFile, "/dev/stdin"};
  if (!text.starts_with("env:") && !text.starts_with("file:")) {
    return {SecretReference::Source::kFile, text};
  }
  return parse_secret_reference(text);
}

}  // namespace

void setup_keys_import(Verbs& verbs, CLI::App& family) {
  const auto options = std::make_shared<KeysImportOptions>();
  CLI::App& verb = verbs.add_below(
      family,
      {"import", "Bring in a key from elsewhere",
       "SOURCE is a keystore file as geth and eth-account write it, a file of 64 hex characters,\n"
       "env:NAME, or - for standard input. The source stays as it is.",
       "  $ mlprov keys import ~/.ethereum/keystore/UTC--2026-... --name work"},
      options, run_keys_import);
  add_text(verb, {"SOURCE", "", "Where the key is"}, options->source)->required();
  add_text(verb, {"--name", "NAME", "The key's name here; default \"default\""}, options->name);
  add_text(verb, {"--label", "TEXT", "What a key made for one job is for"}, options->label);
  add_password_options(verb, "", "the key's new password", options->password);
  add_password_options(verb, "source-", "the source's own password", options->source_password);
  add_flag(verb, {"--light", "", "Spend 4 MB, not 256 MB, on each try of the password"},
           options->light);
  add_json_flag(verb, options->json);
}

ExitCode run_keys_import(const KeysImportOptions& options, Output& out) {
  Keyring keyring = Keyring::open_default();
  const PrivateKey key = load_key(
      source_of(options.source), keyring,
      [&](const std::string& purpose) { return get_password(options.source_password, purpose); });
  const Password password(
      get_new_password(options.password, "a password for the key " + options.name));
  const KeystoreCost cost = options.light ? KeystoreCost::kLight : KeystoreCost::kStandard;
  const KeyInfo info = keyring.add(options.name, key, password.text(), cost, options.label);
  report_new_key(info, keyring, options.json, out);
  return ExitCode::kHolds;
}

}  // namespace mlprov::cli
