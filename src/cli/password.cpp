#include "cli/password.h"

#include <cstdlib>

#include "cli/input.h"
#include "cli/terminal.h"
#include "mlprov/identity/keyring.h"
#include "mlprov/support/error.h"

namespace mlprov::cli {
namespace {

constexpr std::uint64_t kMaxPasswordFile = 64 << 10;
constexpr const char* kWayOut = "give --password-file FILE or --password env:NAME";

std::string first_line(const std::string& path) {
  std::string text = read_input(path, kMaxPasswordFile);
  text.resize(std::min(text.find('\n'), text.size()));
  if (text.ends_with('\r')) text.pop_back();
  return text;
}

std::string from_environment(const std::string& name) {
  if (const char* const value = std::getenv(name.c_str())) return value;
  throw Error(ErrorCode::kNotFound,
              "the environment variable " + name + ", which should hold a password, is not set");
}

std::string from_reference(const std::string& text) {
  const SecretReference reference = parse_secret_reference(text);
  switch (reference.source) {
    case SecretReference::Source::kEnvironment:
      return from_environment(reference.value);
    case SecretReference::Source::kFile:
      return first_line(reference.value);
    case SecretReference::Source::kKeystore:
      break;
  }
  throw Error(ErrorCode::kUsage, "a password is named as env:NAME or file:PATH");
}

std::string given_password(const PasswordSource& source) {
  if (!source.reference.empty() && !source.file.empty()) {
    throw Error(ErrorCode::kUsage, "give the password in one way only");
  }
  return source.file.empty() ? from_reference(source.reference) : first_line(source.file);
}

std::string ask_twice(const std::string& purpose) {
  const std::string first = ask_hidden(purpose, kWayOut);
  const Password second(ask_hidden("once more, " + purpose, kWayOut));
  if (first != second.text()) throw Error(ErrorCode::kUsage, "the two passwords are not the same");
  return first;
}

}  // namespace

Password::~Password() { wipe({reinterpret_cast<std::uint8_t*>(text_.data()), text_.size()}); }

void add_password_options(CLI::App& verb, const std::string& prefix, const std::string& whose,
                          PasswordSource& source) {
  add_text(verb,
           {"--" + prefix + "password", "REF", "Where " + whose + " is: env:NAME or file:PATH"},
           source.reference);
  add_text(verb, {"--" + prefix + "password-file", "FILE", "The file whose first line it is"},
           source.file);
}

std::string get_password(const PasswordSource& source, const std::string& purpose) {
  return source.is_given() ? given_password(source) : ask_hidden(purpose, kWayOut);
}

std::string get_new_password(const PasswordSource& source, const std::string& purpose) {
  std::string password = source.is_given() ? given_password(source) : ask_twice(purpose);
  if (password.empty()) throw Error(ErrorCode::kUsage, "an empty password protects nothing");
  return password;
}

}  // namespace mlprov::cli
