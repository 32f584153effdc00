#include "mlprov/identity/ed25519.h"

#include <openssl/evp.h>

#include <algorithm>
#include <memory>

#include "mlprov/support/error.h"
#include "mlprov/support/random.h"

namespace mlprov {
namespace {

constexpr std::size_t kSeedSize = 32;

struct FreeKey {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using Key = std::unique_ptr<EVP_PKEY, FreeKey>;
using Context = std::unique_ptr<EVP_MD_CTX, FreeContext>;

void require(bool done, const char* what) {
  if (!done) throw Error(ErrorCode::kCrypto, std::string("OpenSSL could not ") + what);
}

Key private_key(ByteView seed) {
  if (seed.size() != kSeedSize) {
    throw Error(ErrorCode::kCrypto,
                "an Ed25519 seed has 32 bytes; the one given has " + std::to_string(seed.size()));
  }
  Key key(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, seed.data(), seed.size()));
  require(key != nullptr, "load an Ed25519 key");
  return key;
}

}  // namespace

Ed25519Key::Ed25519Key(SecretBytes seed) : seed_(std::move(seed)) {
  const Key key = private_key(seed_.view());
  std::size_t size = public_.size();
  require(EVP_PKEY_get_raw_public_key(key.get(), public_.data(), &size) == 1,
          "derive an Ed25519 public key");
}

Ed25519Key Ed25519Key::generate() {
  SecretBytes seed(kSeedSize);
  fill_random(seed.span());
  return Ed25519Key(std::move(seed));
}

Ed25519Key Ed25519Key::from_seed(ByteView seed) {
  return Ed25519Key(SecretBytes(Bytes(seed.begin(), seed.end())));
}

Ed25519Signature Ed25519Key::sign(ByteView message) const {
  const Key key = private_key(seed_.view());
  const Context context(EVP_MD_CTX_new());
  Ed25519Signature signature;
  std::size_t size = signature.size();
  require(context != nullptr &&
              EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key.get()) == 1 &&
              EVP_DigestSign(context.get(), signature.data(), &size, message.data(),
                             message.size()) == 1,
          "sign with Ed25519");
  return signature;
}

bool ed25519_verify(const Ed25519PublicKey& key, ByteView message,
                    const Ed25519Signature& signature) {
  const Key loaded(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, key.data(), key.size()));
  const Context context(EVP_MD_CTX_new());
  require(loaded != nullptr && context != nullptr &&
              EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, loaded.get()) == 1,
          "load an Ed25519 public key");
  return EVP_DigestVerify(context.get(), signature.data(), signature.size(), message.data(),
                          message.size()) == 1;
}

}  // namespace mlprov
