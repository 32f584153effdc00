#include "cli/verb_keys.h"

#include "cli/verb_keys_export.h"
#include "cli/verb_keys_import.h"
#include "cli/verb_keys_list.h"
#include "cli/verb_keys_new.h"

namespace mlprov::cli {

void setup_keys(Verbs& verbs) {
  CLI::App& family = verbs.add_family(
      {"keys", "Make, list, bring in and take out the keys that sign runs",
       "A key is an Ethereum key; its address is who you are to those who verify your runs. Keys\n"
       "lie encrypted (web3 secret storage) in your configuration folder, or in MLPROV_KEYS.",
       "  $ mlprov keys new work\n"
       "  $ mlprov keys list"});
  setup_keys_new(verbs, family);
  setup_keys_list(verbs, family);
  setup_keys_import(verbs, family);
  setup_keys_export(verbs, family);
}

}  // namespace mlprov::cli
