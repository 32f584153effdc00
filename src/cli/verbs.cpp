#include "cli/verbs.h"

#include "cli/verb_check.h"
#include "cli/verb_hash.h"
#include "cli/verb_help.h"
#include "cli/verb_keys.h"
#include "cli/verb_prove.h"
#include "cli/verb_tree.h"
#include "cli/verb_verify.h"

namespace mlprov::cli {

void set_up_verbs(Verbs& verbs) {
  setup_verify(verbs);
  setup_tree(verbs);
  setup_prove(verbs);
  setup_check(verbs);
  setup_hash(verbs);
  setup_keys(verbs);
  setup_help(verbs);
}

}  // namespace mlprov::cli
