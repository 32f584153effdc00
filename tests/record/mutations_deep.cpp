#include <algorithm>
#include <optional>
#include <set>
#include <stdexcept>

#include "mlprov/digest/hasher.h"
#include "mlprov/merkle/name.h"
#include "mlprov/support/hex.h"
#include "record/mutations.h"
#include "record/random_bundle.h"

namespace mlprov::forge {
namespace {

/// The author's key, which random bundles have from a small set.
PrivateKey author_key(const Forgery& forgery) {
  const std::string author = forgery.payload(0).at("predicate").at("author");
  for (unsigned i = 0; i < kAuthors; ++i) {
    PrivateKey key = key_of(static_cast<std::uint8_t>(kFirstAuthor + i));
    if (to_string(key.address()) == author) return key;
  }
  return key_of(kFirstAuthor);
}

/// A directory somewhere below a statement: its path there.
std::string random_folder(const Forgery& forgery, std::size_t statement, Random& random) {
  std::vector<std::string> names;
  while (random.percent(names.empty() ? 85 : 65)) {
    const std::string root = forgery.root_at(statement, join_path(names));
    std::vector<std::string> below;
    for (const Json& slot : forgery.slots(root)) {
      if (!slot.is_object() || slot.at("kind") != "tree") continue;
      names.push_back(slot.at("name"));
      if (!forgery.root_at(statement, join_path(names)).empty()) below.push_back(names.back());
      names.pop_back();
    }
    if (below.empty()) break;
    names.push_back(random.pick(below));
  }
  return join_path(names);
}

Json& random_slot(Json& slots, Random& random) { return slots.at(random.below(slots.size())); }

const std::vector<std::string> kBadNames = {
    "circumstances", "command", "epoch-00000002", "epoch-1", "..", "a/b",    "%41", "",
    "run",           "before",  "\x7f",           "%2E",     "~2", "%C3%A4", "~",   "caf\xc3\xa9"};

Json new_entry(Forgery& forgery, Random& random) {
  const std::string name = random.percent(70) ? random.pick(kBadNames) : "new";
  switch (random.below(5)) {
    case 0:
      return forgery.tree_entry(name, forgery.put(Json::array()));
    case 1: {
      Json inner = Json::array();
      inner.push_back(
          {{"digest", forgery.put_bytes("x")}, {"kind", "file"}, {"name", "x"}, {"size", 1}});
      return forgery.tree_entry(name, forgery.put(inner));
    }
    case 2:
      return {{"digest", std::string(64, 'a')}, {"entries", 3}, {"kind", "tree"}, {"name", name}};
    case 3:
      return {
          {"digest", forgery.put_json({{"a", 1}})}, {"kind", "json"}, {"name", name}, {"size", 7}};
    default:
      return {{"digest", std::string(64, 'b')}, {"kind", "file"}, {"name", name}, {"size", 5}};
  }
}

void twist_entry(Json& entry, Random& random) {
  static const std::vector<std::string> kKinds = {"json", "file", "text", "tensor", "tree", "link"};
  const auto at = [&](const char* key) -> Json& {
    if (!entry.is_object() || !entry.contains(key)) throw std::out_of_range(key);
    return entry[key];
  };
  switch (random.below(9)) {
    case 0:
      at("name") = random.pick(kBadNames);
      return;
    case 1:
      at("kind") = random.pick(kKinds);
      return;
    case 2:
      at("size") = random.below(10);
      return;
    case 3:
      at("entries") = random.below(10);
      return;
    case 4:
      if (entry.contains("salted")) {
        entry.erase("salted");
      } else {
        at("entries");
        entry["salted"] = true;
      }
      return;
    case 5:
      at("digest") = std::string(64, 'c');
      return;
    case 6:
      if (entry.contains("salt") && random.percent(50)) {
        entry.erase("salt");
      } else {
        entry["salt"] = std::string(32, "0f"[random.below(2)]);
      }
      return;
    case 7:
      at("shape") = Json::array({random.below(3), 9007199254740991});
      return;
    default: {
      const std::size_t pick = random.below(entry.size());
      Json& value = *std::next(entry.begin(), static_cast<std::ptrdiff_t>(pick));
      value = twisted(value, random);
    }
  }
}

/// Changes the slots of one directory.
void twist_slots(Forgery& forgery, Json& slots, Random& random) {
  switch (random.below(6)) {
    case 0:
      slots.erase(random.below(slots.size()));
      return;
    case 1:
      return insert_slot(slots, new_entry(forgery, random));
    case 2: {
      Json& slot = random_slot(slots, random);
      slot = leaf_of(forgery.algorithm(), slot);
      return;
    }
    case 3:
      if (slots.size() < 2) throw std::out_of_range("nothing to swap");
      std::swap(random_slot(slots, random), random_slot(slots, random));
      return;
    default:
      twist_entry(random_slot(slots, random), random);
  }
}

std::string run_path(const Forgery& forgery, std::size_t statement, const std::string& folder) {
  const std::string own = forgery.payload(statement).at("predicate").at("path");
  if (own.empty() || folder.empty()) return own + folder;
  return own + "/" + folder;
}

void twist_tree(Forgery& forgery, Random& random) {
  const std::size_t statement = random.below(forgery.statements());
  const std::string folder = random_folder(forgery, statement, random);
  const std::uint64_t seed = random.below(~std::uint64_t{0});
  const auto change = [&](Json& slots) {
    Random same(seed);
    twist_slots(forgery, slots, same);
  };
  if (random.percent(60)) {
    forgery.edit_run(run_path(forgery, statement, folder), change);
  } else {
    forgery.edit(statement, folder, change);
  }
}

void twist_payload(Forgery& forgery, Random& random) {
  const std::size_t index = random.below(forgery.statements());
  Json payload = forgery.payload(index);
  Json& predicate = payload["predicate"];
  static const std::vector<std::string> kPhases = {"before", "epoch", "after", "step", "later"};
  switch (random.below(8)) {
    case 0:
      predicate["phase"] = random.pick(kPhases);
      break;
    case 1:
      predicate["path"] = forgery.payload(random.below(forgery.statements()))["predicate"]["path"];
      break;
    case 2:
      predicate["entries"] = random.below(9);
      break;
    case 3:
      predicate["run"] = std::string(32, 'd');
      if (random.percent(70)) payload["subject"][0]["name"] = std::string(32, 'd');
      break;
    case 4: {
      const std::string root = payload["subject"][0]["digest"].begin().value();
      static const std::vector<std::string> kOther = {"sha256", "blake3", "sha3-256", "sha512"};
      payload["subject"][0]["digest"] = {{"mlprov-tree-v1-" + random.pick(kOther), root}};
      break;
    }
    case 5:
      predicate["time"] = "2020-02-29T23:59:59Z";
      break;
    case 6:
      predicate["log"] = random.percent(50) ? Json(log_key_of(0x51).verifier.to_string())
                                            : Json("example.org+00000000+AAAA");
      break;
    default: {
      Json& where = random.percent(70) ? predicate : payload;
      const std::size_t pick = random.below(where.size());
      Json& value = *std::next(where.begin(), static_cast<std::ptrdiff_t>(pick));
      value = twisted(value, random);
    }
  }
  forgery.keep_signature(index, payload.dump());
}

void twist_object(Forgery& forgery, Random& random) {
  // The content of `circumstances/run`, which ties a tree to its author.
  const std::size_t index = random.below(forgery.statements());
  const std::string own = forgery.payload(index)["predicate"]["path"];
  const std::string folder = own.empty() ? "before/circumstances" : "circumstances";
  const Json mark = {{"algorithm", to_string(forgery.algorithm())},
                     {"author", to_string(key_of(0x7f).address())},
                     {"run", std::string(32, 'e')}};
  const std::string digest = forgery.put_json(mark);
  forgery.edit_run(run_path(forgery, index, folder), [&](Json& slots) {
    Json& slot = slot_named(slots, "run");
    slot["digest"] = digest;
    if (random.percent(80)) slot["size"] = to_jcs(mark).size();
  });
}

/// Statements move, vanish or double, and the chain is made anew.
void twist_chain(Forgery& forgery, Random& random) {
  Json& list = forgery.document()["statements"];
  const std::size_t at = random.below(list.size());
  if (random.percent(40)) {
    list.erase(at);
    if (list.empty()) throw std::out_of_range("no statement is left");
  } else if (random.percent(50)) {
    std::swap(list.at(at), list.at(random.below(list.size())));
  } else {
    list.insert(list.begin() + static_cast<std::ptrdiff_t>(at), list.at(at));
  }
}

/// The statements' log made anew, sometimes by somebody else.
void log_again(Forgery& forgery, Random& random) {
  const Json named = forgery.payload(0).at("predicate").at("log");
  if (!named.is_string()) return;
  std::optional<NoteSigner> signer;
  for (std::uint8_t byte = 0x51; byte < 0x53; ++byte) {
    if (log_key_of(byte).verifier.to_string() == named) signer = log_key_of(byte);
  }
  if (!signer || random.percent(15)) signer = log_key_of(0x59);
  Bundle bundle;
  for (std::size_t i = 0; i < forgery.statements(); ++i) {
    SignedStatement statement;
    const std::string base64 = forgery.statement(i)["envelope"]["payload"];
    statement.envelope.payload = as_text(from_base64(base64).value());
    bundle.statements.push_back(std::move(statement));
  }
  include_in_log(bundle, *signer, random.below(5));
  for (std::size_t i = 0; i < forgery.statements(); ++i) {
    Json path = Json::array();
    const LogInclusion& inclusion = *bundle.statements[i].inclusion;
    for (const Digest32& node : inclusion.path) path.push_back(to_hex(node));
    forgery.statement(i)["inclusion"] = {{"index", inclusion.index}, {"path", path}};
  }
  forgery.document()["log"] = {{"checkpoint", bundle.log->checkpoint}, {"vkey", bundle.log->vkey}};
}

void change_content(Forgery& forgery, Random& random) {
  switch (random.below(8)) {
    case 0:
    case 1:
      return twist_payload(forgery, random);
    case 2:
      return twist_object(forgery, random);
    case 3:
      return twist_chain(forgery, random);
    default:
      return twist_tree(forgery, random);
  }
}

}  // namespace

void change_deep(Forgery& forgery, Random& random) {
  const PrivateKey author = author_key(forgery);
  const std::uint64_t changes = random.percent(85) ? 1 : 2;
  for (std::uint64_t i = 0; i < changes; ++i) change_content(forgery, random);
  if (random.percent(10)) {
    forgery.resign(key_of(0x7f), random.percent(50));
  } else if (random.percent(93)) {
    forgery.resign(author);
    if (random.percent(50)) log_again(forgery, random);
  }
  if (random.percent(90)) forgery.prune();
}

}  // namespace mlprov::forge
