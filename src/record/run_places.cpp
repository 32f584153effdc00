#include <utility>

#include "mlprov/merkle/name.h"
#include "mlprov/support/error.h"
#include "record/run_impl.h"

/// Where in a run something may be added, and when.
namespace mlprov {
namespace {

using record::Position;

[[noreturn]] void refuse(std::string_view path, const std::string& why) {
  throw Error(ErrorCode::kUsage, quote_name(path) + " " + why);
}

}  // namespace

/// Walks the skeleton along `names` from the one at `skip` on.
RunBuilder::Impl::Target RunBuilder::Impl::target_below(MerkleTreeBuilder& builder,
                                                        Position position,
                                                        const std::vector<std::string>& names,
                                                        std::size_t skip, std::string_view folder) {
  for (std::size_t i = skip; i < names.size(); ++i) {
    if (const auto why = record::misfit(position, names[i], EntryKind::kTree)) {
      refuse(folder, "is no place of a run: " + *why);
    }
    position = record::child_position(position, names[i]);
    if (position == Position::kStep) refuse(folder, "is the leading step, sealed on its own");
  }
  const std::vector<std::string> rest(names.begin() + static_cast<std::ptrdiff_t>(skip),
                                      names.end());
  return {&builder, join_path(rest), position};
}

RunBuilder::Impl::Target RunBuilder::Impl::target(std::string_view folder) {
  const std::vector<std::string> names = split_path(folder);
  const std::string_view first = names.empty() ? std::string_view{} : names.front();
  if (record::number_in("step", first)) {
    if (is_before_sealed && !is_after_sealed) refuse(folder, "cannot grow while training runs");
    if (first != statement_path(Phase::kStep, steps + 1)) refuse(folder, "is not the open step");
    return target_below(step, Position::kStep, names, 1, folder);
  }
  if (is_after_sealed || is_run_of_steps())
    refuse(folder, "is not open: this run takes steps only");
  if (first == "before") {
    if (is_before_sealed) refuse(folder, "is sealed");
    is_before_used = true;
    return target_below(before, Position::kBefore, names, 1, folder);
  }
  if (first == "training") {
    const std::string open = record::numbered_name("epoch", epochs.size() + 1);
    if (!is_before_sealed) refuse(folder, "is not open until `before` is sealed");
    if (names.size() < 2 || names[1] != open) refuse(folder, "is not the open epoch, " + open);
    return target_below(epoch, Position::kEpoch, names, 2, folder);
  }
  if (first == "result" || first == kCircumstances) {
    return target_below(top, Position::kTop, names, 0, folder);
  }
  refuse(folder,
         "is no place of a run: folders begin with before, training, result, "
         "circumstances or the open step");
}

void RunBuilder::Impl::add(std::string_view folder, Entry entry, Salting salting) {
  const Target place = target(folder);
  // A leading step hangs one level deeper, below `before/command`.
  if (split_path(folder).size() + 2 > kMaxTreeDepth) refuse(folder, "lies too deep");
  if (const auto why = record::misfit(place.position, entry.name, entry.kind)) {
    refuse(join_path({std::string(folder), entry.name}), "has no place there: " + *why);
  }
  if (salting == Salting::kSalted) entry.salt = environment.salt();
  place.builder->add(place.folder, std::move(entry));
}

}  // namespace mlprov
