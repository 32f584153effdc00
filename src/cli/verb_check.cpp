#include "cli/verb_check.h"

#include "cli/artifacts.h"
#include "cli/entry_text.h"
#include "cli/input.h"
#include "cli/printable.h"
#include "cli/refusal_text.h"
#include "mlprov/inspect/verify_proof.h"
#include "mlprov/support/error.h"
#include "mlprov/support/hex.h"

namespace mlprov::cli {
namespace {

const VerbText kText{
    "check", "Check a proof that one entry stands in a run",
    "Checks a proof that `mlprov prove` wrote: the statement's signature and the way from its "
    "root\n"
    "to the entry. --artifact FILE compares the entry's digest with that of a file at hand.",
    "  $ mlprov check data.proof.json --signer 0x52908400098527886E0F7030069857D2E4169EE7 \\\n"
    "      --artifact train.csv"};

ProofVerdict refused(Refusal refusal, std::string detail) {
  ProofVerdict verdict;
  verdict.refusal = refusal;
  verdict.detail = std::move(detail);
  return verdict;
}

/// Helps the one who gave the wrong kind of document.
void add_hint(const std::string& document, ProofVerdict& verdict) {
  if (verdict.refusal != Refusal::kMalformed) return;
  if (document.find("\"mlprov-bundle-v1\"") == std::string::npos) return;
  verdict.detail += "; it looks like a bundle, which `mlprov verify` reads";
}

ProofVerdict read_and_verify(const std::string& file, const VerifyPolicy& policy) {
  try {
    const std::string document = read_input(file, JsonLimits{}.max_bytes);
    ProofVerdict verdict = verify_proof(document, policy);
    add_hint(document, verdict);
    return verdict;
  } catch (const Error& error) {
    if (error.code() != ErrorCode::kTooLarge) throw;
    return refused(Refusal::kTooLarge, error.what());
  }
}

/// Nothing, or why the file is not the entry's content.
std::string object_to_file(const ProofVerdict& verdict, const std::string& file) {
  if (verdict.entry.kind == EntryKind::kTree) {
    throw Error(ErrorCode::kUsage,
                "the proof is of a directory; --artifact takes a proof of a file "
                "or a tensor");
  }
  const EntryBytes bytes = digest_for_entry(verdict.statement.algorithm, verdict.entry, file);
  if (!bytes.objection.empty()) return bytes.objection;
  if (bytes.digest == verdict.entry.digest && bytes.size == entry_bytes(verdict.entry)) return "";
  return file + " has the digest " + to_hex(bytes.digest) + " and " +
         counted(bytes.size, "byte", "bytes") + ", the entry " + to_hex(verdict.entry.digest) +
         " and " + counted(entry_bytes(verdict.entry), "byte", "bytes");
}

ProofVerdict answer(const CheckOptions& options, const VerifyPolicy& policy) {
  ProofVerdict verdict = read_and_verify(options.proof, policy);
  if (verdict.outcome == Outcome::kRefused || options.artifact.empty()) return verdict;
  const std::string objection = object_to_file(verdict, options.artifact);
  return objection.empty() ? verdict : refused(Refusal::kArtifact, objection);
}

Json statement_to_json(const ProofVerdict& verdict) {
  const Statement& statement = verdict.statement;
  return {{"algorithm", to_string(statement.algorithm)},
          {"author", to_string(statement.author)},
          {"id", to_hex(verdict.id)},
          {"path", statement.path},
          {"phase", to_string(statement.phase)},
          {"root", to_hex(statement.root)},
          {"run", statement.run},
          {"time", format_utc(statement.time)}};
}

Json proof_to_json(const ProofVerdict& verdict, const CheckOptions& options,
                   const VerifyPolicy& policy) {
  const bool holds = verdict.outcome == Outcome::kHolds;
  const bool is_recomputed = holds && !options.artifact.empty();
  return {{"demands", demands_to_json(policy)},
          {"detail", json_text(verdict.detail)},
          {"digest", holds ? Json(is_recomputed ? "recomputed" : "bound") : Json()},
          {"entry", holds ? entry_to_json(verdict.entry) : Json()},
          {"exit_code", holds ? 0 : 1},
          {"identity_checked", verdict.identity_checked},
          {"outcome", to_string(verdict.outcome)},
          {"path", holds ? Json(verdict.path) : Json()},
          {"refusal", verdict.refusal ? Json(to_string(*verdict.refusal)) : Json()},
          {"statement", holds ? statement_to_json(verdict) : Json()}};
}

void print_refusal(const ProofVerdict& verdict, Output& out) {
  const Refusal refusal = verdict.refusal.value_or(Refusal::kMalformed);
  out.line(out.styled(Style::kBad, "REFUSED") + ": " + std::string(to_string(refusal)));
  out.line();
  out.line("  " + printable(verdict.detail));
  out.line();
  out.line("  " + std::string(explain(refusal)));
}

void print_proof(const ProofVerdict& verdict, const CheckOptions& options,
                 const VerifyPolicy& policy, Output& out) {
  const Statement& statement = verdict.statement;
  const bool has_signer = !policy.signers.empty();
  out.line(out.styled(Style::kGood, "INCLUDED") + ": " + printable(verdict.path) +
           (verdict.identity_checked ? "" : "; nobody's identity checked"));
  out.line();
  out.line("  entry       " + entry_facts(verdict.entry));
  out.line(
      "  digest      " + to_hex(verdict.entry.digest) + "  (" +
      std::string(to_string(statement.algorithm)) +
      (options.artifact.empty() ? ")" : ", recomputed from " + printable(options.artifact) + ")"));
  out.line("  run         " + statement.run);
  out.line("  author      " + to_checksum_string(statement.author) +
           (has_signer ? "  (as demanded)" : "  (its own claim: not checked)"));
  out.line("  statement   " + std::string(to_string(statement.phase)) + ", " +
           format_utc(statement.time) + "  (by the author's clock)");
  out.line("  root        " + to_hex(statement.root) + (policy.root ? "  (as demanded)" : ""));
  out.line();
  out.line(
      "It shows that the entry stands in what was signed; not that it is the only one, nor "
      "that the run was finished.");
}

}  // namespace

void setup_check(Verbs& verbs) {
  const auto options = std::make_shared<CheckOptions>();
  CLI::App& verb = verbs.add(kText, options, run_check);
  add_text(verb, {"FILE", "", "The proof; - is standard input"}, options->proof)->required();
  add_identity_options(verb, options->demands);
  add_text(verb, {"--artifact", "FILE", "The file that the entry should be"}, options->artifact);
  add_json_flag(verb, options->json);
}

ExitCode run_check(const CheckOptions& options, Output& out) {
  const VerifyPolicy policy = make_policy(options.demands);
  const ProofVerdict verdict = answer(options, policy);
  const bool holds = verdict.outcome == Outcome::kHolds;
  if (options.json) {
    out.json(proof_to_json(verdict, options, policy));
  } else if (holds) {
    print_proof(verdict, options, policy, out);
  } else {
    print_refusal(verdict, out);
  }
  return holds ? ExitCode::kHolds : ExitCode::kNo;
}

}  // namespace mlprov::cli
