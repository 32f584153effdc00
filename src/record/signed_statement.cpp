#include "record/signed_statement.h"

#include <utility>

#include "mlprov/identity/wallet.h"
#include "mlprov/support/hex.h"
#include "record/fields.h"

namespace mlprov {
namespace {

using record::at_place;
using record::malformed;
using record::string_at;

Cosignature cosignature_shape(const Json& value) {
  record::require_keys(value, "a co-signature", {"address", "signature"});
  const auto address = address_from_canonical(string_at(value, "address"));
  if (!address) malformed("'address' must be 0x and 40 lower-case hex characters");
  const auto signature = signature_from_hex(string_at(value, "signature"));
  if (!signature) malformed("'signature' must be 0x and 130 lower-case hex characters, low s");
  return {*address, *signature};
}

std::vector<Cosignature> cosignatures_shape(const Json& array, const Address& author) {
  std::vector<Cosignature> result;
  for (const Json& value : array) {
    at_place("cosignatures[" + std::to_string(result.size()) + "]", [&] {
      Cosignature next = cosignature_shape(value);
      if (next.address == author) malformed("the author does not co-sign his own statement");
      if (!result.empty() && !(result.back().address < next.address)) {
        malformed("addresses must strictly ascend");
      }
      result.push_back(next);
    });
  }
  return result;
}

std::optional<LogInclusion> inclusion_shape(const Json& value) {
  if (value.is_null()) return std::nullopt;
  record::require_keys(value, "the inclusion", {"index", "path"});
  LogInclusion inclusion;
  inclusion.index = record::count_at(value, "index");
  for (const Json& node : record::array_at(value, "path")) {
    inclusion.path.push_back(record::digest_from(node, "a hash of the inclusion's path"));
  }
  return inclusion;
}

Receipt receipt_shape(const Json& value) {
  record::require_keys(value, "a receipt", {"driver", "name", "receipt"});
  Receipt receipt{string_at(value, "driver"), string_at(value, "name"), value.at("receipt")};
  if (receipt.driver.empty() || receipt.name.empty()) malformed("a receipt's names are not empty");
  if (!receipt.receipt.is_object()) malformed("'receipt' must be an object");
  return receipt;
}

std::vector<Receipt> receipts_shape(const Json& array) {
  std::vector<Receipt> result;
  for (const Json& value : array) {
    Receipt next = receipt_shape(value);
    if (!result.empty() &&
        !(std::tie(result.back().driver, result.back().name) < std::tie(next.driver, next.name))) {
      malformed("receipts must strictly ascend by driver and name");
    }
    result.push_back(std::move(next));
  }
  return result;
}

Json inclusion_to_json(const std::optional<LogInclusion>& inclusion) {
  if (!inclusion) return nullptr;
  Json path = Json::array();
  for (const Digest32& node : inclusion->path) path.push_back(to_hex(node));
  return {{"index", inclusion->index}, {"path", std::move(path)}};
}

}  // namespace

namespace record {

SignedStatement signed_statement_shape(const Json& value) {
  require_keys(value, "the signed statement",
               {"cosignatures", "envelope", "inclusion", "receipts"});
  SignedStatement result;
  result.envelope = dsse_parse(value.at("envelope"));
  result.statement = parse_statement(result.envelope.payload);
  result.cosignatures =
      cosignatures_shape(array_at(value, "cosignatures"), result.statement.author);
  result.inclusion = inclusion_shape(value.at("inclusion"));
  result.receipts = receipts_shape(array_at(value, "receipts"));
  return result;
}

void verify_envelope(const DsseEnvelope& envelope, const Statement& statement) {
  if (envelope.signer != statement.author) {
    throw Error(ErrorCode::kCrypto, "the statement names " + to_string(statement.author) +
                                        " as its author, but its envelope " +
                                        to_string(envelope.signer));
  }
  dsse_verify(envelope);
}

void verify_signatures(const SignedStatement& statement) {
  verify_envelope(statement.envelope, statement.statement);
  if (statement.cosignatures.empty()) return;
  const Digest32 signed_digest = eip191_digest(cosign_text(statement.id()));
  for (const Cosignature& cosignature : statement.cosignatures) {
    if (recover_signer(signed_digest, cosignature.signature) == cosignature.address) continue;
    throw Error(ErrorCode::kCrypto, "the co-signature is not one by " +
                                        to_string(cosignature.address) + " for this statement");
  }
}

}  // namespace record

Json signed_statement_to_json(const SignedStatement& statement) {
  Json cosignatures = Json::array();
  for (const Cosignature& each : statement.cosignatures) {
    cosignatures.push_back(
        {{"address", to_string(each.address)}, {"signature", signature_to_hex(each.signature)}});
  }
  Json receipts = Json::array();
  for (const Receipt& each : statement.receipts) {
    receipts.push_back({{"driver", each.driver}, {"name", each.name}, {"receipt", each.receipt}});
  }
  return {{"cosignatures", std::move(cosignatures)},
          {"envelope", dsse_to_json(statement.envelope)},
          {"inclusion", inclusion_to_json(statement.inclusion)},
          {"receipts", std::move(receipts)}};
}

SignedStatement signed_statement_from_json(const Json& value) {
  SignedStatement result = record::signed_statement_shape(value);
  record::verify_signatures(result);
  return result;
}

}  // namespace mlprov
