#include "mlprov/identity/ed25519.h"

#include <gtest/gtest.h>

#include "identity/error_name.h"
#include "mlprov/support/hex.h"

namespace mlprov {
namespace {

using testing::error_name;

struct Vector {
  const char* seed;
  const char* key;
  const char* message;
  const char* signature;
};

// RFC 8032 section 7.1, tests 1 to 3.
constexpr Vector kVectors[] = {
    {"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
     "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9"
     "b46bd25bf5f0595bbe24655141438e7a100b"},
    {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
     "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f1"
     "1d8c387b2eaeb4302aeeb00d291612bb0c00"},
    {"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
     "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984d"
     "c6594a7c15e9716ed28dc027beceea1ec40a"}};

Ed25519Key key_of(const Vector& vector) { return Ed25519Key::from_seed(*from_hex(vector.seed)); }

TEST(Ed25519, SignsAsRfc8032Shows) {
  for (const Vector& vector : kVectors) {
    const Ed25519Key key = key_of(vector);
    EXPECT_EQ(to_hex(key.public_key()), vector.key);
    EXPECT_EQ(to_hex(key.seed()), vector.seed);
    const Bytes message = *from_hex(vector.message);
    EXPECT_EQ(to_hex(key.sign(message)), vector.signature);
    EXPECT_TRUE(ed25519_verify(key.public_key(), message, key.sign(message)));
  }
}

TEST(Ed25519, NoFlippedBitHolds) {
  const Ed25519Key key = key_of(kVectors[2]);
  const Bytes message = *from_hex(kVectors[2].message);
  const Ed25519Signature good = key.sign(message);
  for (std::size_t bit = 0; bit < 8 * good.size(); ++bit) {
    Ed25519Signature other = good;
    other[bit / 8] ^= static_cast<std::uint8_t>(1 << bit % 8);
    EXPECT_FALSE(ed25519_verify(key.public_key(), message, other)) << "signature bit " << bit;
  }
  for (std::size_t bit = 0; bit < 256; ++bit) {
    Ed25519PublicKey other = key.public_key();
    other[bit / 8] ^= static_cast<std::uint8_t>(1 << bit % 8);
    EXPECT_FALSE(ed25519_verify(other, message, good)) << "key bit " << bit;
  }
  EXPECT_FALSE(ed25519_verify(key.public_key(), as_bytes("other"), good));
}

TEST(Ed25519, RefusesTheSecondSpellingOfASignature) {
  // s + L, L the group's order: the equation holds, RFC 8032 demands s < L.
  const Bytes order = *from_hex("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
  const Ed25519Key key = key_of(kVectors[0]);
  Ed25519Signature other = key.sign({});
  unsigned carry = 0;
  for (std::size_t i = 0; i < 32; ++i) {
    carry += other[32 + i] + order[i];
    other[32 + i] = static_cast<std::uint8_t>(carry);
    carry >>= 8;
  }
  EXPECT_FALSE(ed25519_verify(key.public_key(), {}, other));
}

TEST(Ed25519, SeedsHave32Bytes) {
  for (const std::size_t size : {0, 31, 33, 64}) {
    EXPECT_EQ(error_name([&] { Ed25519Key::from_seed(Bytes(size)); }), "crypto") << size;
  }
}

TEST(Ed25519, GeneratesDifferentKeys) {
  EXPECT_NE(Ed25519Key::generate().public_key(), Ed25519Key::generate().public_key());
}

}  // namespace
}  // namespace mlprov
