#include "cli/key_report.h"

#include "cli/printable.h"

namespace mlprov::cli {

Json key_to_json(const KeyInfo& key) {
  return {{"address", to_string(key.address)},
          {"label", json_text(key.label)},
          {"name", json_text(key.name)}};
}

void report_new_key(const KeyInfo& key, const Keyring& keyring, bool json, Output& out) {
  if (json) {
    Json document = key_to_json(key);
    document["folder"] = json_text(keyring.folder().string());
    out.json(document);
    return;
  }
  const std::string address = to_checksum_string(key.address);
  out.line("key " + printable(key.name) + " signs as " + address);
  out.line("it lies, encrypted, in " + printable(keyring.folder().string()));
  out.line();
  out.line("Tell the address to those who verify your runs, in a way they trust; they type");
  out.line("  mlprov verify BUNDLE --signer " + address);
  out.line("Keep a copy of the key: mlprov keys export " + printable(key.name) + " -o FILE");
}

}  // namespace mlprov::cli
