#include "digest/evp.h"

#include <array>
#include <string>

#include "mlprov/support/error.h"

namespace mlprov {
namespace {

const char* openssl_name(Algorithm algorithm) noexcept {
  switch (algorithm) {
    case Algorithm::kBlake3:
      return nullptr;
    case Algorithm::kSha256:
      return "SHA2-256";
    case Algorithm::kSha3_256:
      return "SHA3-256";
    case Algorithm::kKeccak256:
      return "KECCAK-256";
    case Algorithm::kSha512:
      return "SHA2-512";
    case Algorithm::kBlake2b512:
      return "BLAKE2B-512";
  }
  return nullptr;
}

// Fetching costs microseconds and locks, so it happens once; never freed, since other threads
// may still be hashing when the process ends.
std::array<const EVP_MD*, 6> fetch_all() {
  std::array<const EVP_MD*, 6> fetched{};
  for (const Algorithm algorithm : all_algorithms()) {
    const char* const name = openssl_name(algorithm);
    if (name == nullptr) continue;
    fetched[static_cast<std::size_t>(algorithm)] = EVP_MD_fetch(nullptr, name, nullptr);
  }
  return fetched;
}

void require(int result, const char* doing) {
  if (result != 1) throw Error(ErrorCode::kCrypto, std::string("OpenSSL cannot ") + doing);
}

}  // namespace

const EVP_MD* evp_md(Algorithm algorithm) {
  static const std::array<const EVP_MD*, 6> fetched = fetch_all();
  return fetched[static_cast<std::size_t>(algorithm)];
}

const EVP_MD* require_evp_md(Algorithm algorithm) {
  const EVP_MD* const md = evp_md(algorithm);
  if (md != nullptr) return md;
  throw Error(ErrorCode::kUnsupported,
              "this OpenSSL has no " + std::string(to_string(algorithm)) +
                  "; its configuration (for instance a FIPS provider) may leave it out");
}

EvpDigest::EvpDigest(const EVP_MD* md) : context_(EVP_MD_CTX_new()) {
  require(context_ != nullptr, "make a digest context");
  require(EVP_DigestInit_ex2(context_.get(), md, nullptr), "start a digest");
}

void EvpDigest::update(ByteView bytes) {
  require(EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()), "continue a digest");
}

void EvpDigest::finish(std::span<std::uint8_t> out) {
  require(EVP_DigestFinal_ex(context_.get(), out.data(), nullptr), "finish a digest");
  require(EVP_DigestInit_ex2(context_.get(), nullptr, nullptr), "restart a digest");
}

}  // namespace mlprov
