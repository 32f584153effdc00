#pragma once

#include <stdexcept>
#include <string>

#include "mlprov/inspect/verify.h"
#include "mlprov/record/bundle.h"

namespace mlprov::cli {

/// What was named on the command line is not what it should be: the answer is no.
class Refused : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// What the argument RUN named.
struct RunText {
  std::string argument;  ///< As typed.
  std::string bundle;    ///< The bytes of the run's bundle; not checked in any way.
};

/// Finds the run that RUN names: a bundle file, or `-` for one on standard input. The only place
/// that knows what RUN may be. Throws `kNotFound`, `kIo`; `kTooLarge` for more bytes than a bundle
/// may have.
RunText find_run(const std::string& argument);

/// A run whose bundle was verified, finished or not, with nobody's identity checked.
struct VerifiedRun {
  RunText text;
  Bundle bundle;
  Verdict verdict;
};

/// For verbs that show or use parts of a run. Throws as `find_run`; `Refused` with the reason when
/// it does not verify, so that nothing altered is ever shown as a run.
VerifiedRun open_run(const std::string& argument);

}  // namespace mlprov::cli
