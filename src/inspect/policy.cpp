#include "inspect/policy.h"

#include <algorithm>

#include "mlprov/support/hex.h"

namespace mlprov::inspect {
namespace {

/// The name by which policies ask for the log.
constexpr std::string_view kLocalNetwork = "local";

template <typename T>
bool contains(const std::vector<T>& list, const T& value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

Checked refuse(std::string detail) { return found(Refusal::kPolicy, std::move(detail)); }

Checked check_cosigners(const VerifyPolicy& policy, const SignedStatement& last) {
  const auto count = std::count_if(
      last.cosignatures.begin(), last.cosignatures.end(),
      [&](const Cosignature& each) { return contains(policy.cosigners, each.address); });
  if (static_cast<std::uint64_t>(count) >= policy.min_cosigners) return std::nullopt;
  return refuse("the last statement is co-signed by " + std::to_string(count) +
                " of those asked for; the policy demands " + std::to_string(policy.min_cosigners));
}

Checked check_all_included(const Evidence& evidence) {
  const auto& statements = evidence.statements();
  for (std::size_t i = 0; i < statements.size(); ++i) {
    if (statements[i].inclusion) continue;
    return refuse(record::statement_place(i) + ": is not shown to be in a log, as demanded");
  }
  return std::nullopt;
}

/// No network's receipts can be checked by this version; only the log's inclusions can.
Checked check_network(const std::string& network, const Evidence& evidence) {
  if (network == kLocalNetwork) return check_all_included(evidence);
  return refuse("no checked receipt of the network '" + network + "'");
}

Checked check_vkey(const std::string& vkey, const Evidence& evidence) {
  if (!evidence.parts.log) return refuse("the log that the policy names is not carried");
  if (evidence.parts.log->vkey != vkey)
    return refuse("the log is not the one that the policy names");
  return check_all_included(evidence);
}

}  // namespace

bool checks_identity(const VerifyPolicy& policy) noexcept {
  return !policy.signers.empty() || policy.root.has_value() || policy.min_cosigners > 0;
}

Checked check_signer(const VerifyPolicy& policy, const Statement& statement) {
  if (policy.signers.empty() || contains(policy.signers, statement.author)) return std::nullopt;
  return found(Refusal::kWrongSigner, "signed by " + to_checksum_string(statement.author) +
                                          ", who is not among the signers asked for");
}

Checked check_root(const VerifyPolicy& policy, const Digest32& root) {
  if (!policy.root || policy.root == root) return std::nullopt;
  return found(Refusal::kWrongRoot,
               "the root is " + to_hex(root) + ", asked for was " + to_hex(*policy.root));
}

Checked check_demands(const VerifyPolicy& policy, const Evidence& evidence) {
  const SignedStatement& last = evidence.statements().back();
  if (auto wrong = check_cosigners(policy, last)) return wrong;
  for (const std::string& network : policy.networks) {
    if (auto wrong = check_network(network, evidence)) return wrong;
  }
  if (policy.log) {
    if (auto wrong = check_vkey(*policy.log, evidence)) return wrong;
  }
  if (!policy.not_before || last.statement.time >= *policy.not_before) return std::nullopt;
  return refuse("the last statement is of " + format_utc(last.statement.time) +
                ", older than the policy's " + format_utc(*policy.not_before));
}

Checked check_strict(const VerifyPolicy& policy, const Tally& tally) {
  if (!policy.strict || !tally.soft) return std::nullopt;
  return found(Refusal::kNotRecomputed, *tally.soft);
}

}  // namespace mlprov::inspect
