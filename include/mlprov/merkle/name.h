#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mlprov {

/// The one name that only the format itself uses.
inline constexpr std::string_view kCircumstances = "circumstances";

/// A path has at most this many names, so a tree at most this many levels of directories below
/// its top. Whatever walks a tree enforces it, builders and readers alike.
inline constexpr std::size_t kMaxTreeDepth = 64;

/// Turns any byte string that people use as a name into an entry's name (docs/format.md):
/// `%`, control characters and bytes that are not UTF-8 become `%XX`, `~` `~0`, `/` `~1`; the
/// names `.`, `..` and `circumstances` get their first byte percent-encoded.
/// Throws `kUsage` for an empty name.
std::string escape_name(std::string_view outside);

/// The inverse; nothing when `name` is not what `escape_name` gives for any outside name, except
/// that `circumstances` itself, which only the format may use, reads as itself.
std::optional<std::string> unescape_name(std::string_view name);

/// True for a name that an entry may carry (`circumstances` included).
bool is_valid_name(std::string_view name);

/// Joins escaped names with `/`, and splits at `/`. A path is never absolute, never empty
/// between slashes; the empty path is the directory itself. `split_path` throws `kMalformed` for
/// a path with an empty name and `kTooLarge` for one of more than `kMaxTreeDepth` names; it does
/// not look into the names.
std::string join_path(const std::vector<std::string>& names);
std::vector<std::string> split_path(std::string_view path);

/// A name, path or key from outside as messages show it: in backquotes, cut after 200 bytes, with
/// control characters and bytes that are not UTF-8 as `%XX`.
std::string quote_name(std::string_view text);

}  // namespace mlprov
