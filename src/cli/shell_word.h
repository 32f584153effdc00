#pragma once

#include <string>
#include <string_view>

namespace mlprov::cli {

/// An argument as one would type it into a shell: quoted when it needs to be. What a terminal must
/// not obey is shown as `printable` shows it, so such a line is for reading only.
std::string shell_word(std::string_view argument);

}  // namespace mlprov::cli
