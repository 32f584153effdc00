#include "cli/logging.h"

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <cstdlib>

#include "cli/printable.h"

namespace mlprov::cli {
namespace {

/// spdlog reads an unknown name as `off`, which would hide every warning.
bool is_level_name(const std::string& name) {
  return name == "off" || spdlog::level::from_str(name) != spdlog::level::off;
}

}  // namespace

void set_up_logging(bool verbose) {
  auto logger = spdlog::stderr_color_mt("mlprov");
  logger->set_pattern("mlprov: %^%l%$: %v");
  logger->set_level(spdlog::level::warn);
  spdlog::set_default_logger(logger);
  if (const char* const wanted = std::getenv("MLPROV_LOG_LEVEL"); wanted != nullptr && *wanted) {
    if (is_level_name(wanted)) {
      logger->set_level(spdlog::level::from_str(wanted));
    } else {
      warn("MLPROV_LOG_LEVEL=" + std::string(wanted) +
           " is none of trace, debug, info, warning, error, off");
    }
  }
  if (verbose) logger->set_level(std::min(logger->level(), spdlog::level::info));
}

void warn(const std::string& message) { spdlog::warn("{}", printable(message)); }
void inform(const std::string& message) { spdlog::info("{}", printable(message)); }

}  // namespace mlprov::cli
