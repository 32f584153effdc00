#include "inspect/log_check.h"

#include <algorithm>

#include "mlprov/log/checkpoint.h"
#include "mlprov/merkle/rfc6962.h"

namespace mlprov::inspect {
namespace {

/// Sizes from here on no log reaches, and other readers hold them in signed integers.
constexpr std::uint64_t kEndOfSizes = std::uint64_t{1} << 63;

Checked refuse(std::string detail) { return found(Refusal::kLog, std::move(detail)); }

bool is_included(const SignedStatement& statement, const Checkpoint& checkpoint) {
  const Digest32 leaf = rfc6962::leaf_hash(Algorithm::kSha256, statement.id());
  return rfc6962::root_from_inclusion(Algorithm::kSha256, leaf, statement.inclusion->index,
                                      checkpoint.size,
                                      statement.inclusion->path) == checkpoint.root;
}

Checked check_inclusions(const Evidence& evidence, const Checkpoint& checkpoint) {
  const auto& statements = evidence.statements();
  std::optional<std::uint64_t> last;
  for (std::size_t i = 0; i < statements.size(); ++i) {
    const auto& inclusion = statements[i].inclusion;
    if (!inclusion) continue;
    const std::string place = record::statement_place(i);
    if (statements[i].statement.log != evidence.parts.log->vkey) {
      return refuse(place + ": is shown in another log than the one that it names");
    }
    if (last && inclusion->index <= *last) {
      return refuse(place + ": stands before an earlier statement in the log");
    }
    if (!is_included(statements[i], checkpoint)) {
      return refuse(place + ": its inclusion does not lead to the checkpoint's root");
    }
    last = inclusion->index;
  }
  return std::nullopt;
}

}  // namespace

Checked check_log(const Evidence& evidence) {
  const auto& statements = evidence.statements();
  const bool has_inclusion =
      std::any_of(statements.begin(), statements.end(),
                  [](const auto& each) { return each.inclusion.has_value(); });
  const auto& log = evidence.parts.log;
  if (log.has_value() != has_inclusion) {
    return refuse(log ? "a log is carried in which no statement is included"
                      : "a statement is included in a log that is not carried");
  }
  if (!log) return std::nullopt;
  Checkpoint checkpoint;
  if (auto wrong = guarded(Refusal::kLog, [&] {
        const NoteVerifier verifier = NoteVerifier::parse(log->vkey);
        checkpoint = open_checkpoint(log->checkpoint, verifier);
      })) {
    return wrong;
  }
  if (checkpoint.size >= kEndOfSizes) return refuse("the checkpoint's size is 2^63 or more");
  return check_inclusions(evidence, checkpoint);
}

std::string log_word(const SignedStatement& statement) {
  if (statement.inclusion) return "included";
  return statement.statement.log ? "not checked" : "none";
}

std::size_t witness_lines(const BundleLog& log) {
  const NoteVerifier verifier = NoteVerifier::parse(log.vkey);
  const auto lines = Note::parse(log.checkpoint).signatures;
  return static_cast<std::size_t>(std::count_if(lines.begin(), lines.end(), [&](const auto& line) {
    return line.name != verifier.name || line.id != verifier.id;
  }));
}

}  // namespace mlprov::inspect
