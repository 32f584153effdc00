#include "cli/input.h"

#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "mlprov/support/error.h"
#include "mlprov/support/file.h"

namespace mlprov::cli {

std::size_t read_stdin_piece(char* buffer, std::size_t size) {
  while (true) {
    const ssize_t got = ::read(STDIN_FILENO, buffer, size);
    if (got >= 0) return static_cast<std::size_t>(got);
    if (errno == EINTR) continue;
    throw Error(ErrorCode::kIo,
                "cannot read standard input: " + std::generic_category().message(errno));
  }
}

std::string read_input(const std::string& path, std::uint64_t max_bytes) {
  if (path != kDash) return read_file(path, max_bytes);
  std::string content;
  read_stdin([&](std::string_view piece) {
    if (content.size() + piece.size() > max_bytes) {
      throw Error(ErrorCode::kTooLarge, "standard input holds more than the limit of " +
                                            std::to_string(max_bytes) + " bytes");
    }
    content += piece;
  });
  return content;
}

}  // namespace mlprov::cli
