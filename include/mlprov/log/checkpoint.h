#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "mlprov/log/note.h"
#include "mlprov/support/bytes.h"

namespace mlprov {

/// The body of a log's checkpoint (C2SP tlog-checkpoint): origin, size, root, extension lines.
struct Checkpoint {
  std::string origin;
  std::uint64_t size = 0;
  Digest32 root{};
  std::vector<std::string> extensions;

  /// From a note's text. Throws `kMalformed`.
  static Checkpoint parse(std::string_view text);
  /// Throws `kUsage` for a line that is empty or has a newline in it.
  std::string to_string() const;
};

/// Parses a signed checkpoint and demands that `verifier` signed it and its name is the origin.
/// Throws `kMalformed` for the shape, `kCrypto` for the demands.
Checkpoint open_checkpoint(std::string_view note, const NoteVerifier& verifier);

}  // namespace mlprov
