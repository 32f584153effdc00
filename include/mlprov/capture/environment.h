#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "mlprov/json/canonical.h"

namespace mlprov {

struct EnvironmentVariable {
  std::string name;
  std::string value;  ///< At most 4,096 bytes; a longer one ends in `...(N bytes)`.
  friend bool operator==(const EnvironmentVariable&, const EnvironmentVariable&) = default;
};

/// Variables taken by allow list only. A name that holds KEY, TOKEN, SECRET, PASS, CREDENTIAL or
/// AUTH is never taken, whatever list it is on.
struct EnvironmentCapture {
  /// Those that may change a computation's bits (threads, instruction sets, precision, kernels).
  std::vector<EnvironmentVariable> numeric;
  /// The rest of the list: loader paths, devices in sight, locale, time zone.
  std::vector<EnvironmentVariable> other;
};

/// `environment` in the form `NAME=value`, null-terminated, as `::environ` is; sorted by name.
EnvironmentCapture capture_environment(const char* const* environment);
EnvironmentCapture capture_environment();

/// True when the name reads like that of a secret.
bool is_secret_name(std::string_view name);
/// True when the variable would be taken; `numeric` tells into which list.
bool is_allowed_variable(std::string_view name, bool& numeric);

/// Names and values of `numeric`; absent variables do not appear, empty ones do.
Json environment_content(const EnvironmentCapture& environment);
Json environment_circumstances(const EnvironmentCapture& environment);

}  // namespace mlprov
