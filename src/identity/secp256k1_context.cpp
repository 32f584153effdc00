#include "identity/secp256k1_context.h"

#include <array>
#include <memory>

#include "mlprov/support/error.h"
#include "mlprov/support/random.h"
#include "mlprov/support/secret.h"

namespace mlprov {
namespace {

struct DestroyContext {
  void operator()(secp256k1_context* context) const { secp256k1_context_destroy(context); }
};
using Context = std::unique_ptr<secp256k1_context, DestroyContext>;

Context make_context() {
  Context context(secp256k1_context_create(SECP256K1_CONTEXT_SIGN | SECP256K1_CONTEXT_VERIFY));
  std::array<std::uint8_t, 32> seed;
  fill_random(seed);
  const int blinded = secp256k1_context_randomize(context.get(), seed.data());
  wipe(seed);
  if (blinded != 1) throw Error(ErrorCode::kCrypto, "libsecp256k1 could not blind its context");
  return context;
}

}  // namespace

const secp256k1_context* secp256k1_shared_context() {
  static const Context context = make_context();
  return context.get();
}

}  // namespace mlprov
