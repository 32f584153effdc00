#pragma once

#include <string>

#include "mlprov/support/error.h"

namespace mlprov::testing {

/// Runs `action` and names the code of the Error that it throws; "no error" when it throws none.
template <typename Action>
std::string error_name(Action&& action) {
  try {
    action();
  } catch (const Error& error) {
    return to_string(error.code());
  }
  return "no error";
}

}  // namespace mlprov::testing
