#pragma once

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <string>
#include <thread>
#include <vector>

namespace mlprov::testing {

/// A running store_tool: its lines and its end.
class Tool {
 public:
  explicit Tool(std::vector<std::string> arguments) {
    int ends[2];
    if (::pipe(ends) != 0) return;
    pid_ = ::fork();
    if (pid_ == 0) {
      ::dup2(ends[1], STDOUT_FILENO);
      ::close(ends[0]);
      ::close(ends[1]);
      arguments.insert(arguments.begin(), MLPROV_STORE_TOOL);
      std::vector<char*> argv;
      for (std::string& argument : arguments) argv.push_back(argument.data());
      argv.push_back(nullptr);
      ::execv(argv[0], argv.data());
      ::_exit(127);
    }
    ::close(ends[1]);
    out_ = ends[0];
  }
  ~Tool() {
    if (pid_ > 0) kill_after(std::chrono::milliseconds(0));
    ::close(out_);
  }
  Tool(const Tool&) = delete;
  Tool& operator=(const Tool&) = delete;

  void kill_after(std::chrono::microseconds time) {
    std::this_thread::sleep_for(time);
    ::kill(pid_, SIGKILL);
    (void)finish();
  }

  /// Reads to the end; returns the exit code, -1 when it was killed.
  int finish() {
    char buffer[4096];
    for (ssize_t got = 0; (got = ::read(out_, buffer, sizeof buffer)) > 0;) {
      text_.append(buffer, static_cast<std::size_t>(got));
    }
    if (pid_ <= 0) return code_;
    int status = 0;
    ::waitpid(pid_, &status, 0);
    pid_ = -1;
    code_ = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    return code_;
  }

  /// Whole lines that begin with `prefix`. A line cut by a kill does not count.
  std::vector<std::string> lines(const std::string& prefix) const {
    std::vector<std::string> found;
    std::size_t begin = 0;
    for (std::size_t end = 0; (end = text_.find('\n', begin)) != std::string::npos;
         begin = end + 1) {
      const std::string line = text_.substr(begin, end - begin);
      if (line.starts_with(prefix)) found.push_back(line);
    }
    return found;
  }
  const std::string& text() const { return text_; }

 private:
  pid_t pid_ = -1;
  int out_ = -1;
  int code_ = -1;
  std::string text_;
};

}  // namespace mlprov::testing
