#pragma once

#include <optional>
#include <string>
#include <utility>

#include "mlprov/inspect/verify.h"
#include "mlprov/support/error.h"

namespace mlprov::inspect {

/// What a check found wrong; nothing when it holds.
struct Finding {
  Refusal refusal;
  std::string detail;
};
using Checked = std::optional<Finding>;

inline Checked found(Refusal refusal, std::string detail) {
  return Finding{refusal, std::move(detail)};
}

/// Runs a reader that throws for what is wrong, and gives its refusal that name.
template <typename Read>
Checked guarded(Refusal refusal, Read&& read) {
  try {
    read();
    return std::nullopt;
  } catch (const Error& error) {
    return found(refusal, error.what());
  }
}

}  // namespace mlprov::inspect
