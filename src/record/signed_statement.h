#pragma once

#include "mlprov/record/statement.h"

/// The two halves of `signed_statement_from_json`, for readers that check the shape of a whole
/// document before any signature.
namespace mlprov::record {

/// Closed keys, types and the payload's own grammar. Throws `kMalformed`.
SignedStatement signed_statement_shape(const Json& value);

/// The envelope's signature and that of each co-signer. Throws `kCrypto`.
void verify_signatures(const SignedStatement& statement);

/// Demands that the envelope was signed by the author whom the statement names (`kCrypto`).
void verify_envelope(const DsseEnvelope& envelope, const Statement& statement);

}  // namespace mlprov::record
