#pragma once

#include <optional>
#include <string>

#include "mlprov/identity/keyring.h"

namespace mlprov::detail {

/// The key that signs: `configured` (a reference), else `MLPROV_KEY`, else the user's own key file
/// beside his keystores, made on first use (64 hex characters, mode 0600). `made` tells so.
/// Throws what `load_key` throws, naming where the reference came from.
PrivateKey session_key(const std::optional<std::string>& configured, bool& made);

/// Path of the user's own key file.
std::filesystem::path own_key_file(const Keyring& keyring);

}  // namespace mlprov::detail
