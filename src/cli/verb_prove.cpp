#include "cli/verb_prove.h"

#include "cli/logging.h"
#include "cli/output_file.h"
#include "cli/run_argument.h"
#include "cli/run_view.h"
#include "mlprov/record/proof_document.h"
#include "mlprov/support/error.h"

namespace mlprov::cli {
namespace {

const VerbText kText{
    "prove", "Prove that one entry stands in a run, without showing the rest",
    "Writes a small document for somebody who has not the bundle: the signed statement, and the\n"
    "way from it to the entry at PATH. It shows that the entry is included, never that it is the\n"
    "only one. `mlprov tree BUNDLE` lists the paths.",
    "  $ mlprov prove run.json result/weights/fc.weight -o fc.proof.json\n"
    "  $ mlprov check fc.proof.json --signer 0x..."};

ProofDocument prove(const VerifiedRun& run, const std::string& path) {
  try {
    return prove_entry(run.bundle, path);
  } catch (const Error& error) {
    if (error.code() == ErrorCode::kNotFound) throw Refused(error.what());
    throw;
  }
}

}  // namespace

void setup_prove(Verbs& verbs) {
  const auto options = std::make_shared<ProveOptions>();
  CLI::App& verb = verbs.add(kText, options, run_prove);
  add_text(verb, {"BUNDLE", "", "The run's bundle file; - is standard input"}, options->run)
      ->required();
  add_text(verb, {"PATH", "", "The entry, as `mlprov tree` shows it"}, options->path)->required();
  add_text(verb, {"-o,--output", "FILE", "The proof to write; - is standard output"},
           options->output)
      ->required();
  add_flag(verb, {"-f,--force", "", "Replace FILE if it exists"}, options->force);
}

ExitCode run_prove(const ProveOptions& options, Output& out) {
  const VerifiedRun run = open_run(options.run);
  const std::string path = typed_path(options.path);
  const ProofDocument proof = prove(run, path);
  write_output_file({options.output, 0644, options.force}, encode_proof(proof), out);
  inform("wrote the proof of " + path + " to " + options.output);
  return ExitCode::kHolds;
}

}  // namespace mlprov::cli
