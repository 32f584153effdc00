#pragma once

#include <map>

#include "inspect/evidence.h"
#include "inspect/finding.h"

namespace mlprov::inspect {

/// Finds each artifact's entry, compares, and notes its digest as at hand (`artifact`).
Checked check_artifacts(const std::vector<ArtifactDigest>& artifacts, Evidence& evidence);

/// What is known of the entries that are reached.
struct Tally {
  std::map<DigestWord, std::uint64_t> words;
  bool is_salted = false;           ///< A salt or a withheld leaf outside `circumstances`.
  std::optional<std::string> soft;  ///< A place that `--strict` does not accept.
};
Tally tally(const Evidence& evidence);

/// The root that two runs are compared by; nothing when it is not known or not to be shown.
std::optional<Digest32> shown_content_root(const Evidence& evidence, const Tally& tally);

}  // namespace mlprov::inspect
