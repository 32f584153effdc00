#include "identity/scrypt.h"

#include <gtest/gtest.h>

#include "identity/keystore_cipher.h"
#include "mlprov/support/hex.h"

namespace mlprov::keystore {
namespace {

// RFC 7914 section 12, without the one that needs 1 GiB.
TEST(Scrypt, GivesTheKeysOfRfc7914) {
  const struct {
    const char* password;
    const char* salt;
    std::uint64_t n, r, p;
    const char* key;
  } kRows[] = {{"", "", 16, 1, 1,
                "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442"
                "fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906"},
               {"password", "NaCl", 1024, 8, 16,
                "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162"
                "2eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640"},
               {"pleaseletmein", "SodiumChloride", 16384, 8, 1,
                "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2"
                "d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887"}};
  for (const auto& row : kRows) {
    Bytes key(64);
    scrypt(row.password, as_bytes(row.salt), row.n, row.r, row.p, key);
    EXPECT_EQ(to_hex(key), row.key) << row.password;
  }
}

TEST(Scrypt, IsOpenSslsWhereBothCan) {
  const Bytes salt(16, 7);
  for (const std::uint64_t n : {2, 64, 1024}) {
    for (const std::uint64_t r : {1, 2, 8}) {
      for (const std::uint64_t p : {1, 3}) {
        Bytes key(32);
        scrypt("secret", salt, n, r, p, key);
        const SecretBytes other = derive_key("secret", salt, ScryptParameters{n, r, p});
        EXPECT_EQ(to_hex(key), to_hex(other.view())) << n << " " << r << " " << p;
      }
    }
  }
}

TEST(DeriveKey, TakesNoPasswordAndNoSalt) {
  for (const KdfParameters& parameters :
       {KdfParameters(ScryptParameters{16, 1, 1}), KdfParameters(ScryptParameters{1 << 17, 1, 1}),
        KdfParameters(Pbkdf2Parameters{1})}) {
    EXPECT_EQ(to_hex(derive_key({}, {}, parameters).view()),
              to_hex(derive_key("", as_bytes(""), parameters).view()));
  }
}

}  // namespace
}  // namespace mlprov::keystore
