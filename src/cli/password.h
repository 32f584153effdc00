#pragma once

#include <string>

#include "cli/arguments.h"

namespace mlprov::cli {

/// A password, wiped when it goes out of scope.
class Password {
 public:
  explicit Password(std::string text) : text_(std::move(text)) {}
  ~Password();
  Password(const Password&) = delete;
  Password& operator=(const Password&) = delete;
  Password(Password&&) = delete;
  Password& operator=(Password&&) = delete;

  const std::string& text() const noexcept { return text_; }

 private:
  std::string text_;
};

/// Where a password comes from; with neither, it is asked for on the terminal. It can never stand
/// on the command line itself, which every user of the machine can read.
struct PasswordSource {
  std::string reference;  ///< `env:NAME` or `file:PATH`.
  std::string file;       ///< Its first line; `-` is standard input.

  bool is_given() const noexcept { return !reference.empty() || !file.empty(); }
};

/// Adds `--password` and `--password-file`, the names preceded by `prefix` (`source-`).
void add_password_options(CLI::App& verb, const std::string& prefix, const std::string& whose,
                          PasswordSource& source);

/// A password that exists already. Throws `kUsage` when nobody can be asked, `kNotFound`, `kIo`.
std::string get_password(const PasswordSource& source, const std::string& purpose);

/// A password for something new: asked twice on a terminal; never empty (`kUsage`).
std::string get_new_password(const PasswordSource& source, const std::string& purpose);

}  // namespace mlprov::cli
