#include "cli/output.h"

#include <langinfo.h>
#include <unistd.h>

#include <cerrno>
#include <clocale>
#include <cstdlib>
#include <system_error>

#include "mlprov/support/bytes.h"
#include "mlprov/support/error.h"

namespace mlprov::cli {
namespace {

constexpr std::size_t kFlushAt = std::size_t{64} << 10;

bool terminal_has_colours() {
  const char* const no_colour = std::getenv("NO_COLOR");
  const char* const kind = std::getenv("TERM");
  return (no_colour == nullptr || *no_colour == '\0') && kind != nullptr &&
         std::string_view(kind) != "dumb";
}

bool locale_is_utf8() {
  std::setlocale(LC_CTYPE, "");
  return std::string_view(nl_langinfo(CODESET)) == "UTF-8";
}

const char* escape_code(Style style) {
  switch (style) {
    case Style::kBold:
      return "\x1b[1m";
    case Style::kGood:
      return "\x1b[1;32m";
    case Style::kBad:
      return "\x1b[1;31m";
    case Style::kCaution:
      return "\x1b[33m";
    case Style::kFaint:
      return "\x1b[2m";
    case Style::kPlain:
      break;
  }
  return "";
}

}  // namespace

Output::Output()
    : is_terminal_(::isatty(STDOUT_FILENO) == 1),
      is_utf8_(locale_is_utf8()),
      has_colours_(is_terminal_ && terminal_has_colours()) {}

void Output::write(std::string_view text) {
  if (closed_) return;
  buffer_ += text;
  if (buffer_.size() >= kFlushAt || is_terminal_) flush();
}

void Output::line(std::string_view text) { write(std::string(text) + "\n"); }

void Output::json(const Json& document) {
  line(document.dump(2, ' ', true, Json::error_handler_t::replace));
}

std::string Output::styled(Style style, std::string_view text) const {
  if (!has_colours_ || style == Style::kPlain) return std::string(text);
  return escape_code(style) + std::string(text) + "\x1b[0m";
}

void Output::flush() {
  std::string_view rest = buffer_;
  while (!rest.empty() && !closed_) {
    const ssize_t written = ::write(STDOUT_FILENO, rest.data(), rest.size());
    if (written >= 0) {
      rest.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno == EPIPE) {
      closed_ = true;
    } else if (errno != EINTR) {
      const int code = errno;
      buffer_.clear();
      throw Error(ErrorCode::kIo,
                  "cannot write the results: " + std::generic_category().message(code));
    }
  }
  buffer_.clear();
}

Json json_text(std::string_view text) {
  std::string valid;
  while (!text.empty()) {
    const std::size_t length = utf8_sequence_length(text);
    valid += length == 0 ? std::string_view("\xEF\xBF\xBD") : text.substr(0, length);
    text.remove_prefix(length == 0 ? 1 : length);
  }
  return valid;
}

}  // namespace mlprov::cli
