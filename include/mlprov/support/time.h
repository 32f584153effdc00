#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace mlprov {

using UtcSeconds = std::chrono::sys_seconds;

/// The one form of time in every record: `YYYY-MM-DDTHH:MM:SSZ`, years 0001 to 9999.
std::string format_utc(UtcSeconds time);

/// Reads exactly that form; nothing for anything else, or for a date that no calendar has
/// (month 13, 30 February, hour 24, second 60).
std::optional<UtcSeconds> parse_utc(std::string_view text);

/// The system clock now, cut to the second.
UtcSeconds now_utc();

}  // namespace mlprov
