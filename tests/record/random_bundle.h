#pragma once

#include <cstdint>

#include "mlprov/record/bundle.h"

namespace mlprov::forge {

/// The first byte of the keys that random bundles are signed by: authors are 0x41 to 0x44.
inline constexpr std::uint8_t kFirstAuthor = 0x41;
inline constexpr unsigned kAuthors = 4;

/// A bundle that every reader must take, of a shape that depends on the seed only: any tree
/// algorithm, a training run (also unfinished, also between steps) or one of steps, names and kinds
/// of all sorts, salts, withheld and uncarried parts, log, witnesses, co-signatures, receipts.
Bundle random_bundle(std::uint64_t seed);

}  // namespace mlprov::forge
