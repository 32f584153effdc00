#pragma once

#include <string>

#include "store/store_impl.h"

namespace mlprov::store {

/// Extends the log on disk to the database's, under the database's write lock. Throws `kConflict`
/// when it would not continue it, `kIo` when it cannot be written.
void publish(Store::Impl& impl);

/// The same when a store is opened for writing: what a crash left behind is made up for. Throws
/// `kConflict` as above; a disk that is full now is no reason to refuse.
void catch_up(Store::Impl& impl);

/// The same after a commit, with every failure as a sentence.
std::string try_publish(Store::Impl& impl) noexcept;

}  // namespace mlprov::store
