#include "mlprov/support/bytes.h"

#include <openssl/crypto.h>

namespace mlprov {
namespace {

/// Number of continuation bytes, and the range of the first of them (Unicode table 3-7).
struct Utf8Lead {
  int trailing;
  std::uint8_t low;
  std::uint8_t high;
};

Utf8Lead classify_lead(std::uint8_t lead) {
  if (lead >= 0xC2 && lead <= 0xDF) return {1, 0x80, 0xBF};
  if (lead == 0xE0) return {2, 0xA0, 0xBF};
  if (lead == 0xED) return {2, 0x80, 0x9F};
  if (lead >= 0xE1 && lead <= 0xEF) return {2, 0x80, 0xBF};
  if (lead == 0xF0) return {3, 0x90, 0xBF};
  if (lead == 0xF4) return {3, 0x80, 0x8F};
  if (lead >= 0xF1 && lead <= 0xF3) return {3, 0x80, 0xBF};
  return {-1, 0, 0};
}

}  // namespace

std::size_t utf8_sequence_length(std::string_view text) noexcept {
  const ByteView bytes = as_bytes(text);
  if (bytes.empty()) return 0;
  if (bytes[0] < 0x80) return 1;
  const Utf8Lead lead = classify_lead(bytes[0]);
  if (lead.trailing < 0 || bytes.size() < static_cast<std::size_t>(lead.trailing) + 1) return 0;
  if (bytes[1] < lead.low || bytes[1] > lead.high) return 0;
  for (int i = 2; i <= lead.trailing; ++i) {
    if ((bytes[static_cast<std::size_t>(i)] & 0xC0) != 0x80) return 0;
  }
  return static_cast<std::size_t>(lead.trailing) + 1;
}

bool is_utf8(std::string_view text) noexcept {
  while (!text.empty()) {
    const std::size_t length = utf8_sequence_length(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

bool equal_constant_time(ByteView a, ByteView b) noexcept {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace mlprov
