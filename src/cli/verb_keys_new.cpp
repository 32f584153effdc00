#include "cli/verb_keys_new.h"

#include "cli/key_report.h"

namespace mlprov::cli {

void setup_keys_new(Verbs& verbs, CLI::App& family) {
  const auto options = std::make_shared<KeysNewOptions>();
  CLI::App& verb = verbs.add_below(
      family,
      {"new", "Make a key",
       "Makes a key from the operating system's randomness and keeps it under NAME (\"default\").",
       "  $ mlprov keys new ci --label \"nightly training\" --password env:KEY_PASSWORD"},
      options, run_keys_new);
  add_text(verb, {"NAME", "", "The key's name; default \"default\""}, options->name);
  add_text(verb, {"--label", "TEXT", "What a key made for one job is for"}, options->label);
  add_password_options(verb, "", "the key's new password", options->password);
  add_flag(verb, {"--light", "", "Spend 4 MB, not 256 MB, on each try of the password"},
           options->light);
  add_json_flag(verb, options->json);
}

ExitCode run_keys_new(const KeysNewOptions& options, Output& out) {
  Keyring keyring = Keyring::open_default();
  const Password password(
      get_new_password(options.password, "a password for the key " + options.name));
  const KeystoreCost cost = options.light ? KeystoreCost::kLight : KeystoreCost::kStandard;
  const KeyInfo key =
      keyring.add(options.name, PrivateKey::generate(), password.text(), cost, options.label);
  report_new_key(key, keyring, options.json, out);
  return ExitCode::kHolds;
}

}  // namespace mlprov::cli
