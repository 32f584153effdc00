#include "mlprov/inspect/verify_proof.h"

#include "inspect/finding.h"
#include "inspect/policy.h"
#include "inspect/reading.h"
#include "mlprov/merkle/name.h"
#include "record/proof_shape.h"
#include "record/signed_statement.h"

namespace mlprov {
namespace {

using inspect::Checked;
using inspect::found;
using inspect::guarded;

Checked read_proof(std::string_view bytes, ProofDocument& proof) {
  Json document;
  if (auto wrong = inspect::read_document(bytes, {}, document)) return wrong;
  if (auto wrong = guarded(Refusal::kMalformed, [&] { proof = record::proof_shape(document); })) {
    return wrong;
  }
  return guarded(Refusal::kBadSignature, [&] {
    record::verify_envelope(proof.statement.envelope, proof.statement.statement);
  });
}

Checked check_chain(const ProofDocument& proof, ProofVerdict& verdict) {
  const Statement& statement = proof.statement.statement;
  const auto& chain = proof.proof.chain;
  for (std::size_t i = 0; i + 1 < chain.size(); ++i) {
    if (chain[i].entry.kind == EntryKind::kTree) continue;
    return found(Refusal::kKindMismatch, "chain[" + std::to_string(i) +
                                             "]: " + quote_name(chain[i].entry.name) +
                                             " is not a directory, so nothing lies below it");
  }
  auto proved =
      check_inclusion(statement.algorithm, statement.root, statement.entries, proof.proof);
  if (!proved) {
    return found(Refusal::kRootMismatch, "the chain does not lead to the root of the statement");
  }
  verdict.path = statement.path.empty() ? proved->path : statement.path + "/" + proved->path;
  verdict.entry = std::move(proved->entry);
  return std::nullopt;
}

Checked examine(std::string_view bytes, const VerifyPolicy& policy, ProofVerdict& verdict) {
  ProofDocument proof;
  if (auto wrong = read_proof(bytes, proof)) return wrong;
  if (auto wrong = check_chain(proof, verdict)) return wrong;
  if (auto wrong = inspect::check_signer(policy, proof.statement.statement)) return wrong;
  if (auto wrong = inspect::check_root(policy, proof.statement.statement.root)) return wrong;
  verdict.statement = std::move(proof.statement.statement);
  verdict.id = statement_id(proof.statement.envelope.payload);
  return std::nullopt;
}

}  // namespace

ProofVerdict verify_proof(std::string_view bytes, const VerifyPolicy& policy) {
  ProofVerdict verdict;
  if (auto wrong = examine(bytes, policy, verdict)) {
    verdict = {};
    verdict.refusal = wrong->refusal;
    verdict.detail = std::move(wrong->detail);
    return verdict;
  }
  verdict.outcome = Outcome::kHolds;
  verdict.identity_checked = !policy.signers.empty() || policy.root.has_value();
  return verdict;
}

}  // namespace mlprov
