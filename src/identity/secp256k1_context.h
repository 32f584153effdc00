#pragma once

#include <secp256k1.h>

namespace mlprov {

/// The process's libsecp256k1 context: made once, blinded with fresh randomness, never changed
/// afterwards, so that every thread may use it. Throws `kCrypto` without randomness.
const secp256k1_context* secp256k1_shared_context();

}  // namespace mlprov
