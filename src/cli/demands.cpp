#include "cli/demands.h"

#include <algorithm>

#include "cli/input.h"
#include "mlprov/support/error.h"
#include "mlprov/support/hex.h"

namespace mlprov::cli {
namespace {

constexpr std::uint64_t kMaxPolicyBytes = std::uint64_t{1} << 20;

VerifyPolicy read_policy(const std::string& file) {
  const std::string text = read_input(file, kMaxPolicyBytes);
  try {
    return VerifyPolicy::from_json(parse_json(text));
  } catch (const Error& error) {
    throw Error(ErrorCode::kConfig, file + ": " + error.what());
  }
}

Digest32 parse_root(std::string text) {
  // As printed beside an algorithm's name (`blake3:...`), or bare; hex in either case.
  if (const std::size_t colon = text.find(':'); colon != std::string::npos) {
    if (algorithm_from_name(text.substr(0, colon))) text.erase(0, colon + 1);
  }
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'F' ? static_cast<char>(c + 32) : c; });
  if (const auto root = digest_from_hex(text)) return *root;
  throw Error(ErrorCode::kUsage, "--root takes 64 hex characters");
}

void narrow_signers(const std::vector<std::string>& typed, VerifyPolicy& policy) {
  std::vector<Address> signers;
  for (const std::string& text : typed) {
    const Address address = parse_address(text);
    const auto& allowed = policy.signers;
    const bool is_allowed =
        allowed.empty() || std::find(allowed.begin(), allowed.end(), address) != allowed.end();
    if (is_allowed) signers.push_back(address);
  }
  if (signers.empty() && !typed.empty()) {
    throw Error(ErrorCode::kUsage, "--signer names nobody whom the policy accepts");
  }
  if (!signers.empty()) policy.signers = std::move(signers);
}

Json addresses_to_json(const std::vector<Address>& addresses) {
  Json list = Json::array();
  for (const Address& address : addresses) list.push_back(to_string(address));
  return list;
}

}  // namespace

void add_identity_options(CLI::App& verb, DemandOptions& demands) {
  add_texts(verb, {"--signer", "ADDRESS", "The author must be this (or one of several)"},
            demands.signers);
  add_text(verb, {"--root", "HEX", "The root must be this"}, demands.root);
}

void add_policy_options(CLI::App& verb, DemandOptions& demands) {
  add_text(verb, {"--policy", "FILE", "Demands as JSON: signers, co-signers, networks, freshness"},
           demands.policy_file);
  add_texts(verb, {"--network", "NAME", "Demand a checked receipt of it; local is the log"},
            demands.networks);
  add_flag(verb, {"--strict", "", "Every digest must be recomputed from bytes at hand"},
           demands.strict);
  add_flag(verb, {"--allow-unfinished", "", "Take a run that has no last statement"},
           demands.allow_unfinished);
}

VerifyPolicy make_policy(const DemandOptions& demands) {
  VerifyPolicy policy;
  if (!demands.policy_file.empty()) policy = read_policy(demands.policy_file);
  narrow_signers(demands.signers, policy);
  if (!demands.root.empty()) {
    const Digest32 root = parse_root(demands.root);
    if (policy.root && policy.root != root) {
      throw Error(ErrorCode::kUsage, "--root and the policy name two different roots");
    }
    policy.root = root;
  }
  policy.networks.insert(policy.networks.end(), demands.networks.begin(), demands.networks.end());
  policy.strict = policy.strict || demands.strict;
  policy.allow_unfinished = policy.allow_unfinished || demands.allow_unfinished;
  return policy;
}

Json demands_to_json(const VerifyPolicy& policy) {
  const auto or_null = [](bool is_there, const std::string& text) {
    return is_there ? Json(text) : Json();
  };
  Json networks = Json::array();
  for (const std::string& network : policy.networks) networks.push_back(json_text(network));
  return {{"allow_unfinished", policy.allow_unfinished},
          {"cosigners", addresses_to_json(policy.cosigners)},
          {"log", or_null(policy.log.has_value(), policy.log.value_or(""))},
          {"min_cosigners", policy.min_cosigners},
          {"networks", networks},
          {"not_before", or_null(policy.not_before.has_value(),
                                 format_utc(policy.not_before.value_or(UtcSeconds{})))},
          {"root", or_null(policy.root.has_value(), to_hex(policy.root.value_or(Digest32{})))},
          {"signers", addresses_to_json(policy.signers)},
          {"strict", policy.strict}};
}

}  // namespace mlprov::cli
