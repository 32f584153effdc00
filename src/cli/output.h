#pragma once

#include <string>
#include <string_view>

#include "mlprov/json/canonical.h"

namespace mlprov::cli {

/// Colours of a terminal; nothing in a pipe.
enum class Style { kPlain, kBold, kGood, kBad, kCaution, kFaint };

/// The results: standard output, buffered, the only thing that the program writes there. Text
/// from outside must go through `printable` first. When the reader has gone (a closed pipe), the
/// rest is dropped in silence and `closed()` says so: the answer and its exit code stay what
/// they are. Any other failure to write throws `kIo`.
class Output {
 public:
  Output();

  /// True when nobody reads any more: a long listing may stop.
  bool closed() const noexcept { return closed_; }
  bool is_terminal() const noexcept { return is_terminal_; }
  /// True when line-drawing characters can be shown (the locale's encoding is UTF-8).
  bool is_utf8() const noexcept { return is_utf8_; }

  void write(std::string_view text);
  void line(std::string_view text = {});
  /// One JSON document and a newline; all that is not plain ASCII is escaped.
  void json(const Json& document);
  std::string styled(Style style, std::string_view text) const;

  /// REQUIRED before the program ends: what is buffered reaches the reader here, or throws.
  void flush();

 private:
  std::string buffer_;
  bool is_terminal_;
  bool is_utf8_;
  bool has_colours_;
  bool closed_ = false;
};

/// Text from outside as a JSON string: bytes that are not UTF-8 become U+FFFD.
Json json_text(std::string_view text);

}  // namespace mlprov::cli
