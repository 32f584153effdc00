#pragma once

#include <string>

#include "store/store_impl.h"

namespace mlprov::store {

/// Adds a row unless there is one for that statement and network. REQUIRES an open write
/// transaction.
void insert_outbox(Store::Impl& impl, const Statement& statement, const Digest32& id,
                   const std::string& network);

}  // namespace mlprov::store
