#include "mlprov/identity/keystore.h"

#include <gtest/gtest.h>

#include <functional>

#include "identity/error_name.h"
#include "identity/vectors.h"
#include "mlprov/json/canonical.h"
#include "mlprov/support/file.h"

namespace mlprov {
namespace {

using testing::error_name;
using testing::example_key;
using testing::kExampleAddress;

std::string stored(const std::string& name) {
  return read_file(std::string(MLPROV_TEST_DATA "/data/") + name, 1 << 16);
}

struct Foreign {
  const char* file;
  const char* password;
  const char* secret;
};

constexpr Foreign kForeign[] = {
    {"web3_scrypt.json", "testpassword",
     "7a28b5ba57c53603b0b07b56bba752f7784bf506fa95edc395f5cf6c7514fe9d"},
    {"web3_pbkdf2.json", "testpassword",
     "7a28b5ba57c53603b0b07b56bba752f7784bf506fa95edc395f5cf6c7514fe9d"},
    {"short_31_bytes.json", "foo",
     "00fa7b3db73dc7dfdf8c5fbdb796d741e4488628c41fc4febd9160a866ba0f35"},
    {"short_30_bytes.json", "foo",
     "000081c29e8142bb6a81bef5a92bda7a8328a5c85bb2f9542e76f9b0f94fc018"}};

TEST(Keystore, OpensPublishedVectors) {
  for (const Foreign& foreign : kForeign) {
    const PrivateKey key = decrypt_keystore(stored(foreign.file), foreign.password);
    EXPECT_EQ(to_hex(key.secret()), foreign.secret) << foreign.file;
  }
}

TEST(Keystore, OpensGethsFile) {
  const std::string text = stored("geth_light.json");
  EXPECT_EQ(to_string(decrypt_keystore(text, "foobar").address()),
            "0xf466859ead1932d743d622cb74fc058882e8648a");
  EXPECT_EQ(error_name([&] { decrypt_keystore(text, "fooba"); }), "crypto");
}

TEST(Keystore, RoundTripsWithAnyPassword) {
  for (const std::string& password : {std::string(), std::string("p"), std::string(5000, 'x'),
                                      std::string("p\0q", 3), std::string("p\xC3\xA4ss")}) {
    const std::string text = encrypt_keystore(example_key(), password, KeystoreCost::kLight);
    EXPECT_EQ(to_string(decrypt_keystore(text, password).address()), kExampleAddress);
    EXPECT_EQ(error_name([&] { decrypt_keystore(text, password + "z"); }), "crypto");
  }
}

TEST(Keystore, WritesWhatGethWrites) {
  const Json document = parse_canonical(encrypt_keystore(example_key(), "p", KeystoreCost::kLight));
  EXPECT_EQ(document.at("address"), std::string(kExampleAddress.substr(2)));
  EXPECT_EQ(document.at("version"), 3);
  const std::string id = document.at("id");
  EXPECT_EQ(id.size(), 36U);
  EXPECT_EQ(id[14], '4');
  const Json& crypto = document.at("crypto");
  EXPECT_EQ(crypto.at("cipher"), "aes-128-ctr");
  EXPECT_EQ(crypto.at("kdfparams").at("n"), 4096);
  EXPECT_EQ(crypto.at("kdfparams").at("p"), 6);
  EXPECT_EQ(crypto.at("ciphertext").get<std::string>().size(), 64U);
}

TEST(Keystore, NoTwoAreAlike) {
  const Json one = parse_json(encrypt_keystore(example_key(), "p", KeystoreCost::kLight));
  const Json two = parse_json(encrypt_keystore(example_key(), "p", KeystoreCost::kLight));
  EXPECT_NE(one.at("id"), two.at("id"));
  EXPECT_NE(one.at("crypto").at("kdfparams").at("salt"),
            two.at("crypto").at("kdfparams").at("salt"));
  EXPECT_NE(one.at("crypto").at("cipherparams"), two.at("crypto").at("cipherparams"));
}

struct Row {
  const char* name;
  const char* result;
  std::function<void(Json&)> change;
};

Json& kdf(Json& document) { return document["crypto"]["kdfparams"]; }

const Row kRows[] = {
    {"unchanged", "no error", [](Json&) {}},
    {"unknown members", "no error",
     [](Json& d) {
       d["x-ethers"] = {{"client", "ethers"}};
       d["crypto"]["more"] = 1;
     }},
    {"capital Crypto", "no error",
     [](Json& d) {
       d["Crypto"] = d["crypto"];
       d.erase("crypto");
     }},
    {"no address", "no error", [](Json& d) { d.erase("address"); }},
    {"address with 0x", "no error",
     [](Json& d) { d["address"] = "0xF466859EAD1932D743D622CB74FC058882E8648A"; }},
    {"upper-case hex", "no error",
     [](Json& d) { d["crypto"]["cipherparams"]["iv"] = "DFD9EE70812ADD5F4B8F89D0811C9158"; }},
    {"address of another", "crypto",
     [](Json& d) { d["address"] = "7e5f4552091a69125d5dfcb7b8c2659029395bdf"; }},
    {"address garbage", "malformed", [](Json& d) { d["address"] = "me"; }},
    {"address a number", "malformed", [](Json& d) { d["address"] = 7; }},
    {"an array", "malformed", [](Json& d) { d = Json::array({d}); }},
    {"both spellings", "malformed", [](Json& d) { d["Crypto"] = d["crypto"]; }},
    {"no crypto", "malformed", [](Json& d) { d.erase("crypto"); }},
    {"crypto a string", "malformed", [](Json& d) { d["crypto"] = "aes"; }},
    {"no version", "malformed", [](Json& d) { d.erase("version"); }},
    {"version a string", "malformed", [](Json& d) { d["version"] = "3"; }},
    {"version 4", "unsupported", [](Json& d) { d["version"] = 4; }},
    {"other cipher", "unsupported", [](Json& d) { d["crypto"]["cipher"] = "aes-128-cbc"; }},
    {"other kdf", "unsupported", [](Json& d) { d["crypto"]["kdf"] = "argon2id"; }},
    {"no kdfparams", "malformed", [](Json& d) { d["crypto"].erase("kdfparams"); }},
    {"dklen 64", "malformed", [](Json& d) { kdf(d)["dklen"] = 64; }},
    {"n 3", "malformed", [](Json& d) { kdf(d)["n"] = 3; }},
    {"n 0", "malformed", [](Json& d) { kdf(d)["n"] = 0; }},
    {"n negative", "malformed", [](Json& d) { kdf(d)["n"] = -8; }},
    {"n a float", "malformed", [](Json& d) { kdf(d)["n"] = 8.0; }},
    {"r 0", "malformed", [](Json& d) { kdf(d)["r"] = 0; }},
    {"p 0", "malformed", [](Json& d) { kdf(d)["p"] = 0; }},
    {"over 1 GiB", "too-large", [](Json& d) { kdf(d)["n"] = 1 << 21; }},
    {"r over 1 GiB", "too-large", [](Json& d) { kdf(d)["r"] = 1 << 21; }},
    {"lanes over 64 MiB", "too-large",
     [](Json& d) {
       kdf(d)["n"] = 2;
       kdf(d)["p"] = 1 << 20;
     }},
    {"p for hours", "too-large", [](Json& d) { kdf(d)["p"] = 1 << 23; }},
    {"products overflow", "too-large",
     [](Json& d) {
       kdf(d)["n"] = std::uint64_t{1} << 63;
       kdf(d)["r"] = std::uint64_t{1} << 63;
       kdf(d)["p"] = 4;
     }},
    {"pbkdf2 for hours", "too-large",
     [](Json& d) {
       d["crypto"]["kdf"] = "pbkdf2";
       kdf(d) = {{"c", 10'000'001}, {"dklen", 32}, {"prf", "hmac-sha256"}, {"salt", "00"}};
     }},
    {"pbkdf2 of 0 rounds", "malformed",
     [](Json& d) {
       d["crypto"]["kdf"] = "pbkdf2";
       kdf(d) = {{"c", 0}, {"dklen", 32}, {"prf", "hmac-sha256"}, {"salt", "00"}};
     }},
    {"pbkdf2 with sha512", "unsupported",
     [](Json& d) {
       d["crypto"]["kdf"] = "pbkdf2";
       kdf(d) = {{"c", 1}, {"dklen", 32}, {"prf", "hmac-sha512"}, {"salt", "00"}};
     }},
    {"salt not hex", "malformed", [](Json& d) { kdf(d)["salt"] = "zz"; }},
    {"salt endless", "malformed", [](Json& d) { kdf(d)["salt"] = std::string(4096, '0'); }},
    {"salt changed", "crypto", [](Json& d) { kdf(d)["salt"] = "00"; }},
    {"iv short", "malformed", [](Json& d) { d["crypto"]["cipherparams"]["iv"] = "00"; }},
    {"mac short", "malformed", [](Json& d) { d["crypto"]["mac"] = "00"; }},
    {"mac changed", "crypto", [](Json& d) { d["crypto"]["mac"] = std::string(64, '0'); }},
    {"ciphertext empty", "malformed", [](Json& d) { d["crypto"]["ciphertext"] = ""; }},
    {"ciphertext of 33", "malformed",
     [](Json& d) { d["crypto"]["ciphertext"] = std::string(66, '0'); }},
    {"ciphertext changed", "crypto",
     [](Json& d) { d["crypto"]["ciphertext"] = std::string(64, '0'); }},
};

TEST(Keystore, JudgesEachChangeByName) {
  const Json good = parse_json(stored("geth_light.json"));
  for (const Row& row : kRows) {
    Json document = good;
    row.change(document);
    EXPECT_EQ(error_name([&] { decrypt_keystore(document.dump(), "foobar"); }), row.result)
        << row.name;
  }
}

TEST(Keystore, RefusesWhatIsNoJson) {
  EXPECT_EQ(error_name([] { decrypt_keystore("", "p"); }), "malformed");
  EXPECT_EQ(error_name([] { decrypt_keystore("{", "p"); }), "malformed");
  EXPECT_EQ(error_name([] { decrypt_keystore(R"({"version":3,"version":3})", "p"); }), "malformed");
  EXPECT_EQ(error_name([] { decrypt_keystore(std::string(1 << 20, ' '), "p"); }), "too-large");
}

}  // namespace
}  // namespace mlprov
