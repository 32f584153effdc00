#include "mlprov/log/checkpoint.h"

#include <algorithm>
#include <charconv>

#include "log/note_text.h"
#include "mlprov/support/error.h"
#include "mlprov/support/hex.h"

namespace mlprov {
namespace {

[[noreturn]] void refuse(const std::string& why) {
  throw Error(ErrorCode::kMalformed, "this is not a log's checkpoint: " + why);
}

/// Takes the next line, without its newline, off the front of `text`.
std::string_view take_line(std::string_view& text, const char* what) {
  const std::size_t end = text.find('\n');
  if (end == text.npos || end == 0) refuse(std::string(what) + " is missing or empty");
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end + 1);
  return line;
}

std::uint64_t parse_size(std::string_view line) {
  std::uint64_t size = 0;
  const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), size);
  // Only one spelling: no sign, no leading zero, no overflow.
  if (error != std::errc() || end != line.data() + line.size() || std::to_string(size) != line) {
    refuse("its size is not a plain decimal number");
  }
  return size;
}

Digest32 parse_root(std::string_view line) {
  const auto bytes = from_base64(line);
  Digest32 root;
  if (!bytes || bytes->size() != root.size()) refuse("its root is not 32 bytes in base64");
  std::copy(bytes->begin(), bytes->end(), root.begin());
  return root;
}

void require_line(const std::string& line) {
  if (line.empty() || line.find('\n') != line.npos || !log::is_note_text(line)) {
    throw Error(ErrorCode::kUsage,
                "a checkpoint's lines are non-empty UTF-8 without control characters");
  }
}

}  // namespace

Checkpoint Checkpoint::parse(std::string_view text) {
  if (!log::is_note_text(text)) refuse("it is not UTF-8, or has a control character");
  Checkpoint checkpoint;
  checkpoint.origin = take_line(text, "its origin");
  checkpoint.size = parse_size(take_line(text, "its size"));
  checkpoint.root = parse_root(take_line(text, "its root"));
  while (!text.empty()) checkpoint.extensions.emplace_back(take_line(text, "an extension line"));
  return checkpoint;
}

std::string Checkpoint::to_string() const {
  require_line(origin);
  std::string text = origin + "\n" + std::to_string(size) + "\n" + to_base64(root) + "\n";
  for (const std::string& extension : extensions) {
    require_line(extension);
    text += extension + "\n";
  }
  return text;
}

Checkpoint open_checkpoint(std::string_view note, const NoteVerifier& verifier) {
  const Note parsed = Note::parse(note);
  if (!parsed.verified_by(verifier)) {
    throw Error(ErrorCode::kCrypto, "the checkpoint is not signed by " + verifier.name);
  }
  Checkpoint checkpoint = Checkpoint::parse(parsed.text);
  if (checkpoint.origin != verifier.name) {
    throw Error(ErrorCode::kCrypto, "the checkpoint is of the log '" + checkpoint.origin +
                                        "', not of '" + verifier.name + "'");
  }
  return checkpoint;
}

}  // namespace mlprov
