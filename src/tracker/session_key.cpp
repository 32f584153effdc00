#include "tracker/session_key.h"

#include <sys/stat.h>

#include <cstdlib>

#include "mlprov/support/error.h"
#include "mlprov/support/file.h"
#include "mlprov/support/hex.h"

namespace mlprov::detail {
namespace {

/// A training run has nobody at the keyboard: a keystore's password comes by MLPROV_PASSWORD.
std::string unattended_password(const std::string& purpose) {
  if (const char* password = std::getenv("MLPROV_PASSWORD")) return password;
  throw Error(ErrorCode::kCrypto, "a password is needed for " + purpose + ": set MLPROV_PASSWORD");
}

PrivateKey from_reference(const std::string& text, const std::string& origin,
                          const Keyring& keyring) {
  try {
    return load_key(parse_secret_reference(text), keyring, unattended_password);
  } catch (const Error& error) {
    throw Error(error.code(), "the key named by " + origin + ": " + error.what());
  }
}

PrivateKey own_key(const Keyring& keyring, bool& made) {
  const std::filesystem::path file = own_key_file(keyring);
  if (!std::filesystem::exists(file)) {
    const PrivateKey fresh = PrivateKey::generate();
    std::filesystem::create_directories(file.parent_path());
    ::chmod(file.parent_path().c_str(), 0700);
    write_file_atomic(file, to_hex(fresh.secret()) + "\n", 0600);
    made = true;
  }
  return from_reference("file:" + file.string(), "the user's own key file", keyring);
}

}  // namespace

std::filesystem::path own_key_file(const Keyring& keyring) { return keyring.folder() / "own.key"; }

PrivateKey session_key(const std::optional<std::string>& configured, bool& made) {
  const Keyring keyring = Keyring::open_default();
  made = false;
  if (configured) return from_reference(*configured, "the configuration", keyring);
  if (const char* named = std::getenv("MLPROV_KEY")) {
    return from_reference(named, "MLPROV_KEY", keyring);
  }
  return own_key(keyring, made);
}

}  // namespace mlprov::detail
