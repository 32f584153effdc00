#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mlprov/digest/algorithm.h"
#include "mlprov/identity/dsse.h"
#include "mlprov/support/bytes.h"
#include "mlprov/support/time.h"

namespace mlprov {

/// What a statement speaks for. Persisted by name: frozen.
enum class Phase { kBefore, kEpoch, kAfter, kStep };

std::string_view to_string(Phase phase) noexcept;
std::optional<Phase> phase_from_name(std::string_view name) noexcept;

/// An in-toto Statement v1 that speaks for one root (docs/format.md). A plain value.
struct Statement {
  Algorithm algorithm = Algorithm::kBlake3;
  Digest32 root{};            ///< Of the directory at `path`.
  std::uint64_t entries = 0;  ///< Entries of that directory.
  std::string path;           ///< `before`, `training/epoch-00000001`, `` or `step-00000001`.
  Phase phase = Phase::kBefore;
  std::string run;  ///< 32 lower-case hex.
  Address author;
  UtcSeconds time{};  ///< The author's claim.
  std::optional<Digest32>
      previous;                    ///< SHA-256 of the run's previous statement; none in the first.
  std::optional<std::string> log;  ///< Verifier key of the log it is meant for, if any.

  friend bool operator==(const Statement&, const Statement&) = default;
};

/// The path that a statement of this phase has; `number` is that of an epoch or step, from 1.
std::string statement_path(Phase phase, std::uint64_t number = 0);
/// The number in such a path; nothing unless it is exactly `statement_path(phase, n)`.
std::optional<std::uint64_t> statement_number(Phase phase, std::string_view path);

/// Canonical bytes, and back; closed keys, `kMalformed`. `parse_statement` takes only bytes that
/// `encode_statement` would give.
std::string encode_statement(const Statement& statement);
Statement parse_statement(std::string_view payload);

/// A statement's identity: SHA-256 of its canonical bytes; `sha256sum statement.json`.
Digest32 statement_id(std::string_view payload);

/// A co-signature by a wallet, beside the envelope (identity/wallet.h).
struct Cosignature {
  Address address;
  Signature65 signature{};
  friend bool operator==(const Cosignature&, const Cosignature&) = default;
};

/// Where a statement stands in the bundle's log.
struct LogInclusion {
  std::uint64_t index = 0;
  std::vector<Digest32> path;
  friend bool operator==(const LogInclusion&, const LogInclusion&) = default;
};

/// What a network answered for a statement: `receipt` is the driver's own closed schema.
struct Receipt {
  std::string driver;  ///< `ethereum`, `bitcoin`, `opentimestamps`, ...
  std::string name;    ///< The network's name in the configuration.
  Json receipt;
  friend bool operator==(const Receipt&, const Receipt&) = default;
};

/// A statement with everything that vouches for it.
struct SignedStatement {
  DsseEnvelope envelope;
  Statement statement;  ///< Parsed from `envelope.payload`.
  std::vector<Cosignature> cosignatures;
  std::optional<LogInclusion> inclusion;
  std::vector<Receipt> receipts;

  Digest32 id() const { return statement_id(envelope.payload); }
};

/// Encodes and signs. REQUIRES statement.author == key.address() (`kUsage`).
SignedStatement sign_statement(const PrivateKey& key, const Statement& statement);

/// The object of a bundle's `statements` array, and back. Reading verifies the envelope's and the
/// co-signatures' signatures; throws `kMalformed` or `kCrypto`.
Json signed_statement_to_json(const SignedStatement& statement);
SignedStatement signed_statement_from_json(const Json& value);

}  // namespace mlprov
