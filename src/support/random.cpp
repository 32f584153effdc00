#include "mlprov/support/random.h"

#include <openssl/rand.h>

#include "mlprov/support/error.h"

namespace mlprov {

void fill_random(std::span<std::uint8_t> out) {
  // RAND_bytes takes an int; a million salts fit in one call, more are asked for in pieces.
  constexpr std::size_t kPiece = std::size_t{1} << 30;
  while (!out.empty()) {
    const auto piece = out.first(std::min(out.size(), kPiece));
    if (RAND_bytes(piece.data(), static_cast<int>(piece.size())) != 1) {
      throw Error(ErrorCode::kCrypto, "the operating system gave no random bytes");
    }
    out = out.subspan(piece.size());
  }
}

}  // namespace mlprov
