// Signed notes, their keys, and checkpoints.
#include "fuzz/check.h"
#include "mlprov/log/checkpoint.h"
#include "mlprov/log/note.h"

using namespace mlprov;

namespace {

/// The log whose notes stand in the corpus: a seed of 32 bytes 0x11.
const NoteSigner& known_signer() {
  static const NoteSigner kSigner = [] {
    Ed25519Key key = Ed25519Key::from_seed(Bytes(32, 0x11));
    NoteVerifier verifier = NoteVerifier::from_key("example.org/log", key.public_key());
    return NoteSigner{std::move(verifier), std::move(key)};
  }();
  return kSigner;
}

void check_note(std::string_view text) {
  const auto note = fuzz::attempt([&] { return Note::parse(text); });
  if (!note) return;
  fuzz::demand(note->to_string() == text, "a note is written back as it was");
  const NoteVerifier& verifier = known_signer().verifier;
  const auto holds = fuzz::attempt([&] { return note->verified_by(verifier); });
  if (!holds || !*holds) return;
  fuzz::attempt([&] { return open_checkpoint(text, verifier).size; });
}

void check_checkpoint(std::string_view text) {
  const auto checkpoint = fuzz::attempt([&] { return Checkpoint::parse(text); });
  if (!checkpoint) return;
  fuzz::demand(checkpoint->to_string() == text, "a checkpoint is written back as it was");
  const auto note = fuzz::attempt([&] { return sign_note(std::string(text), known_signer()); });
  if (!note) return;
  const Note again = Note::parse(note->to_string());
  fuzz::demand(again.text == text && again.verified_by(known_signer().verifier),
               "it can be signed");
}

void check_keys(std::string_view text) {
  if (const auto verifier = fuzz::attempt([&] { return NoteVerifier::parse(text); })) {
    fuzz::demand(verifier->to_string() == text, "a verifier key has one form");
  }
  if (const auto signer = fuzz::attempt([&] { return NoteSigner::parse(text); })) {
    fuzz::demand(signer->to_secret_string() == text, "a signer key has one form");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = as_text({data, size});
  check_note(text);
  check_checkpoint(text);
  check_keys(text);
  return 0;
}
