#include "mlprov/record/proof_document.h"

#include <memory>

#include "mlprov/support/error.h"
#include "record/fields.h"
#include "record/locate.h"
#include "record/proof_shape.h"
#include "record/signed_statement.h"

namespace mlprov {

namespace record {

ProofDocument proof_shape(const Json& document) {
  require_keys(document, "the proof", {"chain", "format", "statement"});
  if (string_at(document, "format") != kProofFormat) {
    malformed("'format' must be " + std::string(kProofFormat));
  }
  ProofDocument result;
  result.statement.envelope =
      at_place("statement", [&] { return dsse_parse(document.at("statement")); });
  result.statement.statement = parse_statement(result.statement.envelope.payload);
  result.proof = at_place("chain", [&] { return chain_from_json(document.at("chain")); });
  if (result.proof.chain.empty()) malformed("chain: a proof needs at least one entry");
  return result;
}

}  // namespace record

std::string encode_proof(const ProofDocument& document) {
  return to_canonical({{"chain", chain_to_json(document.proof)},
                       {"format", kProofFormat},
                       {"statement", dsse_to_json(document.statement.envelope)}});
}

ProofDocument parse_proof(std::string_view text) {
  ProofDocument result = record::proof_shape(parse_canonical(text));
  record::verify_envelope(result.statement.envelope, result.statement.statement);
  return result;
}

ProofDocument prove_entry(const Bundle& bundle, std::string_view path) {
  const record::Speaker speaker = record::speaker_for(bundle.statements, path);
  if (speaker.statement == nullptr) {
    throw Error(ErrorCode::kNotFound, "no statement of this run speaks for '" + std::string(path) +
                                          "'; paths begin with before, training, result or step-N");
  }
  const MerkleTree tree(speaker.statement->statement.root,
                        std::make_shared<const DirectoryMap>(bundle.directories));
  ProofDocument result;
  result.statement.envelope = speaker.statement->envelope;
  result.statement.statement = speaker.statement->statement;
  result.proof = prove_inclusion(tree, speaker.rest);
  return result;
}

}  // namespace mlprov
