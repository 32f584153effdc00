#include "mlprov/log/checkpoint.h"

#include <gtest/gtest.h>

#include "identity/error_name.h"
#include "log/vectors.h"
#include "mlprov/support/hex.h"

namespace mlprov {
namespace {

using testing::error_name;
using testing::kEnochVkey;
using testing::kPeterSkey;
using testing::kPeterVkey;

// The body of the specification's example.
const std::string kRoot = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=";
const std::string kBody = "example.com/behind-the-sofa\n20852163\n" + kRoot + "\n";

TEST(Checkpoint, ReadsAndWritesTheSpecificationsExample) {
  const Checkpoint checkpoint = Checkpoint::parse(kBody);
  EXPECT_EQ(checkpoint.origin, "example.com/behind-the-sofa");
  EXPECT_EQ(checkpoint.size, 20852163U);
  EXPECT_EQ(to_base64(checkpoint.root), kRoot);
  EXPECT_TRUE(checkpoint.extensions.empty());
  EXPECT_EQ(checkpoint.to_string(), kBody);
}

TEST(Checkpoint, KeepsExtensionsAndTheLargestSize) {
  for (const std::string& text :
       {kBody + "one\ntwo words\n", "o\n0\n" + kRoot + "\n",
        "o\n18446744073709551615\n" + kRoot + "\n", "with space+plus\n1\n" + kRoot + "\n"}) {
    EXPECT_EQ(Checkpoint::parse(text).to_string(), text);
  }
  EXPECT_EQ(Checkpoint::parse(kBody + "one\ntwo words\n").extensions[1], "two words");
}

TEST(Checkpoint, RefusesOtherShapes) {
  const auto body = [](const std::string& size, const std::string& root = kRoot) {
    return "example.com/log\n" + size + "\n" + root + "\n";
  };
  const struct {
    const char* name;
    std::string text;
  } kRows[] = {{"empty", ""},
               {"origin alone", "example.com/log\n"},
               {"no root", "example.com/log\n5\n"},
               {"last line not ended", "example.com/log\n5\n" + kRoot},
               {"empty origin", "\n5\n" + kRoot + "\n"},
               {"empty size", body("")},
               {"leading zero", body("05")},
               {"two zeros", body("00")},
               {"plus", body("+5")},
               {"minus", body("-5")},
               {"space before", body(" 5")},
               {"space after", body("5 ")},
               {"hex", body("0x5")},
               {"float", body("5.0")},
               {"letters", body("5a")},
               {"2^64", body("18446744073709551616")},
               {"arabic digit", body("\xD9\xA5")},
               {"root of 31 bytes", body("5", to_base64(Bytes(31)))},
               {"root of 33 bytes", body("5", to_base64(Bytes(33)))},
               {"root in hex", body("5", to_hex(Bytes(32)))},
               {"root without padding", body("5", kRoot.substr(0, 43))},
               {"root with stray bits", body("5", kRoot.substr(0, 42) + "J=")},
               {"empty extension", body("5") + "\n"},
               {"empty extension between", body("5") + "a\n\nb\n"},
               {"carriage return", "example.com/log\r\n5\n" + kRoot + "\n"},
               {"not UTF-8", "example.com/\xFF\n5\n" + kRoot + "\n"}};
  for (const auto& row : kRows) {
    EXPECT_EQ(error_name([&] { Checkpoint::parse(row.text); }), "malformed") << row.name;
  }
}

TEST(Checkpoint, WritesNoLinesThatReadOtherwise) {
  Checkpoint checkpoint{"o", 1, {}, {}};
  for (const char* line : {"", "a\nb", "a\r", "\xFF"}) {
    checkpoint.origin = line;
    EXPECT_EQ(error_name([&] { (void)checkpoint.to_string(); }), "usage") << line;
    checkpoint.origin = "o";
    checkpoint.extensions = {line};
    EXPECT_EQ(error_name([&] { (void)checkpoint.to_string(); }), "usage") << line;
    checkpoint.extensions.clear();
  }
}

TEST(OpenCheckpoint, DemandsTheLogsSignatureAndOrigin) {
  const NoteSigner signer = NoteSigner::parse(kPeterSkey);
  const Checkpoint checkpoint{"PeterNeumann", 7, {}, {}};
  const std::string good = sign_note(checkpoint.to_string(), signer).to_string();
  EXPECT_EQ(open_checkpoint(good, NoteVerifier::parse(kPeterVkey)).size, 7U);
  EXPECT_EQ(error_name([&] { open_checkpoint(good, NoteVerifier::parse(kEnochVkey)); }), "crypto");

  const Checkpoint foreign{"EnochRoot", 7, {}, {}};
  const std::string swapped = sign_note(foreign.to_string(), signer).to_string();
  EXPECT_EQ(error_name([&] { open_checkpoint(swapped, signer.verifier); }), "crypto");

  const std::string no_body = sign_note("PeterNeumann\n", signer).to_string();
  EXPECT_EQ(error_name([&] { open_checkpoint(no_body, signer.verifier); }), "malformed");
  std::string altered = good;
  altered.replace(altered.find("\n7\n"), 3, "\n8\n");
  EXPECT_EQ(error_name([&] { open_checkpoint(altered, signer.verifier); }), "crypto");
}

}  // namespace
}  // namespace mlprov
