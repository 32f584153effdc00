#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "mlprov/json/canonical.h"
#include "mlprov/support/bytes.h"
#include "mlprov/support/time.h"

namespace mlprov {

/// How far a commitment has come. Persisted by name: frozen.
enum class OutboxState {
  kPending,      ///< Nothing was sent yet, or what was sent is not seen.
  kSent,         ///< Signed bytes are stored and may have been broadcast.
  kIncluded,     ///< Seen on the network, not final.
  kFinal,        ///< Done: the receipt stands.
  kReorganised,  ///< Was included and is no more: the same bytes go out again.
  kAbandoned,    ///< Given up by the user; never sent again.
};

std::string_view to_string(OutboxState state) noexcept;

/// A commitment on its way to one network. Written in the transaction of its statement, so none
/// is ever forgotten; the row is sealed like all rows that no statement vouches for.
struct OutboxItem {
  std::uint64_t id = 0;
  std::string run;
  Digest32 statement{};  ///< SHA-256 of the statement.
  Digest32 root{};       ///< The root that it speaks for.
  std::string network;   ///< Name in the configuration.
  OutboxState state = OutboxState::kPending;
  std::uint64_t attempts = 0;
  UtcSeconds next_time{};  ///< Not before.
  std::string last_error;  ///< Without secrets: it is printed.
  std::string nonce;       ///< Decimal; empty before signing.
  /// Signed bytes, stored before they are broadcast: only these, or a replacement with the same
  /// nonce, are ever sent.
  Bytes signed_bytes;
  Json data = Json::object();  ///< The driver's own notes, canonical profile.
};

}  // namespace mlprov
