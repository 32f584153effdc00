#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "mlprov/json/canonical.h"
#include "mlprov/log/note.h"
#include "mlprov/support/bytes.h"

namespace mlprov::store {

/// Signs and checks rows that no statement vouches for, with the log's key. The signature covers
/// the table's name and the row's body; the body holds the row's keys, so rows cannot be swapped.
/// Whoever has the key file can seal anything: this catches every other hand.
class RowSeal {
 public:
  /// `signer` may be null: then rows can be checked only. Throws nothing.
  RowSeal(NoteVerifier verifier, std::shared_ptr<const NoteSigner> signer);

  const NoteVerifier& verifier() const noexcept { return verifier_; }
  bool can_sign() const noexcept { return signer_ != nullptr; }

  /// Throws `kIo` without a key.
  Bytes sign(std::string_view table, std::string_view body) const;
  bool holds(std::string_view table, std::string_view body, ByteView seal) const;
  /// The body, parsed; throws `kMalformed` naming table and `key` when the seal does not hold.
  Json open(std::string_view table, std::string_view key, std::string_view body,
            ByteView seal) const;

 private:
  NoteVerifier verifier_;
  std::shared_ptr<const NoteSigner> signer_;
};

}  // namespace mlprov::store
