#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "mlprov/merkle/entry.h"
#include "mlprov/merkle/name.h"
#include "mlprov/record/statement.h"

/// Which names may stand where in a run: the skeleton of docs/format.md, in one place for those
/// who write it and those who refuse what does not fit.
namespace mlprov::record {

inline constexpr std::string_view kCommand = "command";
inline constexpr std::string_view kRunMark = "run";
/// Epochs and steps have eight digits in their names.
inline constexpr std::uint64_t kMaxNumber = 99'999'999;

/// What a directory is, by the way that leads to it from a statement.
enum class Position : std::uint8_t {
  kTop,
  kBefore,
  kTraining,
  kEpoch,
  kResult,
  kStep,
  kCircumstances,        ///< One of those that the skeleton knows.
  kInsideCircumstances,  ///< Any directory below one.
  kFree,                 ///< User material.
};

Position position_of(Phase phase) noexcept;
/// The position of the directory `name` in one at `parent`. For a name that does not fit there,
/// `kFree`: see `misfit`.
Position child_position(Position parent, std::string_view name) noexcept;

/// For messages: "the top", "before", "an epoch".
std::string_view to_string(Position position) noexcept;

/// True for the lists that every bundle carries whole, nothing withheld.
bool is_skeleton_list(Position position) noexcept;
/// True for positions outside every `circumstances`.
bool is_content(Position position) noexcept;
/// True when the list `name` in a directory at `parent` must be carried: the skeleton's lists, and
/// the `circumstances` that names the run.
bool must_carry(Position parent, std::string_view name) noexcept;

/// Why an entry of that name and kind may not stand in a directory at `where`, as the end of a
/// sentence; nothing when it may. Numbers of epochs are not looked at.
std::optional<std::string> misfit(Position where, std::string_view name, EntryKind kind);

/// `epoch-00000001`. Throws `kUsage` unless 1 <= number <= kMaxNumber.
std::string numbered_name(std::string_view word, std::uint64_t number);
/// The number in exactly such a name.
std::optional<std::uint64_t> number_in(std::string_view word, std::string_view name) noexcept;

/// The content of `circumstances/run` in `before` and in each step: canonical JSON that ties the
/// tree to its author, so that nobody puts it under statements of his own.
std::string run_mark(Algorithm algorithm, const Address& author, const std::string& run);

}  // namespace mlprov::record
