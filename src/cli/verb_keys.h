#pragma once

#include "cli/arguments.h"

namespace mlprov::cli {

/// `mlprov keys new|list|import|export`.
void setup_keys(Verbs& verbs);

}  // namespace mlprov::cli
