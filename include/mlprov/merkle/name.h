#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mlprov {

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
/// between slashes; the empty path is the directory itself.
std::string join_path(const std::vector<std::string>& names);
std::vector<std::string> split_path(std::string_view path);

}  // namespace mlprov
