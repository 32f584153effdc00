#include "identity/keystore_cipher.h"

#include <openssl/evp.h>

#include <bit>
#include <memory>
#include <string>

#include "identity/scrypt.h"
#include "mlprov/digest/hasher.h"
#include "mlprov/support/error.h"

namespace mlprov::keystore {
namespace {

// Memory is 128 * r * (n + p) bytes: 1 GiB for the table, 64 MiB for the lanes.
constexpr std::uint64_t kMaxTable = (std::uint64_t{1} << 30) / 128;
constexpr std::uint64_t kMaxLanes = (std::uint64_t{64} << 20) / 128;
// Block mixes, n * r * p; the standard cost is 2^21 and takes about a second.
constexpr std::uint64_t kMaxScryptMixes = std::uint64_t{1} << 24;
constexpr std::uint64_t kMaxRounds = 10'000'000;
constexpr std::uint64_t kMaxOpenSslMemory = std::uint64_t{3} << 29;

struct FreeContext {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};

[[noreturn]] void refuse_work(const std::string& what) {
  throw Error(ErrorCode::kTooLarge, "keystore: " + what +
                                        " is over the limit (scrypt: 1 GiB and 2^24 block mixes; "
                                        "pbkdf2: 10 million rounds)");
}

void check(const ScryptParameters& parameters) {
  const auto [n, r, p] = parameters;
  // Each factor alone first, so that the products cannot overflow.
  if (n > kMaxScryptMixes || r > kMaxScryptMixes || p > kMaxScryptMixes) {
    refuse_work("the scrypt work factor");
  }
  if (n < 2 || !std::has_single_bit(n) || r == 0 || p == 0) {
    throw Error(ErrorCode::kMalformed,
                "keystore: scrypt needs n, a power of two, and r and p above 0");
  }
  if (n * r > kMaxTable || p * r > kMaxLanes || p > kMaxScryptMixes / (n * r)) {
    refuse_work("the scrypt work factor");
  }
}

/// RFC 7914's bound on n, which other wallets do not know.
bool is_within_rfc(const ScryptParameters& parameters) {
  return parameters.r >= 4 || parameters.n >> (16 * parameters.r) == 0;
}

void check(const Pbkdf2Parameters& parameters) {
  if (parameters.rounds == 0) throw Error(ErrorCode::kMalformed, "keystore: pbkdf2 of 0 rounds");
  if (parameters.rounds > kMaxRounds) refuse_work("the number of pbkdf2 rounds");
}

bool derive(std::string_view password, ByteView salt, const ScryptParameters& scrypt,
            std::span<std::uint8_t> out) {
  if (!is_within_rfc(scrypt)) {
    keystore::scrypt(password, salt, scrypt.n, scrypt.r, scrypt.p, out);
    return true;
  }
  return EVP_PBE_scrypt(password.data(), password.size(), salt.data(), salt.size(), scrypt.n,
                        scrypt.r, scrypt.p, kMaxOpenSslMemory, out.data(), out.size()) == 1;
}

bool derive(std::string_view password, ByteView salt, const Pbkdf2Parameters& pbkdf2,
            std::span<std::uint8_t> out) {
  return PKCS5_PBKDF2_HMAC(password.data(), static_cast<int>(password.size()), salt.data(),
                           static_cast<int>(salt.size()), static_cast<int>(pbkdf2.rounds),
                           EVP_sha256(), static_cast<int>(out.size()), out.data()) == 1;
}

}  // namespace

void check_work(const KdfParameters& parameters) {
  std::visit([](const auto& of_kind) { check(of_kind); }, parameters);
}

SecretBytes derive_key(std::string_view password, ByteView salt, const KdfParameters& parameters) {
  check_work(parameters);
  constexpr std::size_t kMaxPassword = std::size_t{1} << 20;
  if (password.size() > kMaxPassword) {
    throw Error(ErrorCode::kTooLarge, "keystore: a password has at most 1 MiB");
  }
  if (password.data() == nullptr) password = "";  // OpenSSL takes null for "no password at all".
  SecretBytes derived(kDerivedSize);
  const bool done = std::visit(
      [&](const auto& of_kind) { return derive(password, salt, of_kind, derived.span()); },
      parameters);
  if (!done) throw Error(ErrorCode::kCrypto, "keystore: OpenSSL could not derive the key");
  return derived;
}

SecretBytes aes_128_ctr(ByteView derived, ByteView iv, ByteView input) {
  const std::unique_ptr<EVP_CIPHER_CTX, FreeContext> context(EVP_CIPHER_CTX_new());
  SecretBytes output(input.size());
  int size = 0;
  if (derived.size() != kDerivedSize || iv.size() != kIvSize || context == nullptr ||
      EVP_EncryptInit_ex(context.get(), EVP_aes_128_ctr(), nullptr, derived.data(), iv.data()) !=
          1 ||
      EVP_EncryptUpdate(context.get(), output.span().data(), &size, input.data(),
                        static_cast<int>(input.size())) != 1) {
    throw Error(ErrorCode::kCrypto, "keystore: OpenSSL could not run AES-128-CTR");
  }
  return output;
}

Digest32 mac(ByteView derived, ByteView ciphertext) {
  return digest32(Algorithm::kKeccak256, {derived.subspan(16), ciphertext});
}

}  // namespace mlprov::keystore
