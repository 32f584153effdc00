#include "mlprov/digest/algorithm.h"

#include <array>

namespace mlprov {
namespace {

struct Row {
  Algorithm algorithm;
  std::string_view name;
  std::size_t size;
};

constexpr std::array kRows = {
    Row{Algorithm::kBlake3, "blake3", 32},     Row{Algorithm::kSha256, "sha256", 32},
    Row{Algorithm::kSha3_256, "sha3-256", 32}, Row{Algorithm::kKeccak256, "keccak256", 32},
    Row{Algorithm::kSha512, "sha512", 64},     Row{Algorithm::kBlake2b512, "blake2b-512", 64},
};

constexpr auto kAll = [] {
  std::array<Algorithm, kRows.size()> all{};
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = kRows[i].algorithm;
  return all;
}();

const Row& row(Algorithm algorithm) noexcept { return kRows[static_cast<std::size_t>(algorithm)]; }

}  // namespace

std::string_view to_string(Algorithm algorithm) noexcept { return row(algorithm).name; }

std::optional<Algorithm> algorithm_from_name(std::string_view name) noexcept {
  for (const Row& candidate : kRows) {
    if (candidate.name == name) return candidate.algorithm;
  }
  return std::nullopt;
}

std::span<const Algorithm> all_algorithms() noexcept { return kAll; }

std::size_t digest_size(Algorithm algorithm) noexcept { return row(algorithm).size; }

bool is_tree_algorithm(Algorithm algorithm) noexcept { return digest_size(algorithm) == 32; }

}  // namespace mlprov
