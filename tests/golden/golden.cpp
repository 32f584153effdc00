#include "golden/golden.h"

#include "forger/samples.h"
#include "mlprov/inspect/verify.h"
#include "mlprov/inspect/verify_proof.h"
#include "mlprov/record/proof_document.h"
#include "mlprov/support/hex.h"

namespace mlprov::golden {
namespace {

using forge::SampleOptions;
using Files = std::map<std::string, std::string>;

Bundle training(const SampleOptions& options) {
  const PrivateKey key = forge::author_key();
  return forge::sample_training(key, options).bundle();
}

void add_algorithms(Files& files) {
  for (const Algorithm algorithm : all_algorithms()) {
    if (!is_tree_algorithm(algorithm)) continue;
    SampleOptions options;
    options.algorithm = algorithm;
    files["training-" + std::string(to_string(algorithm)) + ".json"] =
        encode_bundle(training(options));
  }
}

void add_shapes(Files& files) {
  SampleOptions options;
  options.is_finished = false;
  files["unfinished.json"] = encode_bundle(training(options));

  options = {};
  options.epochs = 0;
  files["no-epochs.json"] = encode_bundle(training(options));

  options = {};
  options.leads_with_step = true;
  options.trailing_steps = 2;
  files["command-and-steps.json"] = encode_bundle(training(options));

  const PrivateKey key = forge::author_key();
  files["steps.json"] = encode_bundle(forge::sample_steps(key, 3).bundle());
}

void add_selections(Files& files) {
  SampleOptions options;
  options.salts_config = true;
  const Bundle salted = training(options);
  files["salted-config.json"] = encode_bundle(salted);

  BundleSelection hidden;
  hidden.hide = {"before/config/parameters", "before/circumstances/argv"};
  hidden.drop = {"before/code", "training/epoch-00000001/rng", "training/epoch-00000002/model"};
  files["withheld.json"] = encode_bundle(select(salted, hidden));

  options = {};
  options.data_entries = kMaxCarriedEntries + 1;
  files["large-directory-bound.json"] = encode_bundle(select(training(options), {}));
}

void add_vouched(Files& files) {
  SampleOptions options;
  options.has_log = true;
  files["log-not-shown.json"] = encode_bundle(training(options));

  Bundle bundle = training(options);
  const NoteSigner witness = forge::log_key_of(0x77, "witness.example/w1");
  forge::include_in_log(bundle, forge::sample_log(), 5, {}, &witness);
  files["logged-with-witness.json"] = encode_bundle(bundle);

  bundle = training({});
  for (SignedStatement& each : bundle.statements) {
    forge::add_cosignature(each, forge::wallet_key());
    forge::add_cosignature(each, forge::key_of(0x58));
  }
  files["cosigned.json"] = encode_bundle(bundle);

  bundle = training({});
  bundle.statements.back().receipts = {
      {"ethereum", "sepolia", {{"block", 7}, {"transaction", "0x00"}}},
      {"later", "some network", Json::object()}};
  files["unknown-receipts.json"] = encode_bundle(bundle);
}

void add_proofs(Files& files) {
  SampleOptions options;
  options.salts_config = true;
  const Bundle bundle = training(options);
  const auto add = [&](const char* name, const char* path) {
    files[name] = encode_proof(prove_entry(bundle, path));
  };
  add("entry.proof.json", "before/code/source");
  add("salted-entry.proof.json", "before/config/parameters");
  add("tensor.proof.json", "training/epoch-00000002/model/fc.weight");
  add("directory.proof.json", "training/epoch-00000001");
}

VerifyPolicy authors_policy() {
  VerifyPolicy policy;
  policy.signers = {forge::author_key().address()};
  return policy;
}

Json proof_verdict(const std::string& content) {
  const ProofVerdict verdict = verify_proof(content, authors_policy());
  return {{"detail", verdict.detail},
          {"outcome", std::string(to_string(verdict.outcome))},
          {"path", verdict.path},
          {"root", to_hex(verdict.statement.root)},
          {"run", verdict.statement.run}};
}

Json bundle_verdict(const std::string& content) {
  const Verdict verdict = verify_bundle(content, authors_policy());
  Json digests = Json::object();
  for (const auto& [word, count] : verdict.digests) digests[std::string(to_string(word))] = count;
  Json ids = Json::array();
  for (const StatementReport& each : verdict.statements) ids.push_back(to_hex(each.id));
  return {{"content_root", verdict.content_root ? Json(to_hex(*verdict.content_root)) : Json()},
          {"detail", verdict.detail},
          {"digests", digests},
          {"outcome", std::string(to_string(verdict.outcome))},
          {"root", verdict.root ? Json(to_hex(*verdict.root)) : Json()},
          {"run", verdict.run},
          {"statements", ids},
          {"warnings", verdict.warnings.size()}};
}

}  // namespace

std::map<std::string, std::string> files_v1() {
  Files files;
  add_algorithms(files);
  add_shapes(files);
  add_selections(files);
  add_vouched(files);
  add_proofs(files);
  return files;
}

Json verdict_of(const std::string& name, const std::string& content) {
  return name.ends_with(".proof.json") ? proof_verdict(content) : bundle_verdict(content);
}

}  // namespace mlprov::golden
