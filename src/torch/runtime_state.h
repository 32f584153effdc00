#pragma once

#include "mlprov/json/canonical.h"

namespace mlprov::detail {

/// Every determinism flag of LibTorch that is in force at this moment, set by anybody or not; the
/// effective thread counts and instruction set with it. Values are booleans, integers or strings.
Json determinism_in_force();

/// What LibTorch was built with: version, build configuration, MKL, oneDNN, OpenMP.
Json libtorch_build();

}  // namespace mlprov::detail
