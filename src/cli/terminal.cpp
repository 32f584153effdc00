#include "cli/terminal.h"

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <optional>

#include "cli/printable.h"
#include "mlprov/support/error.h"

namespace mlprov::cli {
namespace {

void write_quietly(int fd, std::string_view text) noexcept {
  while (!text.empty()) {
    const ssize_t written = ::write(fd, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

/// The controlling terminal without echo, key by key (so that an interrupt reaches us as a key and
/// never leaves it without echo); as it was when this dies.
class HiddenTerminal {
 public:
  HiddenTerminal() : fd_(::open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY)) {
    if (fd_ < 0 || ::tcgetattr(fd_, &before_) != 0) return;
    termios hidden = before_;
    hidden.c_lflag &= ~static_cast<tcflag_t>(ECHO | ICANON | ISIG);
    is_hidden_ = ::tcsetattr(fd_, TCSAFLUSH, &hidden) == 0;
  }
  ~HiddenTerminal() {
    if (is_hidden_) ::tcsetattr(fd_, TCSAFLUSH, &before_);
    if (fd_ >= 0) ::close(fd_);
  }
  HiddenTerminal(const HiddenTerminal&) = delete;
  HiddenTerminal& operator=(const HiddenTerminal&) = delete;

  bool usable() const noexcept { return is_hidden_; }
  int fd() const noexcept { return fd_; }

 private:
  int fd_;
  termios before_{};
  bool is_hidden_ = false;
};

enum class Key { kCharacter, kEnter, kErase, kEraseLine, kCancel };

Key classify_key(char c) {
  switch (c) {
    case '\n':
    case '\r':
      return Key::kEnter;
    case '\b':
    case '\x7f':
      return Key::kErase;
    case '\x15':
      return Key::kEraseLine;
    case '\x03':
    case '\x04':
      return Key::kCancel;
    default:
      return Key::kCharacter;
  }
}

/// Removes the last character, all bytes of it.
void erase_last(std::string& line) {
  while (!line.empty() && (static_cast<unsigned char>(line.back()) & 0xC0) == 0x80) line.pop_back();
  if (!line.empty()) line.pop_back();
}

/// What is typed up to Enter; nothing when the user gives up.
std::optional<std::string> read_typed_line(int fd) {
  std::string line;
  char c = 0;
  while (true) {
    const ssize_t got = ::read(fd, &c, 1);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return std::nullopt;
    switch (classify_key(c)) {
      case Key::kEnter:
        return line;
      case Key::kCancel:
        return std::nullopt;
      case Key::kErase:
        erase_last(line);
        break;
      case Key::kEraseLine:
        line.clear();
        break;
      case Key::kCharacter:
        line.push_back(c);
    }
  }
}

}  // namespace

void prepare_standard_streams() {
  struct sigaction ignore {};
  ignore.sa_handler = SIG_IGN;
  ::sigaction(SIGPIPE, &ignore, nullptr);
  // The lowest free descriptor is the one that open() takes. Output that was closed is filled
  // with something that cannot be written to, so that writing still reports an error.
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(fd, F_GETFD) == -1 && errno == EBADF) {
      ::open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
    }
  }
}

void say_on_stderr(std::string_view line) noexcept {
  try {
    write_quietly(STDERR_FILENO, std::string(line) + "\n");
  } catch (const std::bad_alloc&) {
    write_quietly(STDERR_FILENO, line);
  }
}

std::string ask_hidden(const std::string& question, const std::string& way_out) {
  const HiddenTerminal terminal;
  if (!terminal.usable()) {
    throw Error(ErrorCode::kUsage, "there is no terminal to ask for " + question + "; " + way_out);
  }
  write_quietly(terminal.fd(), printable(question) + ": ");
  const auto answer = read_typed_line(terminal.fd());
  write_quietly(terminal.fd(), "\n");
  if (!answer) throw Error(ErrorCode::kUsage, "no answer for " + question);
  return *answer;
}

ProgressLine::ProgressLine(std::string what, std::uint64_t total_bytes)
    : what_(std::move(what)),
      total_(total_bytes),
      is_shown_(::isatty(STDERR_FILENO) == 1),
      next_(std::chrono::steady_clock::now() + std::chrono::milliseconds(500)) {}

ProgressLine::~ProgressLine() { wipe(); }

void ProgressLine::update(std::uint64_t done_bytes) {
  if (!is_shown_) return;
  const auto now = std::chrono::steady_clock::now();
  if (now < next_) return;
  next_ = now + std::chrono::milliseconds(100);
  std::string text = "\r\x1b[K" + printable(what_) + " " + human_size(done_bytes);
  if (total_ > 0) text += " of " + human_size(total_);
  write_quietly(STDERR_FILENO, text);
  is_drawn_ = true;
}

void ProgressLine::wipe() noexcept {
  if (is_drawn_) write_quietly(STDERR_FILENO, "\r\x1b[K");
  is_drawn_ = false;
}

}  // namespace mlprov::cli
