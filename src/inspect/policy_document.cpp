#include <algorithm>
#include <initializer_list>

#include "mlprov/inspect/verify.h"
#include "mlprov/log/note.h"
#include "mlprov/support/error.h"
#include "mlprov/support/hex.h"

namespace mlprov {
namespace {

[[noreturn]] void refuse(const std::string& key, const std::string& why) {
  throw Error(ErrorCode::kConfig, "policy: '" + key + "' " + why);
}

void close_keys(const Json& object, const std::string& what,
                std::initializer_list<const char*> known) {
  if (!object.is_object())
    throw Error(ErrorCode::kConfig, "policy: " + what + " must be an object");
  for (const auto& [key, value] : object.items()) {
    const bool is_known = std::any_of(known.begin(), known.end(),
                                      [&name = key](const char* each) { return name == each; });
    if (!is_known) refuse(key, "is not a key of " + what);
  }
}

const std::string& text(const Json& value, const std::string& key) {
  if (!value.is_string()) refuse(key, "must be a string");
  return value.get_ref<const std::string&>();
}

bool flag(const Json& value, const std::string& key) {
  if (!value.is_boolean()) refuse(key, "must be true or false");
  return value.get<bool>();
}

template <typename Read>
auto list(const Json& value, const std::string& key, Read read) {
  if (!value.is_array()) refuse(key, "must be an array");
  std::vector<decltype(read(value))> result;
  for (const Json& element : value) result.push_back(read(element));
  return result;
}

/// An empty list would read as "anybody" where its author meant "nobody": it is refused.
std::vector<Address> addresses(const Json& value, const std::string& key) {
  if (value.is_array() && value.empty()) refuse(key, "must not be empty");
  return list(value, key, [&](const Json& each) {
    try {
      return parse_address(text(each, key));
    } catch (const Error& error) {
      refuse(key, std::string("holds no address: ") + error.what());
    }
  });
}

void read_cosigners(const Json& value, VerifyPolicy& policy) {
  close_keys(value, "'cosigners'", {"addresses", "min"});
  if (!value.contains("addresses") || !value.contains("min")) {
    refuse("cosigners", "needs 'addresses' and 'min'");
  }
  policy.cosigners = addresses(value.at("addresses"), "cosigners/addresses");
  const Json& min = value.at("min");
  if (!min.is_number_integer() || min.get<std::int64_t>() < 1) {
    refuse("cosigners/min", "must be an integer from 1");
  }
  policy.min_cosigners = min.get<std::uint64_t>();
  if (policy.min_cosigners > policy.cosigners.size()) {
    refuse("cosigners/min", "is more than there are addresses");
  }
}

Digest32 read_root(const Json& value) {
  const auto digest = digest_from_hex(text(value, "root"));
  if (!digest) refuse("root", "must be 64 lower-case hex characters");
  return *digest;
}

UtcSeconds read_time(const Json& value) {
  const auto parsed = parse_utc(text(value, "not_before"));
  if (!parsed) refuse("not_before", "must be of the form 2026-11-21T00:00:00Z");
  return *parsed;
}

std::string read_vkey(const Json& value) {
  try {
    return NoteVerifier::parse(text(value, "log")).to_string();
  } catch (const Error& error) {
    refuse("log", std::string("is no verifier key: ") + error.what());
  }
}

}  // namespace

VerifyPolicy VerifyPolicy::from_json(const Json& document) {
  close_keys(document, "a policy",
             {"allow_unfinished", "cosigners", "log", "networks", "not_before", "root", "signers",
              "strict"});
  VerifyPolicy policy;
  for (const auto& [key, value] : document.items()) {
    if (key == "allow_unfinished") policy.allow_unfinished = flag(value, key);
    if (key == "cosigners") read_cosigners(value, policy);
    if (key == "log") policy.log = read_vkey(value);
    if (key == "networks") {
      policy.networks = list(value, key, [&](const Json& each) { return text(each, "networks"); });
    }
    if (key == "not_before") policy.not_before = read_time(value);
    if (key == "root") policy.root = read_root(value);
    if (key == "signers") policy.signers = addresses(value, key);
    if (key == "strict") policy.strict = flag(value, key);
  }
  return policy;
}

}  // namespace mlprov
