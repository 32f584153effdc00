#include "cli/verb_keys_export.h"

#include "cli/output_file.h"
#include "mlprov/identity/keyring.h"
#include "mlprov/support/error.h"
#include "mlprov/support/hex.h"

namespace mlprov::cli {
namespace {

std::string secret_hex(const KeysExportOptions& options, const Keyring& keyring) {
  const SecretReference reference{SecretReference::Source::kKeystore, options.name};
  const PrivateKey key = load_key(reference, keyring, [&](const std::string& purpose) {
    return get_password(options.password, purpose);
  });
  return to_hex(key.secret()) + "\n";
}

}  // namespace

void setup_keys_export(Verbs& verbs, CLI::App& family) {
  const auto options = std::make_shared<KeysExportOptions>();
  CLI::App& verb = verbs.add_below(
      family,
      {"export", "Copy a key out, for a backup or another program",
       "Writes the keystore document, which stays under its password; geth, eth-account and\n"
       "wallets open it. --unencrypted writes the bare secret: whoever reads it is you.",
       "  $ mlprov keys export work -o work.keystore.json"},
      options, run_keys_export);
  add_text(verb, {"NAME", "", "The key's name"}, options->name)->required();
  add_text(verb, {"-o,--output", "FILE", "The file to write; - is standard output"},
           options->output)
      ->required();
  add_flag(verb, {"--unencrypted", "", "Write 64 hex characters in place of the keystore"},
           options->unencrypted);
  add_password_options(verb, "", "the key's password", options->password);
  add_flag(verb, {"-f,--force", "", "Replace FILE if it exists"}, options->force);
}

ExitCode run_keys_export(const KeysExportOptions& options, Output& out) {
  const Keyring keyring = Keyring::open_default();
  const Password content(options.unencrypted ? secret_hex(options, keyring)
                                             : keyring.read(options.name));
  write_output_file({options.output, 0600, options.force}, content.text(), out);
  return ExitCode::kHolds;
}

}  // namespace mlprov::cli
