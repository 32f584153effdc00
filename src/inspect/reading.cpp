#include "inspect/reading.h"

namespace mlprov::inspect {

Checked read_document(std::string_view bytes, const JsonLimits& limits, Json& document) {
  try {
    document = parse_canonical(bytes, limits);
    return std::nullopt;
  } catch (const Error& error) {
    const bool is_limit = error.code() == ErrorCode::kTooLarge;
    return found(is_limit ? Refusal::kTooLarge : Refusal::kNotCanonical, error.what());
  }
}

}  // namespace mlprov::inspect
