#pragma once

#include "mlprov/json/canonical.h"
#include "mlprov/record/run.h"

namespace mlprov {
struct Capture;
struct Config;
}  // namespace mlprov

namespace mlprov::detail {

/// Writes what was captured around a run into `before/`: code and numeric environment as content,
/// the rest as salted circumstances.
void record_surroundings(RunBuilder& run, const Capture& capture);

/// Writes the settings in force and the training parameters into `before/config`.
void record_config(RunBuilder& run, const Config& config);

/// Any JSON of a user in the profile of canonical documents: objects become lists of name and
/// value (names are values, never keys), numbers that are no integers become bits.
Json recordable(const Json& value);

}  // namespace mlprov::detail
