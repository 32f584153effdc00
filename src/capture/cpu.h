#pragma once

#include "mlprov/capture/machine.h"

namespace mlprov::capture {

/// Fills the CPU's fields: model, instruction sets, counts, affinity.
void describe_cpu(MachineCapture& machine);

}  // namespace mlprov::capture
