#include "tracker/session_log.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <cstdlib>
#include <memory>

namespace mlprov::detail {
namespace {

std::shared_ptr<spdlog::logger> make_logger() {
  auto logger =
      std::make_shared<spdlog::logger>("mlprov", std::make_shared<spdlog::sinks::stderr_sink_mt>());
  logger->set_pattern("mlprov: %v");
  const char* const level = std::getenv("MLPROV_LOG_LEVEL");
  logger->set_level(level == nullptr ? spdlog::level::info : spdlog::level::from_str(level));
  return logger;
}

void log(spdlog::level::level_enum level, const std::string& line) noexcept {
  try {
    static const std::shared_ptr<spdlog::logger> own = make_logger();
    const std::shared_ptr<spdlog::logger> users = spdlog::get("mlprov");
    (users ? users : own)->log(level, "{}", line);
  } catch (...) {  // A full disk behind standard error must not stop a training.
  }
}

}  // namespace

void say(const std::string& line) noexcept { log(spdlog::level::info, line); }
void warn(const std::string& line) noexcept { log(spdlog::level::warn, line); }

}  // namespace mlprov::detail
