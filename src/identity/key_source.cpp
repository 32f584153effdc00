#include <cstdlib>

#include "mlprov/identity/keyring.h"
#include "mlprov/support/error.h"
#include "mlprov/support/file.h"

namespace mlprov {
namespace {

using Source = SecretReference::Source;

constexpr std::uint64_t kMaxFile = 64 << 10;

/// Text that is wiped when it goes out of scope, together with the string it came in.
class SecretText {
 public:
  explicit SecretText(std::string text) : bytes_(Bytes(text.begin(), text.end())) {
    wipe({reinterpret_cast<std::uint8_t*>(text.data()), text.size()});
  }

  std::string_view view() const noexcept { return as_text(bytes_.view()); }

 private:
  SecretBytes bytes_;
};

std::string_view trim(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n";
  const std::size_t first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

std::string content_of(const SecretReference& reference, const Keyring& keyring) {
  if (reference.source == Source::kKeystore) return keyring.read(reference.value);
  if (reference.source == Source::kFile) return read_file(reference.value, kMaxFile);
  const char* const value = std::getenv(reference.value.c_str());
  if (value == nullptr) {
    throw Error(ErrorCode::kNotFound, "the environment variable " + reference.value +
                                          ", which should hold a key, is not set");
  }
  return value;
}

/// Words for messages and prompts; never the secret.
std::string describe(const SecretReference& reference) {
  switch (reference.source) {
    case Source::kEnvironment:
      return "the environment variable " + reference.value;
    case Source::kFile:
      return "the file " + reference.value;
    case Source::kKeystore:
      return "the key '" + reference.value + "'";
  }
  return "the key";
}

int nibble(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// Decodes in place of from_hex, whose result would stay in memory.
PrivateKey from_hex_text(std::string_view text, const std::string& where) {
  if (text.starts_with("0x")) text.remove_prefix(2);
  SecretBytes secret(32);
  bool good = text.size() == 2 * secret.size();
  for (std::size_t i = 0; good && i < secret.size(); ++i) {
    const int high = nibble(text[2 * i]);
    const int low = nibble(text[2 * i + 1]);
    good = high >= 0 && low >= 0;
    if (good) secret.span()[i] = static_cast<std::uint8_t>(high << 4 | low);
  }
  if (!good) {
    throw Error(ErrorCode::kMalformed,
                where + " holds neither 64 hex characters nor a keystore document");
  }
  return PrivateKey::from_bytes(secret.view());
}

}  // namespace

SecretReference parse_secret_reference(std::string_view text) {
  constexpr std::pair<std::string_view, Source> kSchemes[] = {
      {"env:", Source::kEnvironment}, {"file:", Source::kFile}, {"keystore:", Source::kKeystore}};
  for (const auto& [scheme, source] : kSchemes) {
    if (text.starts_with(scheme) && text.size() > scheme.size() &&
        text.find('\0') == std::string_view::npos) {
      return {source, std::string(text.substr(scheme.size()))};
    }
  }
  throw Error(
      ErrorCode::kUsage,
      "a secret is named as env:NAME, file:PATH or keystore:NAME; the text given is none of "
      "these and is not repeated here");
}

PrivateKey load_key(const SecretReference& reference, const Keyring& keyring,
                    const PasswordPrompt& prompt) {
  const SecretText content(content_of(reference, keyring));
  const std::string_view text = trim(content.view());
  const std::string where = describe(reference);
  if (!text.starts_with('{')) return from_hex_text(text, where);
  if (!prompt) {
    throw Error(ErrorCode::kCrypto, where + " is protected by a password, and nobody can be asked");
  }
  const SecretText password(prompt("password of " + where));
  return decrypt_keystore(text, password.view());
}

}  // namespace mlprov
