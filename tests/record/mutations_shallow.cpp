#include <algorithm>
#include <stdexcept>

#include "mlprov/support/hex.h"
#include "record/mutations.h"

namespace mlprov::forge {
namespace {

Json& random_member(Json& map, Random& random) {
  if (map.empty()) throw std::out_of_range("empty");
  return *std::next(map.begin(), static_cast<std::ptrdiff_t>(random.below(map.size())));
}

/// Any value in the document, the deeper the rarer.
Json& random_node(Json& node, Random& random) {
  if (!node.is_structured() || node.empty() || random.percent(8)) return node;
  return random_node(random_member(node, random), random);
}

void remove_random_key(Json& node, Random& random) {
  if (!node.is_structured() || node.empty()) throw std::out_of_range("nothing to remove");
  if (node.is_array()) {
    node.erase(random.below(node.size()));
  } else {
    node.erase(std::next(node.begin(), static_cast<std::ptrdiff_t>(random.below(node.size()))));
  }
}

void shuffle_array(Json& node, Random& random) {
  if (!node.is_array() || node.size() < 2) throw std::out_of_range("no list");
  std::swap(node.at(random.below(node.size())), node.at(random.below(node.size())));
}

void twist_node(Forgery& forgery, Random& random) {
  Json& node = random_node(forgery.document(), random);
  switch (random.below(5)) {
    case 0:
      return remove_random_key(node, random);
    case 1:
      return shuffle_array(node, random);
    case 2:
      if (!node.is_object()) throw std::out_of_range("no object");
      node[random.percent(50) ? "extra" : "salt"] = "0";
      return;
    default:
      node = twisted(node, random);
  }
}

void twist_statements(Forgery& forgery, Random& random) {
  Json& list = forgery.document()["statements"];
  const std::size_t at = random.below(list.size());
  switch (random.below(5)) {
    case 0:
      list.erase(at);
      return;
    case 1:
      list.insert(list.begin() + static_cast<std::ptrdiff_t>(at), list.at(at));
      return;
    case 2:
      std::swap(list.at(at), list.at(random.below(list.size())));
      return;
    case 3:
      list.erase(list.size() - 1);
      return;
    default:
      std::swap(list.at(at)["envelope"], list.at(random.below(list.size()))["envelope"]);
  }
}

void twist_material(Forgery& forgery, Random& random) {
  Json& directories = forgery.document()["directories"];
  Json& objects = forgery.document()["objects"];
  switch (random.below(7)) {
    case 0:
      return remove_random_key(directories, random);
    case 1:
      return remove_random_key(objects, random);
    case 2:
      forgery.put(Json::array());
      return;
    case 3:
      forgery.put_bytes("flattering");
      return;
    case 4:
      std::swap(random_member(objects, random), random_member(objects, random));
      return;
    case 5: {
      Json& slots = random_member(directories, random);
      Json& slot = slots.at(random.below(slots.size()));
      slot = leaf_of(forgery.algorithm(), slot);
      return;
    }
    default: {
      Json& object = random_member(objects, random);
      const std::string form = object.begin().key();
      if (form == "base64") object = {{"text", object.at("base64")}};
      if (form == "text")
        object = {{"base64", to_base64(as_bytes(object.at("text").get<std::string>()))}};
      if (form == "json") object = {{"text", to_jcs(object.at("json"))}};
    }
  }
}

void twist_witnesses(Forgery& forgery, Random& random) {
  Json& statement = forgery.statement(random.below(forgery.statements()));
  switch (random.below(7)) {
    case 0:
      statement["cosignatures"] = Json::array();
      return;
    case 1:
      statement["receipts"].push_back(
          {{"driver", "bitcoin"}, {"name", "main"}, {"receipt", {{"x", random.below(9)}}}});
      return;
    case 2:
      statement["inclusion"] = nullptr;
      return;
    case 3:
      statement["inclusion"].at("index") = random.below(40);
      return;
    case 4:
      return remove_random_key(statement["inclusion"].at("path"), random);
    case 5:
      forgery.document()["log"] = nullptr;
      return;
    default:
      std::swap(statement.at("inclusion"),
                forgery.statement(random.below(forgery.statements())).at("inclusion"));
  }
}

std::string twisted_text(std::string text, Random& random) {
  static const std::vector<std::string> kTexts = {
      "", "before", "..", "a/b", "step-00000001", "2026-11-31T00:00:00Z", "0x"};
  switch (random.below(5)) {
    case 0:
      return random.pick(kTexts);
    case 1:
      return text + (random.percent(50) ? " " : "=");
    case 2:
      std::transform(text.begin(), text.end(), text.begin(),
                     [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
      return text;
    case 3:
      return text.substr(0, random.below(text.size() + 1));
    default:
      if (!text.empty())
        text[random.below(text.size())] = "0123456789abcdefghZ/%~"[random.below(22)];
      return text;
  }
}

}  // namespace

Json twisted(const Json& value, Random& random) {
  static const std::vector<Json> kOthers = {nullptr,
                                            true,
                                            false,
                                            0,
                                            -1,
                                            1.5,
                                            9007199254740991,
                                            9007199254740992,
                                            "0",
                                            "",
                                            Json::array(),
                                            Json::object(),
                                            Json::array({Json::array()}),
                                            {{"a", 1}}};
  if (random.percent(35)) return random.pick(kOthers);
  if (value.is_string()) return twisted_text(value.get<std::string>(), random);
  if (value.is_number_integer()) {
    return value.get<std::int64_t>() + static_cast<std::int64_t>(random.below(5)) - 2;
  }
  if (value.is_boolean()) return !value.get<bool>();
  return random.pick(kOthers);
}

void change_shallow(Forgery& forgery, Random& random) {
  switch (random.below(6)) {
    case 0:
      return twist_statements(forgery, random);
    case 1:
    case 2:
      return twist_material(forgery, random);
    case 3:
      return twist_witnesses(forgery, random);
    default:
      return twist_node(forgery, random);
  }
}

}  // namespace mlprov::forge
