#pragma once

#include <string>

#include "mlprov/support/error.h"

namespace mlprov::testing {

/// "malformed: <sentence>" for what `action` throws; "" when it throws nothing.
template <typename Action>
std::string error_of(Action&& action) {
  try {
    action();
  } catch (const Error& error) {
    return std::string(to_string(error.code())) + ": " + error.what();
  }
  return "";
}

}  // namespace mlprov::testing
