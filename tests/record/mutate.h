#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace mlprov::forge {

/// The bundle with one random alteration, byte by byte or of its structure; some are hashed and
/// signed again down to the roots, so that only the checks behind the signatures can tell. A few
/// alterations are harmless and leave a bundle that holds.
std::string mutate(std::string_view bundle, std::uint64_t seed);

}  // namespace mlprov::forge
