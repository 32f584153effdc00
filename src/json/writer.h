#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "mlprov/json/canonical.h"

namespace mlprov::json {

/// What the two canonical forms differ in.
enum class Profile {
  kJcs,     ///< All of RFC 8785.
  kStrict,  ///< Integers within 2^53 - 1 only, plain ASCII keys, nesting at most 32.
};

/// Writes a value piece by piece in canonical form. Throws `kMalformed` naming the JSON pointer.
/// Recursion is bounded by the profile's nesting. Good for one value.
class CanonicalWriter {
 public:
  explicit CanonicalWriter(Profile profile) : profile_(profile) {}
  virtual ~CanonicalWriter() = default;

  void write(const Json& value);
  /// What was written and not consumed.
  std::string take() noexcept { return std::move(out_); }

 protected:
  /// Called whenever `out_` has grown a little; a subclass may consume it.
  virtual void flush() {}

  std::string out_;

 private:
  void write_number(const Json& value);
  void write_string(const std::string& text);
  void write_array(const Json& array);
  void write_object(const Json& object);
  void write_member(const std::string& key, const Json& value);
  void check_key(const std::string& key);
  void enter();
  [[noreturn]] void fail(const std::string& reason) const;

  Profile profile_;
  /// The way to the value that is being written: a key, or an index where the key is null.
  std::vector<std::pair<const std::string*, std::size_t>> path_;
};

/// Compares strings by their UTF-16 code units (RFC 8785 section 3.2.3). REQUIRES valid UTF-8.
bool utf16_less(std::string_view a, std::string_view b) noexcept;

}  // namespace mlprov::json
