#include "mlprov/support/error.h"

namespace mlprov {

const char* to_string(ErrorCode code) noexcept {
  switch (code) {
    case ErrorCode::kUsage:
      return "usage";
    case ErrorCode::kMalformed:
      return "malformed";
    case ErrorCode::kTooLarge:
      return "too-large";
    case ErrorCode::kNotFound:
      return "not-found";
    case ErrorCode::kIo:
      return "io";
    case ErrorCode::kCrypto:
      return "crypto";
    case ErrorCode::kUnsupported:
      return "unsupported";
    case ErrorCode::kConflict:
      return "conflict";
    case ErrorCode::kConfig:
      return "config";
    case ErrorCode::kNetwork:
      return "network";
    case ErrorCode::kInternal:
      return "internal";
  }
  return "internal";
}

}  // namespace mlprov
