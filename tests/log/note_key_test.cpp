#include <gtest/gtest.h>

#include "identity/error_name.h"
#include "log/vectors.h"
#include "mlprov/log/note.h"

namespace mlprov {
namespace {

using testing::error_name;
using testing::kPeterSkey;
using testing::kPeterVkey;

std::string verifier_error(const std::string& text) {
  return error_name([&] { NoteVerifier::parse(text); });
}

std::string signer_error(const std::string& text) {
  return error_name([&] { NoteSigner::parse(text); });
}

/// Every proper substring and every text with one character moved up by one.
std::vector<std::string> manglings(const std::string& text) {
  std::vector<std::string> mangled;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    for (std::size_t j = i + 1; j <= text.size(); ++j) {
      if (i != 0 || j != text.size()) mangled.push_back(text.substr(i, j - i));
    }
  }
  for (std::size_t i = 0; i < text.size(); ++i) {
    mangled.push_back(text);
    ++mangled.back()[i];
  }
  return mangled;
}

TEST(NoteVerifier, ReadsAndWritesGosKey) {
  const NoteVerifier verifier = NoteVerifier::parse(kPeterVkey);
  EXPECT_EQ(verifier.name, "PeterNeumann");
  EXPECT_EQ(verifier.id, 0xc74f20a3U);
  EXPECT_EQ(verifier.to_string(), kPeterVkey);
  EXPECT_EQ(NoteVerifier::from_key("PeterNeumann", verifier.key), verifier);
}

TEST(NoteVerifier, RefusesEveryMangling) {
  for (const std::string& text : manglings(kPeterVkey)) {
    EXPECT_EQ(verifier_error(text), "malformed") << text;
  }
}

TEST(NoteVerifier, RefusesOtherKeysWithTheirTrueIds) {
  // From golang.org/x/mod: a key of wrong length, an unknown algorithm.
  EXPECT_EQ(
      verifier_error("PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY=="),
      "malformed");
  EXPECT_EQ(verifier_error("PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"),
            "malformed");
  EXPECT_EQ(verifier_error("PeterNeumann+C74F20A3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"),
            "malformed")
      << "upper-case id";
  EXPECT_EQ(verifier_error(kPeterVkey + "\n"), "malformed");
  EXPECT_EQ(verifier_error(""), "malformed");
}

TEST(NoteVerifier, NamesHaveNoSpaceAndNoPlus) {
  const Ed25519PublicKey key{};
  for (const std::string& name :
       {std::string("example.com/log"), std::string("a"), std::string("\xC3\xA9t\xC3\xA9"),
        std::string("\xE2\x80\x94"), std::string("\xF0\x9F\x8C\xB3")}) {
    EXPECT_EQ(NoteVerifier::parse(NoteVerifier::from_key(name, key).to_string()).name, name);
  }
  for (const std::string& name :
       {std::string(), std::string("a b"), std::string("a+b"), std::string("a\tb"),
        std::string("a\nb"), std::string("a\0b", 3), std::string("\xC2\x85"),
        std::string("a\xC2\xA0"), std::string("\xE1\x9A\x80"), std::string("\xE2\x80\x80x"),
        std::string("\xE2\x80\x8Ax"), std::string("\xE2\x80\xA8"), std::string("\xE2\x80\xA9"),
        std::string("\xE2\x80\xAF"), std::string("\xE2\x81\x9F"), std::string("\xE3\x80\x80"),
        std::string("\xFF"), std::string("a\xC3")}) {
    EXPECT_EQ(error_name([&] { NoteVerifier::from_key(name, key); }), "usage") << name;
  }
}

TEST(NoteSigner, ReadsAndWritesGosKey) {
  const NoteSigner signer = NoteSigner::parse(kPeterSkey);
  EXPECT_EQ(signer.verifier.to_string(), kPeterVkey);
  EXPECT_EQ(signer.to_secret_string(), kPeterSkey);
}

TEST(NoteSigner, RefusesEveryManglingWithoutRepeatingIt) {
  for (const std::string& text : manglings(kPeterSkey)) {
    EXPECT_EQ(signer_error(text), "malformed") << text;
  }
  try {
    NoteSigner::parse(kPeterSkey + "A");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(std::string(error.what()).find("AYEKFALV"), std::string::npos) << error.what();
  }
}

TEST(NoteSigner, GeneratesKeysThatRoundTrip) {
  const NoteSigner signer = NoteSigner::generate("example.com/log");
  EXPECT_EQ(NoteSigner::parse(signer.to_secret_string()).verifier, signer.verifier);
  EXPECT_NE(NoteSigner::generate("example.com/log").verifier, signer.verifier);
}

}  // namespace
}  // namespace mlprov
