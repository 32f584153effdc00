#include "mlprov/identity/key.h"

#include <gtest/gtest.h>

#include <set>
#include <thread>

#include "identity/error_name.h"
#include "identity/vectors.h"

namespace mlprov {
namespace {

using testing::error_name;
using testing::example_key;
using testing::kCurveOrder;
using testing::kExampleAddress;
using testing::mirrored;
using testing::signature_of;

// Final digest and signature of an EIP-712 message, made by eth-account with the example key.
const Digest32 kDigest =
    *digest_from_hex("aac728cebcda82f332ba56e453f7ab86daf5c2ae7b4b1b9545cf4c31f643effb");
constexpr std::string_view kSignature =
    "0b01b54acc79eb83a2fdfeb62bde73b9e6f1ac3f9b3f60b70c882af08cb7ae33"
    "7a0e1847c4db7e6bf4f5b3dc6508f744d2b1186124d0698ab6a3d1c10bd540be1c";

TEST(PrivateKey, HasTheAddressThatEthereumGivesIt) {
  EXPECT_EQ(to_string(example_key().address()), kExampleAddress);
  Bytes one(32);
  one[31] = 1;
  EXPECT_EQ(to_checksum_string(PrivateKey::from_bytes(one).address()),
            "0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf");
}

TEST(PrivateKey, SignsByteForByteAsEthAccountDoes) {
  EXPECT_EQ(to_hex(example_key().sign(kDigest)), kSignature);
}

TEST(PrivateKey, RefusesNumbersOutsideTheCurve) {
  Bytes last = from_hex(kCurveOrder).value();
  EXPECT_EQ(error_name([&] { PrivateKey::from_bytes(last); }), "crypto");
  last[31] -= 1;
  EXPECT_EQ(error_name([&] { PrivateKey::from_bytes(last); }), "no error");
  EXPECT_EQ(error_name([] { PrivateKey::from_bytes(Bytes(32)); }), "crypto");
  EXPECT_EQ(error_name([] { PrivateKey::from_bytes(Bytes(32, 0xFF)); }), "crypto");
  for (const std::size_t size : {0, 31, 33}) {
    EXPECT_EQ(error_name([&] { PrivateKey::from_bytes(Bytes(size, 1)); }), "crypto") << size;
  }
}

TEST(PrivateKey, GeneratesDifferentKeys) {
  std::set<Address> addresses;
  for (int i = 0; i < 16; ++i) addresses.insert(PrivateKey::generate().address());
  EXPECT_EQ(addresses.size(), 16U);
}

TEST(PrivateKey, MovedAwaySignsNothing) {
  PrivateKey key = example_key();
  const PrivateKey other = std::move(key);
  EXPECT_EQ(error_name([&] { (void)key.sign(kDigest); }), "internal");
  EXPECT_EQ(to_hex(other.sign(kDigest)), kSignature);
}

TEST(PrivateKey, SignsInSeveralThreads) {
  const PrivateKey key = example_key();
  std::vector<Signature65> signatures(8);
  std::vector<std::thread> threads;
  for (auto& signature : signatures) threads.emplace_back([&] { signature = key.sign(kDigest); });
  for (auto& thread : threads) thread.join();
  for (const auto& signature : signatures) EXPECT_EQ(to_hex(signature), kSignature);
}

TEST(RecoverSigner, FindsTheSigner) {
  const auto signer = recover_signer(kDigest, signature_of(kSignature));
  ASSERT_TRUE(signer);
  EXPECT_EQ(to_string(*signer), kExampleAddress);
}

TEST(RecoverSigner, RefusesOtherSpellingsOfATrueSignature) {
  const Signature65 good = signature_of(kSignature);
  EXPECT_FALSE(recover_signer(kDigest, mirrored(good))) << "high s";
  EXPECT_EQ(mirrored(mirrored(good)), good);
  for (const int v : {0, 1, 2, 3, 26, 29, 30, 31, 35, 255}) {
    Signature65 other = good;
    other[64] = static_cast<std::uint8_t>(v);
    EXPECT_FALSE(recover_signer(kDigest, other)) << "v " << v;
  }
  Signature65 flipped = good;
  flipped[64] = 27;
  EXPECT_NE(recover_signer(kDigest, flipped), recover_signer(kDigest, good));
}

TEST(RecoverSigner, RefusesNumbersOutOfRange) {
  const std::string zero(64, '0');
  const std::string order(kCurveOrder);
  const std::string all(64, 'f');
  const std::string r(kSignature.substr(0, 64));
  const std::string s(kSignature.substr(64, 64));
  const struct {
    const char* name;
    std::string r_and_s;
  } kRows[] = {{"r = 0", zero + s},      {"s = 0", r + zero},
               {"both 0", zero + zero},  {"r = n", order + s},
               {"s = n", r + order},     {"r = 2^256-1", all + s},
               {"s = 2^256-1", r + all}, {"r off curve", std::string(63, '0') + "5" + s}};
  for (const auto& row : kRows) {
    for (const char* v : {"1b", "1c"}) {
      EXPECT_FALSE(recover_signer(kDigest, signature_of(row.r_and_s + v)))
          << row.name << " v " << v;
    }
  }
}

TEST(RecoverSigner, NoFlippedBitKeepsTheSigner) {
  const Signature65 good = signature_of(kSignature);
  const auto signer = recover_signer(kDigest, good);
  for (std::size_t bit = 0; bit < 8 * good.size(); ++bit) {
    Signature65 other = good;
    other[bit / 8] ^= static_cast<std::uint8_t>(1 << bit % 8);
    EXPECT_NE(recover_signer(kDigest, other), signer) << "signature bit " << bit;
  }
  for (std::size_t bit = 0; bit < 8 * kDigest.size(); ++bit) {
    Digest32 other = kDigest;
    other[bit / 8] ^= static_cast<std::uint8_t>(1 << bit % 8);
    EXPECT_NE(recover_signer(other, good), signer) << "digest bit " << bit;
  }
}

}  // namespace
}  // namespace mlprov
