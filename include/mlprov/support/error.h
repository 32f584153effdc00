#pragma once

#include <stdexcept>
#include <string>

namespace mlprov {

/// What kind of thing went wrong. A verification's negative outcome is never an
/// `Error`: it is a value (see inspect/verify.h).
enum class ErrorCode {
  kUsage,        ///< The caller asked for something that makes no sense.
  kMalformed,    ///< Bytes from outside are not what they claim to be.
  kTooLarge,     ///< A size, depth or count is over the stated limit.
  kNotFound,     ///< A named file, key, run or entry does not exist.
  kIo,           ///< The operating system refused a read or a write.
  kCrypto,       ///< A key, password or signature operation failed.
  kUnsupported,  ///< Well-formed, but this build or version cannot do it.
  kConflict,     ///< Two things claim the same name or place.
  kConfig,       ///< A configuration value is wrong.
  kNetwork,      ///< A server did not answer, or answered nonsense.
  kInternal,     ///< A state that should be impossible.
};

/// Returns the stable lower-case name of a code ("malformed", "not-found", ...).
const char* to_string(ErrorCode code) noexcept;

/// The one exception type of the library. `what()` is a sentence that names the
/// thing concerned and, where there is one, the way out. It never holds a secret.
class Error : public std::runtime_error {
 public:
  Error(ErrorCode code, const std::string& message) : std::runtime_error(message), code_(code) {}

  ErrorCode code() const noexcept { return code_; }

 private:
  ErrorCode code_;
};

}  // namespace mlprov
