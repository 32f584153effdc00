#include "cli/verdict_gaps.h"

#include <algorithm>

#include "cli/input.h"
#include "cli/printable.h"
#include "cli/shell_word.h"

namespace mlprov::cli {
namespace {

std::uint64_t count_of(const Verdict& verdict, DigestWord word) {
  const auto found = verdict.digests.find(word);
  return found == verdict.digests.end() ? 0 : found->second;
}

bool is_in_log(const Verdict& verdict) {
  return std::any_of(verdict.statements.begin(), verdict.statements.end(),
                     [](const StatementReport& each) { return each.log == "included"; });
}

bool has_epochs(const Verdict& verdict) {
  return std::any_of(verdict.statements.begin(), verdict.statements.end(),
                     [](const StatementReport& each) { return each.phase == Phase::kEpoch; });
}

std::string identity_gap(const Verdict& verdict, const VerifyPolicy& policy) {
  if (!policy.signers.empty()) return "";
  if (verdict.identity_checked) {
    return "whose the author's address is: no --signer was given";
  }
  return "who the author is: anyone can make such a bundle with a key of their own";
}

std::string bound_gap(std::uint64_t bound) {
  if (bound == 0) return "";
  return counted(bound, "digest is", "digests are") +
         " only bound: the signed root fixes them, but their bytes are not at hand";
}

std::string withheld_gap(std::uint64_t withheld) {
  if (withheld == 0) return "";
  return counted(withheld, "entry is", "entries are") +
         " withheld: the author does not show what they are";
}

std::string time_gap(const Verdict& verdict) {
  return is_in_log(verdict)
             ? "when it was made: the log's owner can rebuild it, and no network vouches for the "
               "times"
             : "when it was made: no log or network vouches for the times";
}

}  // namespace

std::vector<std::string> what_holds(const Verdict& verdict, const VerdictContext& context) {
  std::vector<std::string> sentences = {
      "one key signed every statement, and each names the one before it",
      "every directory and content shown is exactly what was signed"};
  if (has_epochs(verdict)) {
    sentences.emplace_back("inputs and epochs were not changed after their statements were signed");
  }
  if (is_in_log(verdict)) sentences.emplace_back("the log has the statements in this order");
  if (!context.policy.signers.empty()) {
    sentences.push_back("that key is the one of " +
                        to_checksum_string(verdict.author.value_or(Address{})) +
                        ", as you demanded");
  }
  if (context.policy.root) sentences.emplace_back("the root is the one you demanded");
  if (context.policy.min_cosigners > 0) {
    sentences.emplace_back("as many of the co-signers as you demanded have signed");
  }
  if (context.has_artifacts) {
    sentences.emplace_back("the files you gave are, byte for byte, those of the run");
  }
  return sentences;
}

std::vector<std::string> what_was_not_checked(const Verdict& verdict,
                                              const VerdictContext& context) {
  std::vector<std::string> gaps = {
      identity_gap(verdict, context.policy), bound_gap(count_of(verdict, DigestWord::kBound)),
      withheld_gap(count_of(verdict, DigestWord::kWithheld)), time_gap(verdict),
      "that the computation really ran as recorded: only a rerun can "
      "show that"};
  std::erase(gaps, "");
  return gaps;
}

std::string run_word(const VerdictContext& context) {
  return context.argument == kDash ? "BUNDLE" : shell_word(context.argument);
}

std::vector<NextCommand> what_to_type_next(const Verdict& verdict, const VerdictContext& context) {
  const std::string run = run_word(context);
  std::vector<NextCommand> commands;
  if (context.policy.signers.empty()) {
    commands.push_back({"mlprov verify " + run + " --signer ADDRESS",
                        "with the author's address, got from somewhere else than this bundle"});
  }
  if (count_of(verdict, DigestWord::kBound) > 0) {
    commands.push_back({"mlprov verify " + run + " --artifact PATH=FILE",
                        "to recompute what is bound from a file or folder that you have"});
  }
  commands.push_back({"mlprov tree " + run, "to see what the run holds"});
  return commands;
}

}  // namespace mlprov::cli
