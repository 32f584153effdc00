#include "forger/kit.h"

#include <algorithm>
#include <memory>
#include <set>
#include <stdexcept>

#include "mlprov/digest/hasher.h"
#include "mlprov/identity/wallet.h"
#include "mlprov/log/checkpoint.h"
#include "mlprov/merkle/name.h"
#include "mlprov/merkle/rfc6962.h"
#include "mlprov/support/hex.h"

namespace mlprov::forge {
namespace {

constexpr std::string_view kDigestPrefix = "mlprov-tree-v1-";

/// SHA-256 of a label and a number: all the randomness that fixed runs have.
Digest32 noise(std::string_view label, std::uint64_t seed, std::uint64_t number) {
  const std::string text =
      std::string(label) + "/" + std::to_string(seed) + "/" + std::to_string(number);
  return digest32(Algorithm::kSha256, as_bytes(text));
}

bool is_salted(const Json& slots) {
  return std::any_of(slots.begin(), slots.end(), [](const Json& slot) {
    return slot.is_string() || slot.contains("salt") || slot.contains("salted");
  });
}

Digest32 leaf_digest(Algorithm algorithm, const Json& slot) {
  const auto withheld = slot.is_string() ? digest_from_hex(slot.get<std::string>()) : std::nullopt;
  if (withheld) return *withheld;
  return rfc6962::leaf_hash(algorithm, as_bytes(to_jcs(slot)));
}

std::string name_of(const Json& slot) {
  return slot.is_object() ? slot.value("name", std::string()) : std::string();
}

}  // namespace

PrivateKey key_of(std::uint8_t byte) { return PrivateKey::from_bytes(Bytes(32, byte)); }

NoteSigner log_key_of(std::uint8_t byte, std::string name) {
  Ed25519Key key = Ed25519Key::from_seed(Bytes(32, byte));
  NoteVerifier verifier = NoteVerifier::from_key(std::move(name), key.public_key());
  return {std::move(verifier), std::move(key)};
}

RunEnvironment fixed_environment(std::uint64_t seed) {
  auto calls = std::make_shared<std::uint64_t>(0);
  auto salts = std::make_shared<std::uint64_t>(0);
  RunEnvironment environment;
  environment.now = [calls] {
    return parse_utc("2026-11-21T00:00:00Z").value() + std::chrono::minutes((*calls)++);
  };
  environment.salt = [seed, salts] {
    const Digest32 bytes = noise("salt", seed, (*salts)++);
    Salt salt;
    std::copy_n(bytes.begin(), salt.size(), salt.begin());
    return salt;
  };
  return environment;
}

std::string run_id_of(std::uint64_t seed) { return to_hex(noise("run", seed, 0)).substr(0, 32); }

void include_in_log(Bundle& bundle, const NoteSigner& signer, std::uint64_t foreign,
                    const std::function<bool(std::size_t)>& skip, const NoteSigner* witness) {
  std::vector<Digest32> leaves;
  std::uint64_t strangers = 0;
  const auto add_strangers = [&](std::uint64_t count) {
    for (; count > 0; --count) leaves.push_back(noise("leaf", foreign, strangers++));
  };
  add_strangers(foreign);
  std::vector<std::pair<std::size_t, std::uint64_t>> places;
  for (std::size_t i = 0; i < bundle.statements.size(); ++i) {
    if (skip && skip(i)) continue;
    places.emplace_back(i, leaves.size());
    leaves.push_back(rfc6962::leaf_hash(Algorithm::kSha256, bundle.statements[i].id()));
    add_strangers(foreign == 0 ? 0 : i % 3);
  }
  if (places.empty()) return;
  for (const auto& [statement, index] : places) {
    bundle.statements[statement].inclusion =
        LogInclusion{index, rfc6962::inclusion_path(Algorithm::kSha256, leaves, index)};
  }
  Checkpoint checkpoint;
  checkpoint.origin = signer.verifier.name;
  checkpoint.size = leaves.size();
  checkpoint.root = rfc6962::root(Algorithm::kSha256, leaves);
  Note note = sign_note(checkpoint.to_string(), signer);
  if (witness != nullptr) {
    note.signatures.push_back(sign_note(note.text, *witness).signatures.front());
  }
  bundle.log = BundleLog{note.to_string(), signer.verifier.to_string()};
}

void add_cosignature(SignedStatement& statement, const PrivateKey& key) {
  auto& list = statement.cosignatures;
  list.push_back({key.address(), cosign(key, statement.id())});
  std::sort(list.begin(), list.end(),
            [](const Cosignature& a, const Cosignature& b) { return a.address < b.address; });
}

Json& slot_named(Json& slots, std::string_view name) {
  for (Json& slot : slots) {
    if (name_of(slot) == name) return slot;
  }
  throw std::out_of_range("no slot named " + std::string(name));
}

void insert_slot(Json& slots, Json entry) {
  auto& list = slots.get_ref<Json::array_t&>();
  auto at = list.begin();
  for (auto it = list.begin(); it != list.end(); ++it) {
    if (it->is_object() && name_of(*it) < name_of(entry)) at = it + 1;
  }
  list.insert(at, std::move(entry));
}

void remove_slot(Json& slots, std::string_view name) {
  auto& list = slots.get_ref<Json::array_t&>();
  list.erase(std::remove_if(list.begin(), list.end(),
                            [&](const Json& slot) { return name_of(slot) == name; }),
             list.end());
}

std::string leaf_of(Algorithm algorithm, const Json& entry) {
  return to_hex(leaf_digest(algorithm, entry));
}

Forgery::Forgery(std::string_view text) : document_(parse_json(text)) {}

std::size_t Forgery::find(std::string_view path) const {
  for (std::size_t i = 0; i < statements(); ++i) {
    if (payload(i).at("predicate").at("path") == path) return i;
  }
  throw std::out_of_range("no statement with path " + std::string(path));
}

Algorithm Forgery::algorithm() const {
  const std::string key = payload(0).at("subject").at(0).at("digest").begin().key();
  return algorithm_from_name(key.substr(kDigestPrefix.size())).value();
}

Json Forgery::payload(std::size_t index) const {
  const std::string base64 =
      document_.at("statements").at(index).at("envelope").at("payload").get<std::string>();
  return parse_json(as_text(from_base64(base64).value()));
}

void Forgery::keep_signature(std::size_t index, std::string_view payload) {
  statement(index)["envelope"]["payload"] = to_base64(as_bytes(payload));
}

void Forgery::sign_bytes(std::size_t index, std::string_view payload, const PrivateKey& key) {
  statement(index)["envelope"] = dsse_to_json(dsse_sign(key, std::string(payload)));
}

void Forgery::sign(std::size_t index, const Json& payload, const PrivateKey& key) {
  sign_bytes(index, to_jcs(payload), key);
}

void Forgery::resign(const PrivateKey& key, bool claim) {
  Json previous = nullptr;
  for (std::size_t i = 0; i < statements(); ++i) {
    Json changed = payload(i);
    changed["predicate"]["previous"] = previous;
    if (claim) changed["predicate"]["author"] = to_string(key.address());
    sign(i, changed, key);
    statement(i)["cosignatures"] = Json::array();
    statement(i)["inclusion"] = nullptr;
    previous = to_hex(statement_id(to_jcs(changed)));
  }
  document_["log"] = nullptr;
}

const Json& Forgery::slots(const std::string& root) const {
  return document_.at("directories").at(root);
}

std::string Forgery::put(const Json& slots) {
  std::vector<Digest32> leaves;
  for (const Json& slot : slots) leaves.push_back(leaf_digest(algorithm(), slot));
  const std::string root = to_hex(rfc6962::root(algorithm(), leaves));
  document_["directories"][root] = slots;
  return root;
}

Json Forgery::tree_entry(const std::string& name, const std::string& root) const {
  Json entry = {
      {"digest", root}, {"entries", slots(root).size()}, {"kind", "tree"}, {"name", name}};
  if (is_salted(slots(root))) entry["salted"] = true;
  return entry;
}

std::string Forgery::put_json(const Json& value) {
  const std::string digest = to_hex(digest32(algorithm(), as_bytes(to_jcs(value))));
  document_["objects"][digest] = {{"json", value}};
  return digest;
}

std::string Forgery::put_bytes(std::string_view content) {
  const std::string digest = to_hex(digest32(algorithm(), as_bytes(content)));
  document_["objects"][digest] = {{"base64", to_base64(as_bytes(content))}};
  return digest;
}

std::string Forgery::rewrite(const std::string& root, const std::vector<std::string>& names,
                             std::size_t depth, const Edit& change) {
  Json changed = slots(root);
  if (depth == names.size()) {
    change(changed);
    return put(changed);
  }
  Json& entry = slot_named(changed, names[depth]);
  const std::string below =
      rewrite(entry.at("digest").get<std::string>(), names, depth + 1, change);
  Json replacement = tree_entry(names[depth], below);
  if (entry.contains("salt")) replacement["salt"] = entry["salt"];
  entry = std::move(replacement);
  return put(changed);
}

void Forgery::set_root(std::size_t index, const std::string& root) {
  Json changed = payload(index);
  changed["subject"][0]["digest"].begin().value() = root;
  changed["predicate"]["entries"] = slots(root).size();
  keep_signature(index, to_jcs(changed));
}

void Forgery::edit(std::size_t index, std::string_view path, const Edit& change) {
  const std::string root = root_at(index, "");
  set_root(index, rewrite(root, split_path(path), 0, change));
}

void Forgery::edit_run(std::string_view path, const Edit& change) {
  for (std::size_t i = 0; i < statements(); ++i) {
    const std::string own = payload(i).at("predicate").at("path").get<std::string>();
    std::string_view rest = path;
    if (!own.empty()) {
      if (!path.starts_with(own)) continue;
      rest.remove_prefix(std::min(own.size() + 1, rest.size()));
    }
    if (!root_at(i, rest).empty()) edit(i, rest, change);
  }
}

std::string Forgery::root_at(std::size_t index, std::string_view path) const {
  std::string root =
      payload(index).at("subject").at(0).at("digest").begin().value().get<std::string>();
  for (const std::string& name : split_path(path)) {
    if (!document_.at("directories").contains(root)) return "";
    std::string below;
    for (const Json& slot : slots(root)) {
      if (name_of(slot) == name && slot.at("kind") == "tree") below = slot.at("digest");
    }
    if (below.empty()) return "";
    root = below;
  }
  return document_.at("directories").contains(root) ? root : "";
}

void Forgery::prune() {
  std::set<std::string> directories;
  std::set<std::string> objects;
  std::vector<std::string> open;
  for (std::size_t i = 0; i < statements(); ++i) open.push_back(root_at(i, ""));
  while (!open.empty()) {
    const std::string root = open.back();
    open.pop_back();
    if (!document_["directories"].contains(root) || !directories.insert(root).second) continue;
    for (const Json& slot : slots(root)) {
      if (!slot.is_object()) continue;
      const std::string digest = slot.value("digest", std::string());
      if (slot.value("kind", std::string()) == "tree") {
        open.push_back(digest);
      } else {
        objects.insert(digest);
      }
    }
  }
  const auto keep = [](Json& map, const std::set<std::string>& wanted) {
    auto& members = map.get_ref<Json::object_t&>();
    std::erase_if(members, [&](const auto& member) { return !wanted.contains(member.first); });
  };
  keep(document_["directories"], directories);
  keep(document_["objects"], objects);
}

}  // namespace mlprov::forge
