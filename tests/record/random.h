#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace mlprov::forge {

/// Numbers that are the same on every machine for a seed (the standard's distributions are not).
class Random {
 public:
  explicit Random(std::uint64_t seed) : engine_(seed) {}

  std::uint64_t below(std::uint64_t end) { return end == 0 ? 0 : engine_() % end; }
  bool percent(unsigned chance) { return below(100) < chance; }

  template <typename T>
  const T& pick(const std::vector<T>& list) {
    return list[below(list.size())];
  }

  std::string bytes(std::size_t size) {
    std::string result(size, '\0');
    for (char& c : result) c = static_cast<char>(below(256));
    return result;
  }

 private:
  std::mt19937_64 engine_;
};

}  // namespace mlprov::forge
