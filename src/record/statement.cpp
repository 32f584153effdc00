#include "mlprov/record/statement.h"

#include <array>
#include <utility>

#include "mlprov/digest/hasher.h"
#include "mlprov/log/note.h"
#include "mlprov/support/hex.h"
#include "record/fields.h"
#include "record/skeleton.h"

namespace mlprov {
namespace {

using record::malformed;
using record::string_at;

constexpr std::string_view kStatementType = "https://in-toto.io/Statement/v1";
constexpr std::string_view kPredicateType = "urn:mlprov:statement:v1";
constexpr std::string_view kDigestKeyPrefix = "mlprov-tree-v1-";
constexpr std::string_view kTraining = "training/";
constexpr std::size_t kRunDigits = 32;

constexpr std::pair<Phase, std::string_view> kPhases[] = {
    {Phase::kBefore, "before"},
    {Phase::kEpoch, "epoch"},
    {Phase::kAfter, "after"},
    {Phase::kStep, "step"},
};

bool is_run_id(std::string_view run) {
  return run.size() == kRunDigits && run.find_first_not_of("0123456789abcdef") == run.npos;
}

/// True when `path` is one that a statement of that phase can have.
bool path_fits(Phase phase, std::string_view path) {
  if (phase == Phase::kEpoch || phase == Phase::kStep) {
    return statement_number(phase, path).has_value();
  }
  return path == statement_path(phase);
}

void check_log(const std::string& vkey) {
  record::at_place("'log'", [&] {
    if (NoteVerifier::parse(vkey).to_string() != vkey) malformed("not a canonical verifier key");
  });
}

/// What both directions demand beyond types.
void check_fields(const Statement& statement) {
  if (!is_tree_algorithm(statement.algorithm)) malformed("trees have no such algorithm");
  if (!is_run_id(statement.run)) malformed("'run' must be 32 lower-case hex characters");
  if (!path_fits(statement.phase, statement.path)) {
    malformed("'path' is not that of a statement of phase " +
              std::string(to_string(statement.phase)));
  }
  if (statement.log) check_log(*statement.log);
}

Json predicate_to_json(const Statement& statement) {
  return {{"author", to_string(statement.author)},
          {"entries", statement.entries},
          {"log", statement.log ? Json(*statement.log) : Json(nullptr)},
          {"path", statement.path},
          {"phase", std::string(to_string(statement.phase))},
          {"previous", statement.previous ? Json(to_hex(*statement.previous)) : Json(nullptr)},
          {"run", statement.run},
          {"time", format_utc(statement.time)}};
}

void read_subject(const Json& document, Statement& statement) {
  const Json& subjects = record::array_at(document, "subject");
  if (subjects.size() != 1) malformed("'subject' must hold exactly one subject");
  record::require_keys(subjects[0], "the subject", {"digest", "name"});
  const Json& digests = subjects[0].at("digest");
  if (!digests.is_object() || digests.size() != 1)
    malformed("the subject needs exactly one digest");

  const std::string& key = digests.begin().key();
  if (!key.starts_with(kDigestKeyPrefix)) malformed("the subject's digest is not that of a tree");
  const auto algorithm = algorithm_from_name(std::string_view(key).substr(kDigestKeyPrefix.size()));
  if (!algorithm) malformed("the subject's digest has an unknown algorithm");
  statement.algorithm = *algorithm;
  statement.root = record::digest_from(digests.begin().value(), "the subject's digest");
  if (string_at(subjects[0], "name") != statement.run) {
    malformed("the subject's name must be the run's id");
  }
}

Address read_author(const Json& predicate) {
  const auto author = address_from_canonical(string_at(predicate, "author"));
  if (!author) malformed("'author' must be an address, 0x and 40 lower-case hex characters");
  return *author;
}

void read_predicate(const Json& predicate, Statement& statement) {
  record::require_keys(predicate, "the predicate",
                       {"author", "entries", "log", "path", "phase", "previous", "run", "time"});
  statement.author = read_author(predicate);
  statement.entries = record::count_at(predicate, "entries");
  if (!predicate.at("log").is_null()) statement.log = string_at(predicate, "log");
  statement.path = string_at(predicate, "path");
  const auto phase = phase_from_name(string_at(predicate, "phase"));
  if (!phase) malformed("'phase' must be before, epoch, after or step");
  statement.phase = *phase;
  if (!predicate.at("previous").is_null()) {
    statement.previous = record::digest_at(predicate, "previous");
  }
  statement.run = string_at(predicate, "run");
  const auto time = parse_utc(string_at(predicate, "time"));
  if (!time) malformed("'time' must be a date and time of the form 2026-11-21T00:00:00Z");
  statement.time = *time;
}

Statement read_statement(std::string_view payload) {
  const Json document = parse_canonical(payload);
  record::require_keys(document, "the statement",
                       {"_type", "predicate", "predicateType", "subject"});
  if (string_at(document, "_type") != kStatementType) malformed("'_type' is not in-toto's v1");
  if (string_at(document, "predicateType") != kPredicateType) {
    malformed("'predicateType' must be " + std::string(kPredicateType));
  }
  Statement statement;
  read_predicate(document.at("predicate"), statement);
  read_subject(document, statement);
  check_fields(statement);
  return statement;
}

}  // namespace

std::string_view to_string(Phase phase) noexcept {
  for (const auto& [known, name] : kPhases) {
    if (known == phase) return name;
  }
  return "";
}

std::optional<Phase> phase_from_name(std::string_view name) noexcept {
  for (const auto& [phase, known] : kPhases) {
    if (known == name) return phase;
  }
  return std::nullopt;
}

std::string statement_path(Phase phase, std::uint64_t number) {
  switch (phase) {
    case Phase::kBefore:
      return "before";
    case Phase::kEpoch:
      return std::string(kTraining) + record::numbered_name("epoch", number);
    case Phase::kStep:
      return record::numbered_name("step", number);
    case Phase::kAfter:
      break;
  }
  return "";
}

std::optional<std::uint64_t> statement_number(Phase phase, std::string_view path) {
  if (phase == Phase::kStep) return record::number_in("step", path);
  if (phase != Phase::kEpoch || !path.starts_with(kTraining)) return std::nullopt;
  return record::number_in("epoch", path.substr(kTraining.size()));
}

std::string encode_statement(const Statement& statement) {
  check_fields(statement);
  const std::string key =
      std::string(kDigestKeyPrefix) + std::string(to_string(statement.algorithm));
  const Json subject = {{"digest", {{key, to_hex(statement.root)}}}, {"name", statement.run}};
  return to_canonical({{"_type", kStatementType},
                       {"predicate", predicate_to_json(statement)},
                       {"predicateType", kPredicateType},
                       {"subject", Json::array({subject})}});
}

Statement parse_statement(std::string_view payload) {
  try {
    return read_statement(payload);
  } catch (const Error& error) {
    // A statement over some limit is as little a statement as any other wrong bytes.
    malformed(std::string("statement: ") + error.what());
  }
}

Digest32 statement_id(std::string_view payload) {
  return digest32(Algorithm::kSha256, as_bytes(payload));
}

SignedStatement sign_statement(const PrivateKey& key, const Statement& statement) {
  if (statement.author != key.address()) {
    throw Error(ErrorCode::kUsage, "the statement names " + to_string(statement.author) +
                                       " as its author, but the key is that of " +
                                       to_string(key.address()));
  }
  SignedStatement result;
  result.envelope = dsse_sign(key, encode_statement(statement));
  result.statement = statement;
  return result;
}

}  // namespace mlprov
