#pragma once

#include "mlprov/capture/machine.h"

namespace mlprov::capture {

/// Fills CPU quota, memory limit and container hints from the process's control groups, version
/// 1 or 2, and from what container runtimes leave behind.
void describe_container(MachineCapture& machine);

}  // namespace mlprov::capture
