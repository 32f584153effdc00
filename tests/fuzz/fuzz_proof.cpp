// Inclusion proofs, with and without the statement around the chain.
#include "fuzz/check.h"
#include "mlprov/inspect/verify_proof.h"
#include "mlprov/json/schemas.h"
#include "mlprov/record/proof_document.h"

using namespace mlprov;

namespace {

void check_document(std::string_view text) {
  const ProofVerdict verdict = verify_proof(text);
  fuzz::demand(is_utf8(verdict.detail), "the reason is text");
  const auto document = fuzz::attempt([&] { return parse_proof(text); });
  if (document) {
    fuzz::demand(encode_proof(*document) == text, "a proof is written back as it was");
    fuzz::demand(schema_for("proof").validate(parse_json(text)).empty(), "it fits its schema");
  }
  fuzz::demand(document || verdict.outcome == Outcome::kRefused, "what cannot be read is refused");
}

/// The chain alone, so that no signature stands in the fuzzer's way.
void check_chain(std::string_view text) {
  const auto value = fuzz::attempt([&] { return parse_canonical(text); });
  if (!value) return;
  const Json& array = value->is_object() && value->contains("chain") ? value->at("chain") : *value;
  const auto proof = fuzz::attempt([&] { return chain_from_json(array); });
  if (!proof) return;
  fuzz::demand(chain_to_json(*proof) == array, "a chain is written back as it was");
  for (const Algorithm algorithm : {Algorithm::kBlake3, Algorithm::kSha256}) {
    check_inclusion(algorithm, proof->chain[0].entry.digest, proof->chain[0].index + 1, *proof);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = as_text({data, size});
  check_document(text);
  check_chain(text);
  return 0;
}
