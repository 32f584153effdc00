#include "mlprov/log/note.h"

#include <gtest/gtest.h>

#include "identity/error_name.h"
#include "log/vectors.h"

namespace mlprov {
namespace {

using namespace testing;

const NoteVerifier kPeter = NoteVerifier::parse(kPeterVkey);
const NoteVerifier kEnoch = NoteVerifier::parse(kEnochVkey);

std::string repeat(const std::string& text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) all += text;
  return all;
}

TEST(Note, SignsByteForByteAsGoDoes) {
  EXPECT_EQ(sign_note(kText, NoteSigner::parse(kPeterSkey)).to_string(), kText + "\n" + kPeterLine);
}

TEST(Note, ReadsSeveralSigners) {
  const std::string text = kText + "\n" + kPeterLine + kEnochLine;
  const Note note = Note::parse(text);
  EXPECT_EQ(note.text, kText);
  ASSERT_EQ(note.signatures.size(), 2U);
  EXPECT_EQ(note.signatures[1].name, "EnochRoot");
  EXPECT_EQ(note.signatures[1].id, 0xaf0cfe78U);
  EXPECT_EQ(note.to_string(), text);
  EXPECT_TRUE(note.verified_by(kPeter));
  EXPECT_TRUE(note.verified_by(kEnoch));
  EXPECT_FALSE(Note::parse(kText + "\n" + kPeterLine).verified_by(kEnoch));
}

TEST(Note, VerifiesTheExampleOfTheSpecification) {
  const Note note = Note::parse(
      "Ognuno sta solo sul cuor della terra\n"
      "trafitto da un raggio di sole:\n"
      "\n"
      "ed \xC3\xA8 subito sera.\n"
      "\n"
      "\xE2\x80\x94 quasimodo.example/salvatore "
      "NnugSzTjtVAewIS+Z/iJhUPeFDkO/"
      "5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=\n");
  EXPECT_TRUE(note.text.ends_with("ed \xC3\xA8 subito sera.\n")) << note.text;
  ASSERT_EQ(note.signatures.size(), 1U);
  EXPECT_EQ(note.signatures[0].id, 0x367ba04bU);
}

TEST(Note, KeepsSignaturesOfUnknownKinds) {
  // A witness's timestamped signature is longer; short ones of other algorithms are shorter.
  for (const char* base64 : {"AAAAAAA=", "AAAAAAAAAAAAAAAA"}) {
    const std::string text =
        kText + "\n" + kPeterLine + "\xE2\x80\x94 witness.example/w " + base64 + "\n";
    EXPECT_EQ(Note::parse(text).to_string(), text);
    EXPECT_TRUE(Note::parse(text).verified_by(kPeter));
  }
}

TEST(Note, RefusesFalseSignaturesOfAKnownKey) {
  const std::string longer = kPeterLine.substr(0, 60) + "ABCD" + kPeterLine.substr(60);
  const struct {
    const char* name;
    std::string note;
  } kRows[] = {{"other text", "x" + kText + "\n" + kPeterLine},
               {"wrong length", kText + "\n" + longer},
               {"true one before", kText + "\n" + kPeterLine + longer},
               {"true one after", kText + "\n" + longer + kPeterLine}};
  for (const auto& row : kRows) {
    const Note note = Note::parse(row.note);
    EXPECT_EQ(error_name([&] { (void)note.verified_by(kPeter); }), "crypto") << row.name;
    EXPECT_FALSE(note.verified_by(kEnoch)) << row.name;
  }
}

TEST(Note, IgnoresASharedNameOrId) {
  NoteVerifier other = kPeter;
  other.name = "CarmenSandiego";
  const Note note = Note::parse(kText + "\n" + kPeterLine);
  EXPECT_FALSE(note.verified_by(other));
  other = kPeter;
  other.id ^= 1;
  EXPECT_FALSE(note.verified_by(other));
}

TEST(Note, RefusesOtherShapes) {
  const std::string line = kPeterLine;
  const std::string base64 = line.substr(line.rfind(' ') + 1);
  const std::string dash = "\xE2\x80\x94 ";
  const struct {
    const char* name;
    std::string note;
  } kRows[] = {{"empty", ""},
               {"text alone", kText},
               {"no signature", kText + "\n"},
               {"last line not ended", kText + "\n" + line.substr(0, line.size() - 1)},
               {"control character", "\x01" + kText + "\n" + line},
               {"carriage return", "a\r\n\n" + line},
               {"tab", "a\tb\n\n" + line},
               {"not UTF-8", "\xff" + kText + "\n" + line},
               {"name with a space", kText + "\n" + dash + "Bad Name " + base64},
               {"name with a plus", kText + "\n" + dash + "Bad+Name " + base64},
               {"name empty", kText + "\n" + dash + " " + base64},
               {"no name", kText + "\n" + dash + base64},
               {"hyphen for a dash", kText + "\n- PeterNeumann " + base64},
               {"unexpected line", kText + "\n" + line + "Unexpected line.\n"},
               {"text after the signatures", kText + "\n" + line + "\n" + kText},
               {"two spaces", kText + "\n" + dash + "PeterNeumann  " + base64},
               {"space at the end", kText + "\n" + line.substr(0, line.size() - 1) + " \n"},
               {"no padding", kText + "\n" + line.substr(0, line.size() - 2) + "\n"},
               {"stray bits", kText + "\n" + line.substr(0, line.size() - 3) + "N=\n"},
               {"empty base64", kText + "\n" + dash + "PeterNeumann \n"},
               {"id and nothing more", kText + "\n" + dash + "PeterNeumann x08gow==\n"},
               {"101 signatures", kText + "\n" + repeat(line, 101)},
               {"over 1 MB", std::string(1'000'000, 'a') + "\n\n" + line}};
  for (const auto& row : kRows) {
    EXPECT_EQ(error_name([&] { Note::parse(row.note); }), "malformed") << row.name;
  }
  EXPECT_EQ(Note::parse(kText + "\n" + repeat(line, 100)).signatures.size(), 100U);
}

TEST(Note, NoChangedByteHolds) {
  const std::string good = kText + "\n" + kPeterLine;
  for (std::size_t i = 0; i < good.size(); ++i) {
    for (const int bit : {1, 32}) {
      std::string other = good;
      other[i] = static_cast<char>(other[i] ^ bit);
      bool held = false;
      try {
        held = Note::parse(other).verified_by(kPeter);
      } catch (const Error&) {
      }
      EXPECT_FALSE(held) << "byte " << i << " bit " << bit;
    }
  }
}

TEST(SignNote, RefusesTextsThatNoReaderTakes) {
  const NoteSigner signer = NoteSigner::parse(kPeterSkey);
  for (const std::string& text : {std::string(), std::string("abc"), std::string("a\r\n"),
                                  std::string("\xff\n"), std::string("a\0\n", 3)}) {
    EXPECT_EQ(error_name([&] { sign_note(text, signer); }), "usage") << text;
  }
}

}  // namespace
}  // namespace mlprov
