#pragma once

/// Everything that a LibTorch training loop needs. Costs no compile time beyond the user's own
/// `torch/torch.h`: nothing here includes LibTorch.

#include "mlprov/torch/provenance_callback.h"
#include "mlprov/torch/recorded_sampler.h"
#include "mlprov/torch/trainer.h"
