#include "mlprov/support/secret.h"

#include <openssl/crypto.h>

namespace mlprov {

void wipe(std::span<std::uint8_t> memory) noexcept {
  OPENSSL_cleanse(memory.data(), memory.size());
}

}  // namespace mlprov
