#pragma once

#include <string>

#include "mlprov/json/canonical.h"
#include "mlprov/merkle/entry.h"

namespace mlprov::cli {

/// What an entry is, for people: `json 123 B`, `tensor F32 [10,5] 200 B`, `3 entries`.
std::string entry_facts(const Entry& entry);

/// Bytes of what the entry stands for; 0 for a `tree`.
std::uint64_t entry_bytes(const Entry& entry);

/// The first eight characters of the digest's hex.
std::string short_digest(const Digest32& digest);

}  // namespace mlprov::cli
