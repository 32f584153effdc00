// The Keccak of our own, also where the factory prefers OpenSSL's.
#include "digest/keccak.h"

#include <gtest/gtest.h>

#include "digest/pattern.h"
#include "mlprov/digest/hasher.h"
#include "mlprov/support/hex.h"

namespace mlprov {
namespace {

std::string keccak(std::string_view text) {
  Keccak256 sponge;
  sponge.update(as_bytes(text));
  return to_hex(sponge.finish());
}

TEST(Keccak, PublishedVectors) {
  EXPECT_EQ(keccak(""), "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470");
  EXPECT_EQ(keccak("abc"), "4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45");
  // FIPS 202's message of 1600 bits, with the original padding.
  EXPECT_EQ(keccak(std::string(200, '\xa3')),
            "3a57666b048777f2c953dc4456f45a2588e1cb6f2da760122d530ac2ce607d4a");
}

TEST(Keccak, WithSha3PaddingIsOpenSslsSha3) {
  for (std::size_t size = 0; size < 700; ++size) {
    const Bytes bytes = testing::pattern(size);
    Keccak256 sponge(Keccak256::kSha3Padding);
    sponge.update(bytes);
    EXPECT_EQ(sponge.finish(), digest32(Algorithm::kSha3_256, bytes)) << size;
  }
}

TEST(Keccak, SplitsDoNotMatter) {
  const Bytes bytes = testing::pattern(600);
  const Digest32 whole = digest32(Algorithm::kKeccak256, bytes);
  Keccak256 sponge;
  for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
    sponge.update(ByteView(bytes).first(cut));
    sponge.update(ByteView(bytes).subspan(cut));
    EXPECT_EQ(sponge.finish(), whole) << cut;
  }
}

}  // namespace
}  // namespace mlprov
