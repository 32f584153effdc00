#include "mlprov/identity/wallet.h"

#include <gtest/gtest.h>

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

// The text "hello" signed by eth-account with the example key.
constexpr std::string_view kHello =
    "f63c93dc642a4839770b35abf9cb304ac2f1b5463d9a9abd87546feaa0af992e"
    "659cf087c433e45c45f6135cb819ab1922c6359dbb1b8c8d7a54141de2cd4beb1b";

TEST(Wallet, SignsTextAsEip191) {
  const Digest32 digest = eip191_digest("hello");
  EXPECT_EQ(to_hex(digest), "50b2c43fd39106bafbba0da34fc430e1f91e3c96ea2acee2bc34119f92b37750");
  EXPECT_EQ(to_hex(example_key().sign(digest)), kHello);
}

TEST(Wallet, CosignsTheFixedText) {
  const Digest32 statement = eip191_digest("anything");
  EXPECT_EQ(cosign_text(statement), "mlprov statement v1\nsha256:" + to_hex(statement) + "\n");
  const auto signer =
      recover_signer(eip191_digest(cosign_text(statement)), cosign(example_key(), statement));
  ASSERT_TRUE(signer);
  EXPECT_EQ(to_string(*signer), kExampleAddress);
}

TEST(Wallet, BringsEverySpellingToOne) {
  const std::string canonical = "0x" + std::string(kHello);
  std::string upper = canonical;
  for (char& c : upper) c = c == 'x' ? c : static_cast<char>(std::toupper(c));
  std::string small_v = canonical;
  small_v.replace(130, 2, "00");
  Signature65 high = mirrored(signature_of(kHello));
  const std::string high_text = signature_to_hex(high);
  high[64] = static_cast<std::uint8_t>(high[64] - 27);
  for (const std::string& text : {canonical, upper, small_v, high_text, signature_to_hex(high)}) {
    EXPECT_EQ(signature_to_hex(normalize_wallet_signature(text)), canonical) << text;
  }
}

TEST(Wallet, RefusesWhatIsNoSignature) {
  const std::string good(kHello);
  const std::string r = good.substr(0, 64);
  const std::string s = good.substr(64, 64);
  const std::string zero(64, '0');
  const std::string order(kCurveOrder);
  const struct {
    const char* name;
    std::string text;
  } kRows[] = {{"empty", ""},
               {"no 0x", good},
               {"0x alone", "0x"},
               {"0X", "0X" + good},
               {"short", "0x" + good.substr(2)},
               {"long", "0x" + good + "00"},
               {"odd", "0x" + good.substr(1)},
               {"not hex", "0x" + good.substr(0, 129) + "g"},
               {"space", "0x" + good + " "},
               {"v 2", "0x" + r + s + "02"},
               {"v 26", "0x" + r + s + "1a"},
               {"v 29", "0x" + r + s + "1d"},
               {"v 255", "0x" + r + s + "ff"},
               {"r = 0", "0x" + zero + s + "1b"},
               {"s = 0", "0x" + r + zero + "1b"},
               {"r = n", "0x" + order + s + "1b"},
               {"s = n", "0x" + r + order + "1b"}};
  for (const auto& row : kRows) {
    EXPECT_EQ(error_name([&] { normalize_wallet_signature(row.text); }), "malformed") << row.name;
  }
}

TEST(Wallet, DocumentsHoldTheCanonicalHexOnly) {
  const std::string good = "0x" + std::string(kHello);
  ASSERT_TRUE(signature_from_hex(good));
  EXPECT_EQ(signature_to_hex(*signature_from_hex(good)), good);
  std::string upper = good;
  upper[2] = 'F';
  for (const std::string& text :
       {std::string(), std::string(kHello), upper, good + "0", good + "00", good.substr(0, 130)}) {
    EXPECT_FALSE(signature_from_hex(text)) << text;
  }
}

}  // namespace
}  // namespace mlprov
