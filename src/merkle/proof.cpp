#include "mlprov/merkle/proof.h"

#include "merkle/natural.h"
#include "mlprov/merkle/rfc6962.h"
#include "mlprov/support/error.h"
#include "mlprov/support/hex.h"

namespace mlprov {
namespace {

[[noreturn]] void refuse(const std::string& why) {
  throw Error(ErrorCode::kMalformed, "the proof's chain " + why);
}

[[noreturn]] void not_found(std::string_view path, const std::string& name) {
  throw Error(ErrorCode::kNotFound, "no proof for " + quote_name(path) + ": its part " +
                                        quote_name(name) +
                                        " is absent, withheld, or in a directory not at hand");
}

/// Where the next step of a proof must stand.
struct Place {
  Digest32 root{};
  std::uint64_t entries = 0;
};

bool stands_at(Algorithm algorithm, const Place& place, const ProofStep& step) {
  const Digest32 leaf = rfc6962::leaf_hash(algorithm, as_bytes(encode_entry(step.entry)));
  return rfc6962::root_from_inclusion(algorithm, leaf, step.index, place.entries, step.path) ==
         place.root;
}

Json hashes_to_json(const std::vector<Digest32>& hashes) {
  Json list = Json::array();
  for (const Digest32& hash : hashes) list.push_back(to_hex(hash));
  return list;
}

std::vector<Digest32> hashes_from_json(const Json& value) {
  if (!value.is_array()) refuse("has a `path` that is not an array");
  std::vector<Digest32> hashes;
  for (const Json& hash : value) {
    if (!hash.is_string()) refuse("has a `path` with something that is not a string");
    const std::optional<Digest32> digest = digest_from_hex(hash.get_ref<const std::string&>());
    if (!digest) refuse("has a `path` with something that is not 64 lower-case hex characters");
    hashes.push_back(*digest);
  }
  return hashes;
}

ProofStep step_from_json(const Json& value) {
  if (!value.is_object() || value.size() != 3 || !value.contains("entry") ||
      !value.contains("index") || !value.contains("path")) {
    refuse("has an element with other keys than `entry`, `index` and `path`");
  }
  const std::optional<std::uint64_t> index = natural_from_json(value["index"]);
  if (!index) refuse("has an `index` that is not a whole number from 0 to 2^53 - 1");
  return {entry_from_json(value["entry"]), *index, hashes_from_json(value["path"])};
}

}  // namespace

InclusionProof prove_inclusion(const MerkleTree& tree, std::string_view path) {
  InclusionProof proof;
  const Directory* directory = &tree.top();
  for (const std::string& name : split_path(path)) {
    const Entry* entry = directory == nullptr ? nullptr : directory->find(name);
    if (entry == nullptr) not_found(path, name);
    const std::uint64_t index = directory->index_of(name);
    proof.chain.push_back(
        {*entry, index, rfc6962::inclusion_path(tree.algorithm(), directory->leaves(), index)});
    directory = entry->kind == EntryKind::kTree ? tree.directory(entry->digest) : nullptr;
  }
  if (proof.chain.empty()) {
    throw Error(ErrorCode::kUsage, "the top of a tree needs no proof: name an entry below it");
  }
  return proof;
}

std::optional<ProvedEntry> check_inclusion(Algorithm algorithm, const Digest32& root,
                                           std::uint64_t entries, const InclusionProof& proof) {
  if (proof.chain.empty() || proof.chain.size() > kMaxTreeDepth) return std::nullopt;
  Place place{root, entries};
  std::vector<std::string> names;
  try {
    for (const ProofStep& step : proof.chain) {
      const bool is_last = &step == &proof.chain.back();
      if (!is_last && step.entry.kind != EntryKind::kTree) return std::nullopt;
      if (!stands_at(algorithm, place, step)) return std::nullopt;
      names.push_back(step.entry.name);
      place = {step.entry.digest, step.entry.entries};
    }
  } catch (const Error& error) {
    // An entry that nobody could have hashed shows nothing; anything else is no answer.
    if (error.code() != ErrorCode::kMalformed) throw;
    return std::nullopt;
  }
  return ProvedEntry{join_path(names), proof.chain.back().entry};
}

Json chain_to_json(const InclusionProof& proof) {
  Json chain = Json::array();
  for (const ProofStep& step : proof.chain) {
    chain.push_back({{"entry", entry_to_json(step.entry)},
                     {"index", step.index},
                     {"path", hashes_to_json(step.path)}});
  }
  return chain;
}

InclusionProof chain_from_json(const Json& value) {
  if (!value.is_array() || value.empty()) refuse("is not an array of at least one element");
  if (value.size() > kMaxTreeDepth) {
    throw Error(ErrorCode::kTooLarge,
                "the proof's chain has more than " + std::to_string(kMaxTreeDepth) + " elements");
  }
  InclusionProof proof;
  for (const Json& step : value) proof.chain.push_back(step_from_json(step));
  return proof;
}

}  // namespace mlprov
