#pragma once

#include "cli/arguments.h"

namespace mlprov::cli {

/// Declares every verb, in the order in which the help lists them.
void set_up_verbs(Verbs& verbs);

}  // namespace mlprov::cli
