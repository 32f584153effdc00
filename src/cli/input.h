#pragma once

#include <cstdint>
#include <string>

namespace mlprov::cli {

/// The argument that stands for standard input (and, after `-o`, for standard output).
inline constexpr const char* kDash = "-";

/// Reads a whole file, or standard input for `-`. Throws `kNotFound`, `kIo`, or `kTooLarge` when
/// there are more than `max_bytes`.
std::string read_input(const std::string& path, std::uint64_t max_bytes);

/// Calls `take` with piece after piece of standard input. Throws `kIo`.
template <typename Take>
void read_stdin(Take&& take);

/// Reads at most `size` bytes of standard input; 0 at its end. Throws `kIo`.
std::size_t read_stdin_piece(char* buffer, std::size_t size);

template <typename Take>
void read_stdin(Take&& take) {
  std::string buffer(std::size_t{1} << 17, '\0');
  while (const std::size_t got = read_stdin_piece(buffer.data(), buffer.size())) {
    take(std::string_view(buffer.data(), got));
  }
}

}  // namespace mlprov::cli
