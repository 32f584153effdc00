#include <algorithm>

#include "mlprov/digest/hasher.h"
#include "mlprov/identity/key.h"
#include "mlprov/merkle/name.h"
#include "mlprov/support/error.h"
#include "mlprov/support/hex.h"

namespace mlprov {
namespace {

constexpr std::size_t kTextSize = 42;

char to_lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }

}  // namespace

std::string to_string(const Address& address) { return "0x" + to_hex(address.bytes); }

std::string to_checksum_string(const Address& address) {
  std::string hex = to_hex(address.bytes);
  const Digest32 digest = digest32(Algorithm::kKeccak256, as_bytes(hex));
  for (std::size_t i = 0; i < hex.size(); ++i) {
    const int nibble = i % 2 == 0 ? digest[i / 2] >> 4 : digest[i / 2] & 15;
    if (nibble >= 8 && is_lower(hex[i])) hex[i] = static_cast<char>(hex[i] - 'a' + 'A');
  }
  return "0x" + hex;
}

std::optional<Address> address_from_canonical(std::string_view text) {
  if (text.size() != kTextSize || !text.starts_with("0x")) return std::nullopt;
  const auto bytes = from_hex(text.substr(2));
  if (!bytes) return std::nullopt;
  Address address;
  std::copy(bytes->begin(), bytes->end(), address.bytes.begin());
  return address;
}

Address parse_address(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(), to_lower);
  const auto address = address_from_canonical(lower);
  if (!address || text[1] != 'x') {
    throw Error(ErrorCode::kUsage,
                "an address is 0x and 40 hex characters; " + quote_name(text) + " is not");
  }
  const std::string_view hex = text.substr(2);
  const bool mixed = std::any_of(hex.begin(), hex.end(), is_upper) &&
                     std::any_of(hex.begin(), hex.end(), is_lower);
  if (mixed && text != to_checksum_string(*address)) {
    throw Error(ErrorCode::kUsage, "the EIP-55 checksum of address " + quote_name(text) +
                                       " is wrong: a character was mistyped, or write it all "
                                       "in lower case");
  }
  return *address;
}

}  // namespace mlprov
