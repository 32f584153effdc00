#include "identity/scrypt.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <bit>
#include <vector>

#include "mlprov/support/error.h"
#include "mlprov/support/secret.h"

namespace mlprov::keystore {
namespace {

using Word = std::uint32_t;
constexpr std::size_t kSalsaWords = 16;
using SalsaBlock = std::array<Word, kSalsaWords>;

/// Words that are wiped when they go out of scope.
class SecretWords {
 public:
  explicit SecretWords(std::size_t size) : words_(size) {}
  ~SecretWords() {
    wipe({reinterpret_cast<std::uint8_t*>(words_.data()), words_.size() * sizeof(Word)});
  }
  SecretWords(const SecretWords&) = delete;
  SecretWords& operator=(const SecretWords&) = delete;

  std::span<Word> span() noexcept { return words_; }

 private:
  std::vector<Word> words_;
};

void quarter_round(Word& a, Word& b, Word& c, Word& d) {
  b ^= std::rotl(a + d, 7);
  c ^= std::rotl(b + a, 9);
  d ^= std::rotl(c + b, 13);
  a ^= std::rotl(d + c, 18);
}

/// Salsa20/8 (RFC 7914 section 3): four times the columns, then the rows.
void salsa20_8(SalsaBlock& block) {
  SalsaBlock x = block;
  for (int i = 0; i < 4; ++i) {
    quarter_round(x[0], x[4], x[8], x[12]);
    quarter_round(x[5], x[9], x[13], x[1]);
    quarter_round(x[10], x[14], x[2], x[6]);
    quarter_round(x[15], x[3], x[7], x[11]);
    quarter_round(x[0], x[1], x[2], x[3]);
    quarter_round(x[5], x[6], x[7], x[4]);
    quarter_round(x[10], x[11], x[8], x[9]);
    quarter_round(x[15], x[12], x[13], x[14]);
  }
  for (std::size_t i = 0; i < kSalsaWords; ++i) block[i] += x[i];
}

void xor_into(std::span<Word> target, std::span<const Word> other) {
  for (std::size_t i = 0; i < target.size(); ++i) target[i] ^= other[i];
}

/// scryptBlockMix (section 4): even results to the first half, odd ones to the second.
void block_mix(std::span<const Word> in, std::span<Word> out) {
  const std::size_t blocks = in.size() / kSalsaWords;
  SalsaBlock x;
  std::copy_n(in.end() - kSalsaWords, kSalsaWords, x.begin());
  for (std::size_t i = 0; i < blocks; ++i) {
    xor_into(x, in.subspan(i * kSalsaWords, kSalsaWords));
    salsa20_8(x);
    const std::size_t place = i / 2 + i % 2 * (blocks / 2);
    std::copy(x.begin(), x.end(), out.begin() + static_cast<std::ptrdiff_t>(place * kSalsaWords));
  }
}

/// Integerify modulo n (section 5): the low word pair of the last block; n is a power of two.
std::uint64_t integerify(std::span<const Word> block, std::uint64_t n) {
  const std::span<const Word> last = block.last(kSalsaWords);
  return (std::uint64_t{last[1]} << 32 | last[0]) & (n - 1);
}

/// scryptROMix (section 5). `table` has room for n blocks, `spare` for one.
void ro_mix(std::span<Word> block, std::span<Word> table, std::span<Word> spare, std::uint64_t n) {
  const std::size_t size = block.size();
  for (std::uint64_t i = 0; i < n; ++i) {
    std::copy(block.begin(), block.end(), table.subspan(i * size, size).begin());
    block_mix(table.subspan(i * size, size), block);
  }
  for (std::uint64_t i = 0; i < n; ++i) {
    xor_into(block, table.subspan(integerify(block, n) * size, size));
    block_mix(block, spare);
    std::copy(spare.begin(), spare.end(), block.begin());
  }
}

void pbkdf2_once(std::string_view password, ByteView salt, std::span<std::uint8_t> out) {
  if (PKCS5_PBKDF2_HMAC(password.data(), static_cast<int>(password.size()), salt.data(),
                        static_cast<int>(salt.size()), 1, EVP_sha256(),
                        static_cast<int>(out.size()), out.data()) != 1) {
    throw Error(ErrorCode::kCrypto, "keystore: OpenSSL could not run PBKDF2");
  }
}

void load(std::span<const std::uint8_t> bytes, std::span<Word> words) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    const auto four = bytes.subspan(4 * i, 4);
    words[i] = Word{four[0]} | Word{four[1]} << 8 | Word{four[2]} << 16 | Word{four[3]} << 24;
  }
}

void store(std::span<const Word> words, std::span<std::uint8_t> bytes) {
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    bytes[i] = static_cast<std::uint8_t>(words[i / 4] >> 8 * (i % 4));
  }
}

}  // namespace

void scrypt(std::string_view password, ByteView salt, std::uint64_t n, std::uint64_t r,
            std::uint64_t p, std::span<std::uint8_t> out) {
  const std::size_t words = 32 * r;
  SecretBytes expanded(p * words * sizeof(Word));
  pbkdf2_once(password, salt, expanded.span());
  SecretWords block(words);
  SecretWords spare(words);
  SecretWords table(n * words);
  for (std::uint64_t lane = 0; lane < p; ++lane) {
    const auto bytes = expanded.span().subspan(lane * words * sizeof(Word), words * sizeof(Word));
    load(bytes, block.span());
    ro_mix(block.span(), table.span(), spare.span(), n);
    store(block.span(), bytes);
  }
  pbkdf2_once(password, expanded.view(), out);
}

}  // namespace mlprov::keystore
