// Statements, envelopes and what stands beside them in a bundle.
#include "fuzz/check.h"
#include "mlprov/identity/wallet.h"
#include "mlprov/json/schemas.h"
#include "mlprov/record/statement.h"

using namespace mlprov;

namespace {

void check_payload(std::string_view text) {
  const auto statement = fuzz::attempt([&] { return parse_statement(text); });
  if (!statement) return;
  fuzz::demand(encode_statement(*statement) == text, "a statement is written back as it was");
  fuzz::demand(schema_for("statement").validate(parse_json(text)).empty(), "it fits its schema");
}

void check_signed(std::string_view text) {
  const auto value = fuzz::attempt([&] { return parse_canonical(text); });
  if (!value) return;
  const auto both = fuzz::attempt([&] { return signed_statement_from_json(*value); });
  if (both) {
    fuzz::demand(signed_statement_to_json(*both) == *value, "a signed statement is written back");
    fuzz::demand(both->envelope.signer == both->statement.author, "the signer is the author");
  }
  const auto envelope = fuzz::attempt([&] { return dsse_from_json(*value); });
  if (!envelope) return;
  fuzz::demand(dsse_to_json(*envelope) == *value, "an envelope is written back");
  fuzz::demand(schema_for("envelope").validate(*value).empty(), "it fits its schema");
}

void check_words(std::string_view text) {
  if (const auto address = address_from_canonical(text)) {
    fuzz::demand(to_string(*address) == text, "an address has one form in documents");
  }
  if (const auto address = fuzz::attempt([&] { return parse_address(text); })) {
    fuzz::demand(parse_address(to_checksum_string(*address)) == *address, "EIP-55 reads back");
  }
  if (const auto signature = signature_from_hex(text)) {
    fuzz::demand(signature_to_hex(*signature) == text, "a signature has one form in documents");
  }
  fuzz::attempt([&] { return normalize_wallet_signature(text); });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = as_text({data, size});
  check_payload(text);
  check_signed(text);
  check_words(text);
  return 0;
}
