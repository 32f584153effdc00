#include "cli/verb_hash.h"

#include "cli/hash_check.h"
#include "cli/hash_list.h"
#include "cli/hash_tensors.h"
#include "cli/printable.h"
#include "mlprov/support/error.h"

namespace mlprov::cli {
namespace {

std::string algorithm_names() {
  std::string names;
  for (const Algorithm algorithm : all_algorithms()) {
    names += (names.empty() ? "" : ", ") + std::string(to_string(algorithm));
  }
  return names;
}

const VerbText kText{
    "hash", "Print digests of files, folders or tensors",
    "Prints what b3sum or sha256sum would: the digest, two spaces, the path. A folder stands for\n"
    "every file below it, sorted by the bytes of their names. `-` is standard input.",
    "  $ mlprov hash data/ > data.b3          # the same lines as b3sum\n"
    "  $ mlprov hash --check data.b3          # as b3sum --check\n"
    "  $ mlprov hash --tensors model.safetensors"};

}  // namespace

Algorithm HashOptions::algorithm() const {
  if (const auto found = algorithm_from_name(algorithm_name)) return *found;
  throw Error(ErrorCode::kUsage,
              "there is no algorithm \"" + algorithm_name + "\"; there are " + algorithm_names());
}

void setup_hash(Verbs& verbs) {
  const auto options = std::make_shared<HashOptions>();
  CLI::App& verb = verbs.add(kText, options, run_hash);
  add_texts(verb, {"PATH", "", "Files, folders, or - for standard input"}, options->paths)
      ->required();
  add_text(verb, {"-a,--algorithm", "NAME", "One of " + algorithm_names() + "; default blake3"},
           options->algorithm_name);
  add_flag(verb, {"--tensors", "", "List the tensors of safetensors files"}, options->tensors);
  add_flag(verb, {"-c,--check", "", "PATHs are lists of digests: check the files they name"},
           options->check);
  add_flag(verb, {"-q,--quiet", "", "With --check: print only what fails"}, options->quiet);
  add_json_flag(verb, options->json);
}

ExitCode run_hash(const HashOptions& options, Output& out) {
  options.algorithm();
  if (options.check && options.tensors) {
    throw Error(ErrorCode::kUsage, "--check and --tensors do not go together");
  }
  if (options.quiet && !options.check) {
    throw Error(ErrorCode::kUsage, "--quiet is for --check only");
  }
  if (options.check) return check_digests(options, out);
  if (options.tensors) return list_tensors(options, out);
  return list_digests(options, out);
}

}  // namespace mlprov::cli
