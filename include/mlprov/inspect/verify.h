#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mlprov/record/bundle.h"

namespace mlprov {

/// What a bundle's verification came to. Persisted by name in `--json`.
enum class Outcome {
  kHolds,       ///< Everything that was asked for was checked and holds.
  kUnfinished,  ///< What is there holds, but the run has no `after` statement.
  kRefused,     ///< Altered, forged, malformed, or not what was asked for.
};

std::string_view to_string(Outcome outcome) noexcept;

/// Why a bundle was refused. Each has a stable name (`digest-mismatch`, `statement-order`, ...);
/// the table stands in docs/format.md.
enum class Refusal {
  kTooLarge,
  kNotCanonical,
  kMalformed,
  kBadSignature,
  kStatementOrder,
  kStatementChain,
  kStatementMismatch,  ///< Run, author, algorithm, log or count differ between statements.
  kSkeleton,
  kRootMismatch,
  kDigestMismatch,
  kKindMismatch,
  kSaltReuse,
  kUnreferenced,
  kEpochMismatch,
  kLog,
  kReceipt,
  kWrongSigner,
  kWrongRoot,
  kPolicy,
  kNotRecomputed,  ///< `--strict`, and something was only `bound`.
  kArtifact,
};

std::string_view to_string(Refusal refusal) noexcept;

/// How well one digest is known.
enum class DigestWord { kRecomputed, kBound, kWithheld, kMissing, kMismatch };

std::string_view to_string(DigestWord word) noexcept;

/// Demands beyond the bundle's own consistency.
struct VerifyPolicy {
  std::vector<Address> signers;  ///< Author must be one of these; empty: anybody.
  std::vector<Address>
      cosigners;  ///< Of these, `min_cosigners` must have signed the last statement.
  std::uint64_t min_cosigners = 0;
  std::optional<Digest32> root;  ///< Of the `after` statement, else of the last.
  std::vector<std::string>
      networks;                    ///< A checked receipt of each is demanded (`local` is the log).
  std::optional<std::string> log;  ///< Verifier key that the log must have.
  std::optional<UtcSeconds> not_before;  ///< Freshness of the last statement's (claimed) time.
  bool allow_unfinished = false;
  bool strict = false;

  /// From a policy document (configs/schemas/policy.schema.json). Throws `kConfig` naming the key.
  static VerifyPolicy from_json(const Json& document);
};

/// Bytes at hand for entries that the bundle only binds: path in the run -> file on disk is the
/// caller's business; here the digest and size of what he found.
struct ArtifactDigest {
  std::string path;
  Digest32 digest{};
  std::uint64_t size = 0;
};

/// One line on one statement.
struct StatementReport {
  Phase phase = Phase::kBefore;
  std::string path;
  Digest32 root{};
  Digest32 id{};
  UtcSeconds time{};
  std::string log;  ///< `included`, `not checked`, `none`.
  std::vector<Address> cosigners;
};

/// The answer. A value: verification never throws for what a bundle says.
struct [[nodiscard]] Verdict {
  Outcome outcome = Outcome::kRefused;
  std::optional<Refusal> refusal;
  std::string detail;  ///< A sentence: what was refused, where; or the last phase when unfinished.

  std::string run;
  std::optional<Algorithm> algorithm;
  std::optional<Address> author;
  bool identity_checked = false;  ///< A signer, root or policy was demanded.
  std::optional<Digest32> root;
  std::optional<Digest32> content_root;  ///< Nothing: unknown, or the run has salted entries
                                         ///< outside `circumstances` (never shown).
  std::vector<StatementReport> statements;
  std::map<DigestWord, std::uint64_t> digests;  ///< Entries by word.
  std::vector<std::string> warnings;            ///< Clock steps back, unchecked receipts, ...

  /// 0 holds, 1 refused, 4 unfinished.
  int exit_code() const noexcept;
};

/// Verifies a bundle's bytes. No I/O, no clock, no network. Never throws for bad input.
Verdict verify_bundle(std::string_view bytes, const VerifyPolicy& policy = {},
                      const std::vector<ArtifactDigest>& artifacts = {},
                      const JsonLimits& limits = {});

}  // namespace mlprov
