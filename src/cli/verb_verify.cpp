#include "cli/verb_verify.h"

#include "cli/artifacts.h"
#include "cli/run_argument.h"
#include "cli/run_view.h"
#include "cli/verdict_json.h"
#include "cli/verdict_text.h"
#include "mlprov/support/error.h"

namespace mlprov::cli {
namespace {

const VerbText kText{
    "verify", "Check that a run is what its author signed",
    "Checks signatures, the chain of statements, every directory and content, the log, and what\n"
    "you demand beyond that. Without --signer, --root or --policy nobody's identity is checked.\n"
    "--artifact PATH=FILE recomputes what the bundle only binds: PATH is an entry or a directory\n"
    "of the run, FILE a file, a folder or a safetensors file. Nothing is sent anywhere.",
    "  $ mlprov verify run.json --signer 0x52908400098527886E0F7030069857D2E4169EE7\n"
    "  $ mlprov verify run.json --artifact result/weights=model.safetensors --strict\n"
    "  $ mlprov verify run.json --json | jq .outcome"};

/// A verdict on something that was never read to its end.
Verdict too_large(const Error& error) {
  Verdict verdict;
  verdict.refusal = Refusal::kTooLarge;
  verdict.detail = error.what();
  return verdict;
}

/// What the files come to; nothing for a bundle that does not verify by itself, whose tree must
/// not steer what is read.
Artifacts digest_given(const VerifyOptions& options, const std::string& bundle) {
  if (options.artifacts.empty()) return {};
  if (verify_bundle(bundle).outcome == Outcome::kRefused) return {};
  return digest_artifacts(options.artifacts, run_tree(parse_bundle(bundle)));
}

/// Helps the one who gave the wrong kind of document.
void add_hint(const std::string& bundle, Verdict& verdict) {
  if (verdict.refusal != Refusal::kMalformed) return;
  if (bundle.find("\"mlprov-proof-v1\"") == std::string::npos) return;
  verdict.detail += "; it looks like a proof, which `mlprov check` reads";
}

Verdict verify(const VerifyOptions& options, const VerifyPolicy& policy) {
  RunText run;
  try {
    run = find_run(options.run);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::kTooLarge) throw;
    return too_large(error);
  }
  const Artifacts artifacts = digest_given(options, run.bundle);
  Verdict verdict = verify_bundle(run.bundle, policy, artifacts.digests);
  add_hint(run.bundle, verdict);
  if (verdict.outcome == Outcome::kRefused || artifacts.objection.empty()) return verdict;
  Verdict refused;
  refused.refusal = Refusal::kArtifact;
  refused.detail = artifacts.objection;
  return refused;
}

}  // namespace

void setup_verify(Verbs& verbs) {
  const auto options = std::make_shared<VerifyOptions>();
  CLI::App& verb = verbs.add(kText, options, run_verify);
  add_text(verb, {"BUNDLE", "", "The run's bundle file; - is standard input"}, options->run)
      ->required();
  add_identity_options(verb, options->demands);
  add_texts(verb, {"--artifact", "PATH=FILE", "Recompute PATH from a file at hand"},
            options->artifacts);
  add_policy_options(verb, options->demands);
  add_flag(verb, {"--offline", "", "Ask no network, whatever the run's receipts"},
           options->offline);
  add_json_flag(verb, options->json);
}

ExitCode run_verify(const VerifyOptions& options, Output& out) {
  const VerifyPolicy policy = make_policy(options.demands);
  const Verdict verdict = verify(options, policy);
  if (options.json) {
    out.json(verdict_to_json(verdict, policy));
  } else {
    print_verdict(verdict, {options.run, policy, !options.artifacts.empty()}, out);
  }
  return static_cast<ExitCode>(verdict.exit_code());
}

}  // namespace mlprov::cli
