#pragma once

#include <string>

namespace mlprov::detail {

/// Lines of a run for the person who trains: to standard error, behind `mlprov: `, at the level
/// that MLPROV_LOG_LEVEL names (default info). The program's own spdlog set-up is left alone; a
/// logger that it registered as `mlprov` is used instead. Neither throws.
void say(const std::string& line) noexcept;
void warn(const std::string& line) noexcept;

}  // namespace mlprov::detail
