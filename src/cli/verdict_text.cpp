#include "cli/verdict_text.h"

#include <algorithm>

#include "cli/printable.h"
#include "cli/refusal_text.h"
#include "cli/verdict_gaps.h"
#include "mlprov/support/hex.h"

namespace mlprov::cli {
namespace {

constexpr std::size_t kLabelWidth = 12;

void fact(Output& out, const std::string& label, const std::string& text) {
  out.line("  " + label + std::string(kLabelWidth - label.size(), ' ') + text);
}

std::string author_text(const Verdict& verdict, const VerifyPolicy& policy) {
  const std::string address = to_checksum_string(verdict.author.value_or(Address{}));
  return address + (policy.signers.empty() ? "  (its own claim: not checked)" : "  (as demanded)");
}

std::string root_text(const Verdict& verdict, const VerifyPolicy& policy) {
  const std::string algorithm(verdict.algorithm ? to_string(*verdict.algorithm) : "");
  const std::string demanded = policy.root ? ", as demanded" : "";
  return to_hex(verdict.root.value_or(Digest32{})) + "  (" + algorithm + demanded + ")";
}

std::string content_text(const Verdict& verdict) {
  if (verdict.content_root) return to_hex(*verdict.content_root);
  return verdict.detail.empty() ? "no content root: some entries are salted or withheld"
                                : "no content root before the run is finished";
}

/// "before, 3 epochs, after": runs of one phase are counted together.
std::string phases_text(const std::vector<StatementReport>& statements) {
  std::string text;
  for (std::size_t i = 0; i < statements.size();) {
    const Phase phase = statements[i].phase;
    std::uint64_t count = 0;
    for (; i < statements.size() && statements[i].phase == phase; ++i) ++count;
    const std::string name(to_string(phase));
    text += (text.empty() ? "" : ", ") + (phase == Phase::kBefore || phase == Phase::kAfter
                                              ? name
                                              : counted(count, name, name + "s"));
  }
  return text;
}

std::string times_text(const std::vector<StatementReport>& statements) {
  const auto [first, last] =
      std::minmax_element(statements.begin(), statements.end(),
                          [](const auto& a, const auto& b) { return a.time < b.time; });
  const std::string from = format_utc(first->time);
  const std::string to = format_utc(last->time);
  return (from == to ? from : from + " to " + to) + "  (by the author's clock)";
}

std::string digests_text(const std::map<DigestWord, std::uint64_t>& words) {
  std::uint64_t total = 0;
  std::string text;
  for (const auto& [word, count] : words) {
    if (count == 0) continue;
    total += count;
    text += (text.empty() ? "" : ", ") + with_commas(count) + " " + std::string(to_string(word));
  }
  return text + "  (of " + counted(total, "entry", "entries") + ")";
}

std::string log_text(const std::vector<StatementReport>& statements) {
  const auto included =
      std::count_if(statements.begin(), statements.end(),
                    [](const StatementReport& each) { return each.log == "included"; });
  const bool has_log = std::any_of(statements.begin(), statements.end(),
                                   [](const StatementReport& each) { return each.log != "none"; });
  if (!has_log) return "none";
  const auto count = static_cast<std::uint64_t>(included);
  if (count == 0) return "named by the statements, but their place in it is not shown";
  return with_commas(count) + " of " + counted(statements.size(), "statement", "statements") +
         " in it  (proves order to its owner, not time to others)";
}

void print_cosigners(const Verdict& verdict, const VerifyPolicy& policy, Output& out) {
  if (verdict.statements.empty()) return;
  const auto& cosigners = verdict.statements.back().cosigners;
  for (const Address& address : cosigners) {
    const bool is_wanted = std::find(policy.cosigners.begin(), policy.cosigners.end(), address) !=
                           policy.cosigners.end();
    fact(out, "co-signed",
         to_checksum_string(address) +
             (is_wanted ? "  (as demanded)" : "  (nobody asked whose that is)"));
  }
}

void print_facts(const Verdict& verdict, const VerifyPolicy& policy, Output& out) {
  fact(out, "run", printable(verdict.run));
  fact(out, "author", author_text(verdict, policy));
  fact(out, "root", root_text(verdict, policy));
  fact(out, "content", content_text(verdict));
  fact(out, "statements", phases_text(verdict.statements));
  fact(out, "times", times_text(verdict.statements));
  fact(out, "digests", digests_text(verdict.digests));
  fact(out, "log", log_text(verdict.statements));
  print_cosigners(verdict, policy, out);
}

void print_list(const std::string& title, const std::vector<std::string>& sentences, Output& out) {
  if (sentences.empty()) return;
  out.line();
  out.line(out.styled(Style::kBold, title));
  for (const std::string& sentence : sentences) out.line("  - " + printable(sentence));
}

std::string demanded_text(const VerifyPolicy& policy) {
  std::string text;
  const auto add = [&](bool is_demanded, const char* what) {
    if (is_demanded) text += (text.empty() ? "" : ", ") + std::string(what);
  };
  add(!policy.signers.empty(), "signed by the author you named");
  add(policy.root.has_value(), "with the root you named");
  add(policy.min_cosigners > 0, "co-signed as you demanded");
  return text;
}

std::string headline(const Verdict& verdict, const VerifyPolicy& policy, Output& out) {
  const std::string origin = verdict.identity_checked
                                 ? "consistent in itself, " + demanded_text(policy)
                                 : "consistent in itself; nobody's identity checked";
  if (verdict.outcome == Outcome::kUnfinished) {
    return out.styled(Style::kCaution, "UNFINISHED") + ": " + origin +
           "; but the run has no last statement: " + printable(verdict.detail);
  }
  // With --allow-unfinished the outcome is "holds", and the detail says where the run ends.
  return out.styled(Style::kGood, "HOLDS") + ": " + origin +
         (verdict.detail.empty() ? "" : "; " + printable(verdict.detail));
}

void print_next(const std::vector<NextCommand>& commands, Output& out) {
  out.line();
  out.line(out.styled(Style::kBold, "Next"));
  for (const NextCommand& next : commands) {
    out.line("  " + next.command);
    out.line("      " + out.styled(Style::kFaint, next.purpose));
  }
}

void print_refusal(const Verdict& verdict, const VerdictContext& context, Output& out) {
  const Refusal refusal = verdict.refusal.value_or(Refusal::kMalformed);
  out.line(out.styled(Style::kBad, "REFUSED") + ": " + std::string(to_string(refusal)));
  out.line();
  out.line("  " + printable(verdict.detail));
  out.line();
  out.line("  " + std::string(explain(refusal)));
  if (!is_by_demand(refusal)) {
    out.line("  Nothing that it says should be relied on.");
    return;
  }
  print_next({{"mlprov verify " + run_word(context), "to see what it says of itself"}}, out);
}

}  // namespace

void print_verdict(const Verdict& verdict, const VerdictContext& context, Output& out) {
  if (verdict.outcome == Outcome::kRefused) return print_refusal(verdict, context, out);
  out.line(headline(verdict, context.policy, out));
  out.line();
  print_facts(verdict, context.policy, out);
  print_list("What holds", what_holds(verdict, context), out);
  print_list("Not checked", what_was_not_checked(verdict, context), out);
  print_list("Warnings", verdict.warnings, out);
  print_next(what_to_type_next(verdict, context), out);
}

}  // namespace mlprov::cli
