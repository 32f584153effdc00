// Random bundles, alterations of them, and this library's verdicts, for tests that compare it with
// another verifier.
//   bundle_tool random SEED            a bundle that holds (or is unfinished)
//   bundle_tool mutate SEED FILE       the bundle with one alteration
//   bundle_tool prove SEED FILE        a proof of some entry of it
//   bundle_tool verify FILE...         a line of JSON a bundle
//   bundle_tool check FILE...          a line of JSON a proof
#include <cstdlib>
#include <iostream>
#include <vector>

#include "mlprov/inspect/verify.h"
#include "mlprov/inspect/verify_proof.h"
#include "mlprov/record/proof_document.h"
#include "mlprov/support/error.h"
#include "mlprov/support/file.h"
#include "mlprov/support/hex.h"
#include "record/mutate.h"
#include "record/random.h"
#include "record/random_bundle.h"

namespace mlprov {
namespace {

constexpr std::uint64_t kMaxFile = std::uint64_t{1} << 30;

template <typename Digest>
Json hex_or_null(const std::optional<Digest>& digest) {
  return digest ? Json(to_hex(*digest)) : Json(nullptr);
}

Json refusal_or_null(const std::optional<Refusal>& refusal) {
  return refusal ? Json(std::string(to_string(*refusal))) : Json(nullptr);
}

std::string bundle_line(const Verdict& verdict) {
  return to_canonical(
      {{"author", verdict.author ? Json(to_string(*verdict.author)) : Json(nullptr)},
       {"content_root", hex_or_null(verdict.content_root)},
       {"outcome", std::string(to_string(verdict.outcome))},
       {"refusal", refusal_or_null(verdict.refusal)},
       {"root", hex_or_null(verdict.root)},
       {"run", verdict.run.empty() ? Json(nullptr) : Json(verdict.run)}});
}

std::string proof_line(const ProofVerdict& verdict) {
  const bool holds = verdict.outcome == Outcome::kHolds;
  return to_canonical(
      {{"author", holds ? Json(to_string(verdict.statement.author)) : Json(nullptr)},
       {"outcome", std::string(to_string(verdict.outcome))},
       {"path", holds ? Json(verdict.path) : Json(nullptr)},
       {"refusal", refusal_or_null(verdict.refusal)},
       {"root", holds ? Json(to_hex(verdict.statement.root)) : Json(nullptr)},
       {"run", holds ? Json(verdict.statement.run) : Json(nullptr)}});
}

/// A proof of an entry that is found by going down at random.
std::string random_proof(std::uint64_t seed, const Bundle& bundle) {
  forge::Random random(seed);
  const SignedStatement& start = bundle.statements[random.below(bundle.statements.size())];
  std::string path = start.statement.path;
  Digest32 root = start.statement.root;
  std::string last;
  while (true) {
    const auto found = bundle.directories.find(root);
    if (found == bundle.directories.end() || found->second->size() == 0) break;
    const Slot& slot = found->second->slots()[random.below(found->second->size())];
    const auto* entry = std::get_if<Entry>(&slot);
    if (entry == nullptr) break;
    path += (path.empty() ? "" : "/") + entry->name;
    last = path;
    if (entry->kind != EntryKind::kTree || random.percent(20)) break;
    root = entry->digest;
  }
  if (last.empty()) throw Error(ErrorCode::kNotFound, "this walk found no entry; try another seed");
  return encode_proof(prove_entry(bundle, last));
}

int run(const std::vector<std::string>& arguments) {
  if (arguments.size() < 2) throw Error(ErrorCode::kUsage, "random|mutate|prove|verify|check ...");
  const std::string& verb = arguments[0];
  if (verb == "verify" || verb == "check") {
    for (std::size_t i = 1; i < arguments.size(); ++i) {
      const std::string bytes = read_file(arguments[i], kMaxFile);
      std::cout << (verb == "verify" ? bundle_line(verify_bundle(bytes))
                                     : proof_line(verify_proof(bytes)))
                << "\n";
    }
    return 0;
  }
  const std::uint64_t seed = std::strtoull(arguments[1].c_str(), nullptr, 10);
  if (verb == "random") {
    std::cout << encode_bundle(forge::random_bundle(seed));
    return 0;
  }
  if (arguments.size() != 3) throw Error(ErrorCode::kUsage, "a seed and a file are needed");
  const std::string bytes = read_file(arguments[2], kMaxFile);
  std::cout << (verb == "mutate" ? forge::mutate(bytes, seed)
                                 : random_proof(seed, parse_bundle(bytes)));
  return 0;
}

}  // namespace
}  // namespace mlprov

int main(int argc, char** argv) {
  try {
    return mlprov::run({argv + 1, argv + argc});
  } catch (const std::exception& error) {
    std::cerr << "bundle_tool: " << error.what() << "\n";
    return 2;
  }
}
