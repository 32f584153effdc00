#pragma once

#include <map>
#include <string>

#include "mlprov/json/canonical.h"

namespace mlprov::golden {

/// The golden files of version 1 by name: one of each kind of document, from fixed keys, clock and
/// salts. They never change: every later version must write and read exactly these.
std::map<std::string, std::string> files_v1();

/// What a verdict on a golden file says, as `expected.json` has it.
Json verdict_of(const std::string& name, const std::string& content);

}  // namespace mlprov::golden
