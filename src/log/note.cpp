#include "mlprov/log/note.h"

#include <algorithm>

#include "log/note_text.h"
#include "mlprov/support/error.h"
#include "mlprov/support/hex.h"

namespace mlprov {
namespace {

constexpr std::size_t kMaxSize = 1'000'000;
constexpr std::size_t kMaxSignatures = 100;
constexpr std::size_t kIdSize = 4;
constexpr std::string_view kLinePrefix = "\xE2\x80\x94 ";  // em dash, space

[[noreturn]] void refuse(const std::string& why) {
  throw Error(ErrorCode::kMalformed, "this is not a signed note: " + why);
}

NoteSignature parse_line(std::string_view line) {
  if (!line.starts_with(kLinePrefix)) refuse("a signature line does not begin with a dash");
  line.remove_prefix(kLinePrefix.size());
  const std::size_t space = line.find(' ');
  if (space == line.npos || !log::is_note_name(line.substr(0, space))) {
    refuse("a signature line has no name");
  }
  const auto bytes = from_base64(line.substr(space + 1));
  if (!bytes || bytes->size() <= kIdSize) refuse("a signature is not base64 of an id and more");
  NoteSignature signature;
  signature.name = line.substr(0, space);
  signature.id = log::load_be32(*bytes);
  signature.signature.assign(bytes->begin() + kIdSize, bytes->end());
  return signature;
}

std::string format_line(const NoteSignature& signature) {
  const auto id = log::store_be32(signature.id);
  Bytes bytes(id.begin(), id.end());
  bytes.insert(bytes.end(), signature.signature.begin(), signature.signature.end());
  return std::string(kLinePrefix) + signature.name + " " + to_base64(bytes) + "\n";
}

}  // namespace

Note Note::parse(std::string_view note) {
  if (note.size() > kMaxSize) refuse("it is longer than 1 MB");
  if (!log::is_note_text(note)) refuse("it is not UTF-8, or has a control character");
  // The text may have empty lines of its own: the last one ends it.
  const std::size_t blank = note.rfind("\n\n");
  if (blank == note.npos) refuse("no empty line ends its text");
  std::string_view lines = note.substr(blank + 2);
  if (!lines.ends_with('\n')) refuse("its last line is missing or not ended");

  Note parsed;
  parsed.text = note.substr(0, blank + 1);
  while (!lines.empty()) {
    if (parsed.signatures.size() == kMaxSignatures) refuse("it has over 100 signatures");
    const std::size_t end = lines.find('\n');
    parsed.signatures.push_back(parse_line(lines.substr(0, end)));
    lines.remove_prefix(end + 1);
  }
  return parsed;
}

std::string Note::to_string() const {
  std::string note = text + "\n";
  for (const NoteSignature& signature : signatures) note += format_line(signature);
  return note;
}

bool Note::verified_by(const NoteVerifier& verifier) const {
  bool verified = false;
  for (const NoteSignature& line : signatures) {
    if (line.name != verifier.name || line.id != verifier.id) continue;
    Ed25519Signature signature;
    const bool fits = line.signature.size() == signature.size();
    if (fits) std::copy(line.signature.begin(), line.signature.end(), signature.begin());
    if (!fits || !ed25519_verify(verifier.key, as_bytes(text), signature)) {
      throw Error(ErrorCode::kCrypto, "the note's signature by " + verifier.name + " is false");
    }
    verified = true;
  }
  return verified;
}

Note sign_note(std::string text, const NoteSigner& signer) {
  if (!text.ends_with('\n') || !log::is_note_text(text)) {
    throw Error(ErrorCode::kUsage,
                "a note's text is UTF-8 without control characters and ends with a newline");
  }
  const Ed25519Signature signature = signer.key.sign(as_bytes(text));
  return {std::move(text),
          {{signer.verifier.name, signer.verifier.id, Bytes(signature.begin(), signature.end())}}};
}

}  // namespace mlprov
