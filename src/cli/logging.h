#pragma once

#include <string>

namespace mlprov::cli {

/// Sends spdlog's default logger to standard error at the level that `MLPROV_LOG_LEVEL` names
/// (trace, debug, info, warning, error, off; default warning). `verbose` means at least info.
void set_up_logging(bool verbose);

/// A warning that concerns this call; what comes from outside is made printable here.
void warn(const std::string& message);
void inform(const std::string& message);

}  // namespace mlprov::cli
