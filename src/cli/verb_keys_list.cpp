#include "cli/verb_keys_list.h"

#include <algorithm>

#include "cli/key_report.h"
#include "cli/printable.h"
#include "cli/terminal.h"

namespace mlprov::cli {
namespace {

void print_table(const std::vector<KeyInfo>& keys, Output& out) {
  std::size_t width = 0;
  for (const KeyInfo& key : keys) width = std::max(width, key.name.size());
  for (const KeyInfo& key : keys) {
    const std::string padding(width - key.name.size(), ' ');
    const std::string label = key.label.empty() ? "" : "  " + printable(key.label);
    out.line(printable(key.name) + padding + "  " + to_checksum_string(key.address) + label);
  }
}

}  // namespace

void setup_keys_list(Verbs& verbs, CLI::App& family) {
  const auto options = std::make_shared<KeysListOptions>();
  CLI::App& verb = verbs.add_below(
      family,
      {"list", "List the keys", "Name, address and label of each key.", "  $ mlprov keys list"},
      options, run_keys_list);
  add_json_flag(verb, options->json);
}

ExitCode run_keys_list(const KeysListOptions& options, Output& out) {
  const Keyring keyring = Keyring::open_default();
  const std::vector<KeyInfo> keys = keyring.list();
  if (options.json) {
    Json list = Json::array();
    for (const KeyInfo& key : keys) list.push_back(key_to_json(key));
    out.json({{"folder", json_text(keyring.folder().string())}, {"keys", list}});
    return ExitCode::kHolds;
  }
  print_table(keys, out);
  if (keys.empty()) {
    say_on_stderr("mlprov: no keys in " + printable(keyring.folder().string()) +
                  "; `mlprov keys new` makes one");
  }
  return ExitCode::kHolds;
}

}  // namespace mlprov::cli
