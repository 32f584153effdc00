#pragma once

#include <string>

#include "cli/output.h"
#include "mlprov/inspect/verify.h"

namespace mlprov::cli {

/// What was asked, for the words that depend on it.
struct VerdictContext {
  std::string argument;  ///< RUN as typed.
  VerifyPolicy policy;
  bool has_artifacts = false;
};

/// The verdict for people: what holds, what was not checked, what to type next.
void print_verdict(const Verdict& verdict, const VerdictContext& context, Output& out);

}  // namespace mlprov::cli
