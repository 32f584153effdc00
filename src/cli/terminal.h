#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace mlprov::cli {

/// Makes the three standard descriptors safe to use: SIGPIPE is ignored (a closed pipe is an
/// error of `write`), and descriptors that the caller closed are filled, so that no file that is
/// opened later is taken for standard output.
void prepare_standard_streams();

/// Writes one line to standard error. Never throws.
void say_on_stderr(std::string_view line) noexcept;

/// Asks on the terminal (not on standard input), without echo. Throws `kUsage` when there is no
/// terminal, naming `way_out`.
std::string ask_hidden(const std::string& question, const std::string& way_out);

/// One line of progress on standard error, drawn at most ten times a second; nothing at all when
/// that is not a terminal. The line is wiped at the end.
class ProgressLine {
 public:
  /// `total` of 0: unknown.
  ProgressLine(std::string what, std::uint64_t total_bytes);
  ~ProgressLine();
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  void update(std::uint64_t done_bytes);
  /// Removes the line, so that results can be written above it.
  void wipe() noexcept;

 private:
  std::string what_;
  std::uint64_t total_;
  bool is_shown_;
  bool is_drawn_ = false;
  std::chrono::steady_clock::time_point next_;
};

}  // namespace mlprov::cli
