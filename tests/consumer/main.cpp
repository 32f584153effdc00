// Uses one function of each room that a consumer would touch first; prints what it found.
#include <iostream>

#include "mlprov/digest/hasher.h"
#include "mlprov/identity/key.h"
#include "mlprov/inspect/verify.h"
#include "mlprov/merkle/tree.h"
#include "mlprov/support/hex.h"

int main() {
  const auto digest = mlprov::digest32(mlprov::Algorithm::kBlake3, mlprov::as_bytes("abc"));
  const auto key = mlprov::PrivateKey::generate();
  const mlprov::Verdict verdict = mlprov::verify_bundle("{}");
  std::cout << mlprov::to_hex(digest) << "\n" << mlprov::to_string(key.address()) << "\n";
  const bool as_published =
      mlprov::to_hex(digest) == "6437b3ac38465133ffb63b75273a8db548c558465d79db03fd359c6cd5bd9d85";
  return as_published && verdict.outcome == mlprov::Outcome::kRefused ? 0 : 1;
}
