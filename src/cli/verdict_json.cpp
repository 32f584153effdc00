#include "cli/verdict_json.h"

#include "cli/demands.h"
#include "cli/output.h"
#include "mlprov/support/hex.h"

namespace mlprov::cli {
namespace {

template <typename T, typename Show>
Json or_null(const std::optional<T>& value, Show show) {
  return value ? Json(show(*value)) : Json();
}

Json statement_to_json(const StatementReport& statement) {
  Json cosigners = Json::array();
  for (const Address& address : statement.cosigners) cosigners.push_back(to_string(address));
  return {{"cosigners", cosigners},
          {"id", to_hex(statement.id)},
          {"log", statement.log},
          {"path", json_text(statement.path)},
          {"phase", to_string(statement.phase)},
          {"root", to_hex(statement.root)},
          {"time", format_utc(statement.time)}};
}

Json words_to_json(const std::map<DigestWord, std::uint64_t>& words) {
  Json counts = Json::object();
  for (const DigestWord word : {DigestWord::kRecomputed, DigestWord::kBound, DigestWord::kWithheld,
                                DigestWord::kMissing, DigestWord::kMismatch}) {
    const auto found = words.find(word);
    counts[std::string(to_string(word))] = found == words.end() ? 0 : found->second;
  }
  return counts;
}

}  // namespace

Json verdict_to_json(const Verdict& verdict, const VerifyPolicy& policy) {
  Json statements = Json::array();
  for (const StatementReport& each : verdict.statements) {
    statements.push_back(statement_to_json(each));
  }
  Json warnings = Json::array();
  for (const std::string& warning : verdict.warnings) warnings.push_back(json_text(warning));
  const auto hex = [](const Digest32& digest) { return to_hex(digest); };
  return {{"algorithm", or_null(verdict.algorithm, [](Algorithm a) { return to_string(a); })},
          {"author", or_null(verdict.author, [](const Address& a) { return to_string(a); })},
          {"content_root", or_null(verdict.content_root, hex)},
          {"demands", demands_to_json(policy)},
          {"detail", json_text(verdict.detail)},
          {"digests", words_to_json(verdict.digests)},
          {"exit_code", verdict.exit_code()},
          {"identity_checked", verdict.identity_checked},
          {"outcome", to_string(verdict.outcome)},
          {"refusal", or_null(verdict.refusal, [](Refusal r) { return to_string(r); })},
          {"root", or_null(verdict.root, hex)},
          {"run", verdict.run.empty() ? Json() : Json(verdict.run)},
          {"statements", statements},
          {"warnings", warnings}};
}

}  // namespace mlprov::cli
