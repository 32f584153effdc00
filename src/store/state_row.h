#pragma once

#include <string>

#include "store/store_impl.h"

namespace mlprov::store {

/// REQUIRES an open write transaction.
void delete_state(Store::Impl& impl, const std::string& run, const std::string& name);

}  // namespace mlprov::store
