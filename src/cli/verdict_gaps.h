#pragma once

#include <string>
#include <vector>

#include "cli/verdict_text.h"

/// The sentences of a verdict that did not refuse: what it means and what it does not.
namespace mlprov::cli {

std::vector<std::string> what_holds(const Verdict& verdict, const VerdictContext& context);
std::vector<std::string> what_was_not_checked(const Verdict& verdict,
                                              const VerdictContext& context);

struct NextCommand {
  std::string command;
  std::string purpose;
};
std::vector<NextCommand> what_to_type_next(const Verdict& verdict, const VerdictContext& context);

/// RUN as one would type it again: `BUNDLE` where it came by a pipe.
std::string run_word(const VerdictContext& context);

}  // namespace mlprov::cli
