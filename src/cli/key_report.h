#pragma once

#include "cli/output.h"
#include "mlprov/identity/keyring.h"

namespace mlprov::cli {

/// `{"address","label","name"}`.
Json key_to_json(const KeyInfo& key);

/// Says that a key has come into the keyring, and what to tell whom.
void report_new_key(const KeyInfo& key, const Keyring& keyring, bool json, Output& out);

}  // namespace mlprov::cli
