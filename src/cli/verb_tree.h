#pragma once

#include <cstdint>
#include <string>

#include "cli/arguments.h"

namespace mlprov::cli {

struct TreeOptions {
  std::string run;
  std::string path;
  std::uint64_t depth = 0;           ///< Levels shown; 0: all.
  std::uint64_t max_rows = 100'000;  ///< A small bundle can unfold into endless paths.
  bool json = false;
};

void setup_tree(Verbs& verbs);
ExitCode run_tree_verb(const TreeOptions& options, Output& out);

}  // namespace mlprov::cli
