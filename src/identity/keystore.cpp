#include "mlprov/identity/keystore.h"

#include <algorithm>

#include "identity/keystore_cipher.h"
#include "mlprov/json/canonical.h"
#include "mlprov/support/error.h"
#include "mlprov/support/hex.h"
#include "mlprov/support/random.h"

namespace mlprov {
namespace {

using keystore::KdfParameters;
using keystore::Pbkdf2Parameters;
using keystore::ScryptParameters;

constexpr std::size_t kSecretSize = 32;
constexpr std::size_t kMaxSalt = 1024;
constexpr JsonLimits kLimits{.max_bytes = 64 << 10, .max_depth = 8, .max_values = 256};

[[noreturn]] void refuse(const std::string& why, ErrorCode code = ErrorCode::kMalformed) {
  throw Error(code, "keystore: " + why);
}

const Json& member(const Json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end()) refuse(std::string("'") + key + "' is missing");
  return *found;
}

const Json& object_at(const Json& object, const char* key) {
  const Json& value = member(object, key);
  if (!value.is_object()) refuse(std::string("'") + key + "' must be an object");
  return value;
}

const std::string& text_at(const Json& object, const char* key) {
  const Json& value = member(object, key);
  if (!value.is_string()) refuse(std::string("'") + key + "' must be a string");
  return value.get_ref<const std::string&>();
}

std::uint64_t number_at(const Json& object, const char* key) {
  const Json& value = member(object, key);
  if (!value.is_number_unsigned()) {
    refuse(std::string("'") + key + "' must be a whole number, 0 or more");
  }
  return value.get<std::uint64_t>();
}

std::string to_lower(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

Bytes hex_at(const Json& object, const char* key, std::size_t least, std::size_t most) {
  auto bytes = from_hex(to_lower(text_at(object, key)));
  if (!bytes || bytes->size() < least || bytes->size() > most) {
    const std::string range = least == most ? std::to_string(least)
                                            : std::to_string(least) + " to " + std::to_string(most);
    refuse(std::string("'") + key + "' must be " + range + " bytes in hex");
  }
  return std::move(*bytes);
}

/// Everything of a document that takes part in opening it.
struct Document {
  KdfParameters kdf;
  Bytes salt;
  Bytes iv;
  Bytes ciphertext;
  Bytes mac;
  std::optional<Address> address;
};

KdfParameters parse_kdf(const Json& crypto, const Json& parameters) {
  const std::string& kdf = text_at(crypto, "kdf");
  if (number_at(parameters, "dklen") != keystore::kDerivedSize) refuse("'dklen' must be 32");
  if (kdf == "scrypt") {
    return ScryptParameters{number_at(parameters, "n"), number_at(parameters, "r"),
                            number_at(parameters, "p")};
  }
  if (kdf != "pbkdf2") refuse("'kdf' must be scrypt or pbkdf2", ErrorCode::kUnsupported);
  if (text_at(parameters, "prf") != "hmac-sha256") {
    refuse("'prf' must be hmac-sha256", ErrorCode::kUnsupported);
  }
  return Pbkdf2Parameters{number_at(parameters, "c")};
}

std::optional<Address> parse_stated_address(const Json& document) {
  if (!document.contains("address")) return std::nullopt;
  std::string text = to_lower(text_at(document, "address"));
  if (!text.starts_with("0x")) text.insert(0, "0x");
  const auto address = address_from_canonical(text);
  if (!address) refuse("'address' must be 40 hex characters");
  return address;
}

/// The name of the member that holds the cryptography: some writers capitalise it.
const char* crypto_key(const Json& document) {
  const bool lower = document.contains("crypto");
  if (lower && document.contains("Crypto")) refuse("both 'crypto' and 'Crypto' are there");
  return lower ? "crypto" : "Crypto";
}

Document parse_document(std::string_view text) {
  const Json json = parse_json(text, kLimits);
  if (!json.is_object()) refuse("the document must be an object");
  if (number_at(json, "version") != 3) refuse("only version 3 is known", ErrorCode::kUnsupported);
  const Json& crypto = object_at(json, crypto_key(json));
  if (text_at(crypto, "cipher") != "aes-128-ctr") {
    refuse("'cipher' must be aes-128-ctr", ErrorCode::kUnsupported);
  }
  const Json& parameters = object_at(crypto, "kdfparams");
  Document document;
  document.kdf = parse_kdf(crypto, parameters);
  document.salt = hex_at(parameters, "salt", 0, kMaxSalt);
  document.iv =
      hex_at(object_at(crypto, "cipherparams"), "iv", keystore::kIvSize, keystore::kIvSize);
  document.ciphertext = hex_at(crypto, "ciphertext", 1, kSecretSize);
  document.mac = hex_at(crypto, "mac", 32, 32);
  document.address = parse_stated_address(json);
  return document;
}

/// A random (version 4) UUID, RFC 9562.
std::string random_uuid() {
  std::array<std::uint8_t, 16> bytes;
  fill_random(bytes);
  bytes[6] = static_cast<std::uint8_t>((bytes[6] & 0x0F) | 0x40);
  bytes[8] = static_cast<std::uint8_t>((bytes[8] & 0x3F) | 0x80);
  std::string text = to_hex(bytes);
  for (const std::size_t at : {8, 13, 18, 23}) text.insert(at, "-");
  return text;
}

}  // namespace

std::string encrypt_keystore(const PrivateKey& key, std::string_view password, KeystoreCost cost) {
  // geth's two settings, which differ in p as well.
  const ScryptParameters scrypt = cost == KeystoreCost::kStandard ? ScryptParameters{1 << 18, 8, 1}
                                                                  : ScryptParameters{1 << 12, 8, 6};
  std::array<std::uint8_t, 32> salt;
  std::array<std::uint8_t, keystore::kIvSize> iv;
  fill_random(salt);
  fill_random(iv);
  const SecretBytes derived = keystore::derive_key(password, salt, scrypt);
  const SecretBytes ciphertext = keystore::aes_128_ctr(derived.view(), iv, key.secret());

  const Json parameters = {{"dklen", keystore::kDerivedSize},
                           {"n", scrypt.n},
                           {"p", scrypt.p},
                           {"r", scrypt.r},
                           {"salt", to_hex(salt)}};
  const Json crypto = {{"cipher", "aes-128-ctr"},
                       {"cipherparams", {{"iv", to_hex(iv)}}},
                       {"ciphertext", to_hex(ciphertext.view())},
                       {"kdf", "scrypt"},
                       {"kdfparams", parameters},
                       {"mac", to_hex(keystore::mac(derived.view(), ciphertext.view()))}};
  const Json document = {{"address", to_hex(key.address().bytes)},
                         {"crypto", crypto},
                         {"id", random_uuid()},
                         {"version", 3}};
  return to_canonical(document);
}

PrivateKey decrypt_keystore(std::string_view text, std::string_view password) {
  const Document document = parse_document(text);
  const SecretBytes derived = keystore::derive_key(password, document.salt, document.kdf);
  if (!equal_constant_time(keystore::mac(derived.view(), document.ciphertext), document.mac)) {
    refuse("the password is wrong, or the document was damaged", ErrorCode::kCrypto);
  }
  const SecretBytes opened =
      keystore::aes_128_ctr(derived.view(), document.iv, document.ciphertext);
  // Some early writers dropped leading zeros of the key.
  SecretBytes secret(kSecretSize);
  std::copy(opened.view().begin(), opened.view().end(),
            secret.span().end() - static_cast<std::ptrdiff_t>(opened.size()));
  PrivateKey key = PrivateKey::from_bytes(secret.view());
  if (document.address && *document.address != key.address()) {
    refuse("it says address " + to_string(*document.address) + ", but its key is that of " +
               to_string(key.address()),
           ErrorCode::kCrypto);
  }
  return key;
}

}  // namespace mlprov
