#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mlprov/identity/key.h"
#include "mlprov/identity/keystore.h"

namespace mlprov {

/// Where secrets come from: `env:NAME`, `file:PATH` or `keystore:NAME`. A key's variable or file
/// holds 64 hex characters (`0x` and white space around them allowed) or a keystore document.
struct SecretReference {
  enum class Source { kEnvironment, kFile, kKeystore };
  Source source = Source::kEnvironment;
  std::string value;
};

/// Throws `kUsage` for any other form; the text is not repeated in the message, since it may be a
/// literal secret.
SecretReference parse_secret_reference(std::string_view text);

/// Asks for a password; the argument says for what. May throw `kCrypto` where nobody can answer.
using PasswordPrompt = std::function<std::string(const std::string& purpose)>;

struct KeyInfo {
  std::string name;
  Address address;
  std::string label;  ///< "" or, for a key made for one job, what it was made for.
};

/// The user's keystores: `$XDG_CONFIG_HOME/mlprov/keys` (or `~/.config/...`), files `NAME.json` of
/// mode 0600 in a folder of mode 0700; never inside a project. Safe with several processes: a name
/// is taken by exactly one of them. A name has 1 to 64 characters of `[A-Za-z0-9._-]`, the first
/// a letter or digit; any other throws `kUsage`.
class Keyring {
 public:
  /// Touches nothing; the folder is made by the first `add`.
  explicit Keyring(std::filesystem::path folder);
  /// The folder above; `MLPROV_KEYS` overrides it. Throws `kConfig` when no variable says where.
  static Keyring open_default();

  const std::filesystem::path& folder() const noexcept { return folder_; }
  /// By name. Throws `kMalformed`, naming the file, for one that is no keystore with an address.
  std::vector<KeyInfo> list() const;
  /// Throws `kConflict` when the name exists. The label stands in the keystore document as
  /// `x-mlprov`, which other programs ignore.
  KeyInfo add(const std::string& name, const PrivateKey& key, std::string_view password,
              KeystoreCost cost, const std::string& label = "");
  /// The keystore document. Throws `kNotFound`, naming the keys that exist.
  std::string read(const std::string& name) const;

 private:
  std::filesystem::path folder_;
};

/// Loads the key that a reference names. Throws `kNotFound`, `kCrypto`, `kMalformed`; no message
/// holds any part of a secret.
PrivateKey load_key(const SecretReference& reference, const Keyring& keyring,
                    const PasswordPrompt& prompt);

}  // namespace mlprov
