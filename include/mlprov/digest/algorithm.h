#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

namespace mlprov {

/// Hash algorithms, each the standard function of that name. The four with 32-byte output may
/// build trees; the two long ones serve `mlprov hash` only.
enum class Algorithm {
  kBlake3,      ///< "blake3": BLAKE3, 32-byte output, the default.
  kSha256,      ///< "sha256": FIPS 180-4.
  kSha3_256,    ///< "sha3-256": FIPS 202.
  kKeccak256,   ///< "keccak256": Keccak with the original padding, as Ethereum uses it.
  kSha512,      ///< "sha512": FIPS 180-4.
  kBlake2b512,  ///< "blake2b-512": RFC 7693.
};

/// The name as users write it. Part of the format: never changes.
std::string_view to_string(Algorithm algorithm) noexcept;

/// Finds an algorithm by exactly that name.
std::optional<Algorithm> algorithm_from_name(std::string_view name) noexcept;

/// Every algorithm, in the order of the enum.
std::span<const Algorithm> all_algorithms() noexcept;

/// Output size in bytes: 32 or 64.
std::size_t digest_size(Algorithm algorithm) noexcept;

/// True for those whose roots and entries a tree may use (32-byte output).
bool is_tree_algorithm(Algorithm algorithm) noexcept;

}  // namespace mlprov
