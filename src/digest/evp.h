#pragma once

#include <openssl/evp.h>

#include <memory>
#include <span>

#include "mlprov/digest/algorithm.h"
#include "mlprov/support/bytes.h"

namespace mlprov {

/// OpenSSL's implementation, fetched once a process; null for BLAKE3, and for what this OpenSSL
/// lacks (Keccak-256 before 3.2). Thread-safe.
const EVP_MD* evp_md(Algorithm algorithm);

/// One digest in progress, by OpenSSL. Starting anew keeps its memory. Not thread-safe.
class EvpDigest {
 public:
  /// REQUIRES: not null. Throws `kCrypto` when OpenSSL refuses.
  explicit EvpDigest(const EVP_MD* md);

  void update(ByteView bytes);

  /// Writes the digest, whose size is `out.size()`, and starts anew.
  void finish(std::span<std::uint8_t> out);

 private:
  struct Free {
    void operator()(EVP_MD_CTX* context) const noexcept { EVP_MD_CTX_free(context); }
  };
  std::unique_ptr<EVP_MD_CTX, Free> context_;
};

/// `evp_md` or, when there is none, an `Error(kUnsupported)` that names the algorithm.
const EVP_MD* require_evp_md(Algorithm algorithm);

}  // namespace mlprov
