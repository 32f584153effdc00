#include "record/skeleton.h"

#include <algorithm>
#include <cstdio>

#include "mlprov/support/error.h"

namespace mlprov::record {
namespace {

constexpr std::size_t kDigits = 8;

std::optional<std::string> must_be_tree(std::string_view name, EntryKind kind) {
  if (kind == EntryKind::kTree) return std::nullopt;
  return "'" + std::string(name) + "' must be a directory there";
}

std::optional<std::string> misfit_top(std::string_view name, EntryKind kind) {
  for (const std::string_view known : {"before", "circumstances", "result", "training"}) {
    if (name == known) return must_be_tree(name, kind);
  }
  return "the top holds before, circumstances, result and training only";
}

std::optional<std::string> misfit_training(std::string_view name, EntryKind kind) {
  if (number_in("epoch", name)) return must_be_tree(name, kind);
  return "training holds epoch-00000001 and so on only";
}

std::optional<std::string> misfit_step(std::string_view name, EntryKind kind) {
  static constexpr std::pair<std::string_view, EntryKind> kKnown[] = {
      {"circumstances", EntryKind::kTree}, {"command", EntryKind::kJson},
      {"files", EntryKind::kTree},         {"inputs", EntryKind::kTree},
      {"message", EntryKind::kText},       {"metrics", EntryKind::kJson},
      {"outputs", EntryKind::kTree}};
  for (const auto& [known, wanted] : kKnown) {
    if (name != known) continue;
    if (kind == wanted) return std::nullopt;
    return "'" + std::string(name) + "' must be of kind " + std::string(to_string(wanted));
  }
  return "a step holds circumstances, command, files, inputs, message, metrics and outputs only";
}

}  // namespace

Position position_of(Phase phase) noexcept {
  switch (phase) {
    case Phase::kBefore:
      return Position::kBefore;
    case Phase::kEpoch:
      return Position::kEpoch;
    case Phase::kAfter:
      return Position::kTop;
    case Phase::kStep:
      return Position::kStep;
  }
  return Position::kFree;
}

Position child_position(Position parent, std::string_view name) noexcept {
  const Position free = name == kCircumstances ? Position::kCircumstances : Position::kFree;
  switch (parent) {
    case Position::kTop:
      if (name == "before") return Position::kBefore;
      if (name == "training") return Position::kTraining;
      return name == "result" ? Position::kResult : free;
    case Position::kBefore:
      return name == kCommand ? Position::kStep : free;
    case Position::kTraining:
      return Position::kEpoch;
    case Position::kEpoch:
    case Position::kResult:
    case Position::kStep:
      return free;
    case Position::kCircumstances:
    case Position::kInsideCircumstances:
      return Position::kInsideCircumstances;
    case Position::kFree:
      break;
  }
  return Position::kFree;
}

std::string_view to_string(Position position) noexcept {
  switch (position) {
    case Position::kTop:
      return "the top";
    case Position::kBefore:
      return "before";
    case Position::kTraining:
      return "training";
    case Position::kEpoch:
      return "an epoch";
    case Position::kResult:
      return "result";
    case Position::kStep:
      return "a step";
    case Position::kCircumstances:
    case Position::kInsideCircumstances:
      return "circumstances";
    case Position::kFree:
      break;
  }
  return "a directory";
}

bool is_skeleton_list(Position position) noexcept {
  return position != Position::kCircumstances && position != Position::kInsideCircumstances &&
         position != Position::kFree;
}

bool is_content(Position position) noexcept {
  return position != Position::kCircumstances && position != Position::kInsideCircumstances;
}

bool must_carry(Position parent, std::string_view name) noexcept {
  const Position child = child_position(parent, name);
  if (child == Position::kCircumstances) {
    return parent == Position::kBefore || parent == Position::kStep;
  }
  return is_skeleton_list(child);
}

std::optional<std::string> misfit(Position where, std::string_view name, EntryKind kind) {
  switch (where) {
    case Position::kTop:
      return misfit_top(name, kind);
    case Position::kTraining:
      return misfit_training(name, kind);
    case Position::kStep:
      return misfit_step(name, kind);
    case Position::kBefore:
      if (name == kCommand) return must_be_tree(name, kind);
      [[fallthrough]];
    case Position::kEpoch:
    case Position::kResult:
      return name == kCircumstances ? must_be_tree(name, kind) : std::nullopt;
    case Position::kCircumstances:
    case Position::kInsideCircumstances:
    case Position::kFree:
      break;
  }
  if (name != kCircumstances) return std::nullopt;
  return "the name 'circumstances' is the format's own (a file or folder of that name is written "
         "%63ircumstances)";
}

std::string numbered_name(std::string_view word, std::uint64_t number) {
  if (number == 0 || number > kMaxNumber) {
    throw Error(ErrorCode::kUsage, std::string(word) + "s are numbered from 1 to 99999999, not " +
                                       std::to_string(number));
  }
  const std::string digits = std::to_string(number);
  return std::string(word) + "-" + std::string(kDigits - digits.size(), '0') + digits;
}

std::optional<std::uint64_t> number_in(std::string_view word, std::string_view name) noexcept {
  if (name.size() != word.size() + 1 + kDigits || !name.starts_with(word)) return std::nullopt;
  if (name[word.size()] != '-') return std::nullopt;
  std::uint64_t number = 0;
  for (const char c : name.substr(word.size() + 1)) {
    if (c < '0' || c > '9') return std::nullopt;
    number = number * 10 + static_cast<std::uint64_t>(c - '0');
  }
  if (number == 0) return std::nullopt;
  return number;
}

std::string run_mark(Algorithm algorithm, const Address& author, const std::string& run) {
  return to_canonical({{"algorithm", std::string(to_string(algorithm))},
                       {"author", to_string(author)},
                       {"run", run}});
}

}  // namespace mlprov::record
