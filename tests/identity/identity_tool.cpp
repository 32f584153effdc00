// Signs, recovers and opens with our code, driven by identity_interop.py. Keys are test keys.
//
//   identity_tool address KEY                    identity_tool dsse KEY < payload
//   identity_tool eip191 KEY < message           identity_tool dsse-signer < envelope
//   identity_tool eip191-signer SIG < message    identity_tool cosign KEY SHA256
//   identity_tool encrypt KEY PASSWORD           identity_tool cosigner SIG SHA256
//   identity_tool decrypt PASSWORD < keystore

#include <functional>
#include <iostream>
#include <iterator>
#include <map>
#include <vector>

#include "mlprov/identity/dsse.h"
#include "mlprov/identity/keystore.h"
#include "mlprov/identity/wallet.h"
#include "mlprov/support/error.h"
#include "mlprov/support/hex.h"

namespace {

using namespace mlprov;
using Arguments = std::vector<std::string>;

std::string input() { return {std::istreambuf_iterator<char>(std::cin), {}}; }

PrivateKey key_of(const std::string& hex) { return PrivateKey::from_bytes(from_hex(hex).value()); }

std::string signer_name(const Digest32& digest, const std::string& signature) {
  const auto signer = recover_signer(digest, normalize_wallet_signature(signature));
  return signer ? to_checksum_string(*signer) : "nobody";
}

const std::map<std::string, std::function<std::string(const Arguments&)>> kCommands = {
    {"address", [](const Arguments& a) { return to_checksum_string(key_of(a.at(0)).address()); }},
    {"dsse",
     [](const Arguments& a) { return dsse_to_json(dsse_sign(key_of(a.at(0)), input())).dump(); }},
    {"dsse-signer",
     [](const Arguments&) {
       return to_checksum_string(dsse_from_json(parse_json(input())).signer);
     }},
    {"eip191",
     [](const Arguments& a) {
       return signature_to_hex(key_of(a.at(0)).sign(eip191_digest(input())));
     }},
    {"eip191-signer",
     [](const Arguments& a) { return signer_name(eip191_digest(input()), a.at(0)); }},
    {"cosign",
     [](const Arguments& a) {
       return signature_to_hex(cosign(key_of(a.at(0)), digest_from_hex(a.at(1)).value()));
     }},
    {"cosigner",
     [](const Arguments& a) {
       const std::string text = cosign_text(digest_from_hex(a.at(1)).value());
       return signer_name(eip191_digest(text), a.at(0));
     }},
    {"encrypt",
     [](const Arguments& a) {
       return encrypt_keystore(key_of(a.at(0)), a.at(1), KeystoreCost::kLight);
     }},
    {"decrypt",
     [](const Arguments& a) { return to_hex(decrypt_keystore(input(), a.at(0)).secret()); }},
};

}  // namespace

int main(int argc, char** argv) {
  try {
    const Arguments arguments(argv + 1, argv + argc);
    const auto& command = kCommands.at(arguments.at(0));
    std::cout << command({arguments.begin() + 1, arguments.end()}) << '\n';
    return 0;
  } catch (const Error& error) {
    std::cerr << to_string(error.code()) << ": " << error.what() << '\n';
    return 1;
  } catch (const std::exception& error) {
    std::cerr << "usage: " << error.what() << '\n';
    return 2;
  }
}
