#include "mlprov/inspect/verify.h"

#include "inspect/chain.h"
#include "inspect/evidence.h"
#include "inspect/finding.h"
#include "inspect/log_check.h"
#include "inspect/material.h"
#include "inspect/policy.h"
#include "inspect/reading.h"
#include "inspect/skeleton_check.h"
#include "inspect/tally.h"

namespace mlprov {
namespace inspect {
namespace {

/// What can be said before anything is walked.
Checked read_evidence(std::string_view bytes, const JsonLimits& limits, Evidence& evidence) {
  Json document;
  if (auto wrong = read_document(bytes, limits, document)) return wrong;
  if (auto wrong = guarded(Refusal::kMalformed,
                           [&] { evidence.parts = record::bundle_shape(std::move(document)); })) {
    return wrong;
  }
  if (auto wrong =
          guarded(Refusal::kBadSignature, [&] { record::verify_signatures(evidence.parts); })) {
    return wrong;
  }
  if (auto wrong = check_chain(evidence.statements())) return wrong;
  if (auto wrong = guarded(Refusal::kRootMismatch, [&] {
        evidence.directories =
            std::make_shared<const DirectoryMap>(record::build_directories(evidence.parts));
      })) {
    return wrong;
  }
  return guarded(Refusal::kDigestMismatch, [&] { record::check_objects(evidence.parts); });
}

/// Whether it all belongs together.
Checked examine(Evidence& evidence) {
  evidence.visits = std::make_unique<const Visits>(evidence.statements(), *evidence.directories);
  for (const auto check :
       {check_statement_directories, check_depth, check_references, check_skeleton,
        check_statements_against_trees, check_salts, check_reachability, check_log}) {
    if (auto wrong = check(evidence)) return wrong;
  }
  return std::nullopt;
}

/// Root of the `after` statement, else of the last.
const Digest32& root_of(const Evidence& evidence) {
  const SignedStatement* after = find_after(evidence.statements());
  return (after != nullptr ? *after : evidence.statements().back()).statement.root;
}

/// What the caller asked for.
Checked check_policy(const VerifyPolicy& policy, const Evidence& evidence, const Tally& words) {
  if (auto wrong = check_signer(policy, evidence.statements().front().statement)) return wrong;
  if (auto wrong = check_root(policy, root_of(evidence))) return wrong;
  if (auto wrong = check_demands(policy, evidence)) return wrong;
  return check_strict(policy, words);
}

std::vector<StatementReport> report(const std::vector<SignedStatement>& statements) {
  std::vector<StatementReport> result;
  for (const SignedStatement& each : statements) {
    const Statement& statement = each.statement;
    StatementReport line{statement.phase,
                         statement.path,
                         statement.root,
                         each.id(),
                         statement.time,
                         log_word(each),
                         {}};
    for (const Cosignature& cosignature : each.cosignatures) {
      line.cosigners.push_back(cosignature.address);
    }
    result.push_back(std::move(line));
  }
  return result;
}

std::vector<std::string> warnings(const Evidence& evidence) {
  std::vector<std::string> result;
  const auto& statements = evidence.statements();
  for (std::size_t i = 0; i < statements.size(); ++i) {
    const std::string place = record::statement_place(i);
    if (i > 0 && statements[i].statement.time < statements[i - 1].statement.time) {
      result.push_back(place + ": its time is before that of the statement before it");
    }
    if (log_word(statements[i]) == "not checked") {
      result.push_back(place + ": names a log, but its place there is not shown: not checked");
    }
    for (const Receipt& receipt : statements[i].receipts) {
      result.push_back(place + ": the receipt of '" + receipt.name + "' (" + receipt.driver +
                       ") is not checked");
    }
  }
  const auto& log = evidence.parts.log;
  if (const std::size_t lines = log ? witness_lines(*log) : 0; lines > 0) {
    result.push_back("log: " + std::to_string(lines) + " witness lines are not checked");
  }
  return result;
}

/// The last statement as people name it: "before", "epoch 3", "step 1".
std::string phase_words(const Statement& statement) {
  const auto number = statement_number(statement.phase, statement.path);
  const std::string phase(to_string(statement.phase));
  return number ? phase + " " + std::to_string(*number) : phase;
}

void conclude(const Evidence& evidence, const VerifyPolicy& policy, Verdict& verdict) {
  const auto& statements = evidence.statements();
  const bool is_unfinished = !is_run_of_steps(statements) && find_after(statements) == nullptr;
  verdict.outcome = Outcome::kHolds;
  if (!is_unfinished) return;
  verdict.detail = "unfinished at " + phase_words(statements.back().statement);
  if (!policy.allow_unfinished) verdict.outcome = Outcome::kUnfinished;
}

Verdict describe(const Evidence& evidence, const VerifyPolicy& policy, Tally words) {
  const Statement& first = evidence.statements().front().statement;
  Verdict verdict;
  conclude(evidence, policy, verdict);
  verdict.run = first.run;
  verdict.algorithm = first.algorithm;
  verdict.author = first.author;
  verdict.identity_checked = checks_identity(policy);
  verdict.root = root_of(evidence);
  verdict.content_root = shown_content_root(evidence, words);
  verdict.statements = report(evidence.statements());
  verdict.digests = std::move(words.words);
  verdict.warnings = warnings(evidence);
  return verdict;
}

/// A refused bundle is not believed in anything: the verdict holds the reason and nothing else.
Verdict refused(Finding finding) {
  Verdict verdict;
  verdict.refusal = finding.refusal;
  verdict.detail = std::move(finding.detail);
  return verdict;
}

}  // namespace
}  // namespace inspect

Verdict verify_bundle(std::string_view bytes, const VerifyPolicy& policy,
                      const std::vector<ArtifactDigest>& artifacts, const JsonLimits& limits) {
  inspect::Evidence evidence;
  if (auto wrong = inspect::read_evidence(bytes, limits, evidence)) return inspect::refused(*wrong);
  if (auto wrong = inspect::examine(evidence)) return inspect::refused(*wrong);
  if (auto wrong = inspect::check_artifacts(artifacts, evidence)) return inspect::refused(*wrong);
  inspect::Tally words = inspect::tally(evidence);
  if (auto wrong = inspect::check_policy(policy, evidence, words)) return inspect::refused(*wrong);
  return inspect::describe(evidence, policy, std::move(words));
}

}  // namespace mlprov
