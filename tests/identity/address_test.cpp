#include <gtest/gtest.h>

#include "identity/error_name.h"
#include "mlprov/identity/key.h"

namespace mlprov {
namespace {

using testing::error_name;

// The test cases of EIP-55.
constexpr const char* kChecksummed[] = {
    "0x52908400098527886E0F7030069857D2E4169EE7", "0x8617E340B3D01FA5F11F306F4090FD50E238070D",
    "0xde709f2102306220921060314715629080e2fb77", "0x27b1fdb04752bbc536007a920d24acb045561c26",
    "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
    "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB", "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb"};

TEST(Address, PrintsEip55) {
  for (const char* text : kChecksummed) {
    EXPECT_EQ(to_checksum_string(parse_address(text)), text);
  }
}

TEST(Address, DocumentsHoldLowerCaseOnly) {
  const std::string lower = "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed";
  ASSERT_TRUE(address_from_canonical(lower));
  EXPECT_EQ(to_string(*address_from_canonical(lower)), lower);
  EXPECT_EQ(*address_from_canonical(lower), parse_address(kChecksummed[4]));
  for (const char* other :
       {"", "0x", "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
        "0X5aaeb6053f3e94c9b9a09f33669435e7ef1beaed", "5aaeb6053f3e94c9b9a09f33669435e7ef1beaed",
        "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beae", "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed0",
        "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaeg",
        " 0x5aaeb6053f3e94c9b9a09f33669435e7ef1beae"}) {
    EXPECT_FALSE(address_from_canonical(other)) << other;
  }
}

TEST(Address, PeopleMayTypeAnyCaseButNoWrongChecksum) {
  const Address address = parse_address(kChecksummed[4]);
  EXPECT_EQ(parse_address("0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed"), address);
  EXPECT_EQ(parse_address("0x5AAEB6053F3E94C9B9A09F33669435E7EF1BEAED"), address);
  for (const char* wrong :
       {"0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD",  // last letter's case
        "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAde",  // letters swapped
        "0X5aaeb6053f3e94c9b9a09f33669435e7ef1beaed", "5aaeb6053f3e94c9b9a09f33669435e7ef1beaed",
        "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beae", "", "latest"}) {
    EXPECT_EQ(error_name([&] { parse_address(wrong); }), "usage") << wrong;
  }
}

TEST(Address, NamesAWrongChecksum) {
  try {
    parse_address("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD");
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("EIP-55 checksum"), std::string::npos) << error.what();
  }
}

}  // namespace
}  // namespace mlprov
