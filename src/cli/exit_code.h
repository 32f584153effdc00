#pragma once

namespace mlprov::cli {

/// What the program answers to its caller. Frozen: scripts and CI read these numbers.
enum class ExitCode {
  kHolds = 0,   ///< The answer is yes, or there was nothing to ask.
  kNo = 1,      ///< The answer is no: altered, forged, different, not there.
  kUsage = 2,   ///< Wrong usage: an argument or a configuration makes no sense.
  kFailed = 3,  ///< Something outside failed or cannot be read.
  kNotYet = 4,  ///< What is there holds, but it is not finished.
};

/// Of two answers the one that counts: 1 before 3 before 4 before 0; wrong usage before all.
constexpr ExitCode worse(ExitCode a, ExitCode b) {
  for (const ExitCode code :
       {ExitCode::kUsage, ExitCode::kNo, ExitCode::kFailed, ExitCode::kNotYet}) {
    if (a == code || b == code) return code;
  }
  return ExitCode::kHolds;
}

}  // namespace mlprov::cli
