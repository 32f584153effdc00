#include "cli/run_argument.h"

#include "cli/input.h"
#include "mlprov/support/error.h"

namespace mlprov::cli {

RunText find_run(const std::string& argument) {
  if (argument.empty()) throw Error(ErrorCode::kUsage, "the argument for the run is empty");
  return {argument, read_input(argument, JsonLimits{}.max_bytes)};
}

VerifiedRun open_run(const std::string& argument) {
  RunText text = find_run(argument);
  Verdict verdict = verify_bundle(text.bundle);
  if (verdict.outcome == Outcome::kRefused) {
    const std::string name = verdict.refusal ? std::string(to_string(*verdict.refusal)) : "";
    throw Refused(argument + " does not verify: " + name + ": " + verdict.detail);
  }
  Bundle bundle = parse_bundle(text.bundle);
  return {std::move(text), std::move(bundle), std::move(verdict)};
}

}  // namespace mlprov::cli
