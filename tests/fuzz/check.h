#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

#include "mlprov/support/bytes.h"
#include "mlprov/support/error.h"

/// What every fuzz target is made of. A target is one function on bytes; it ends the program when
/// a promise is broken, and everything but `mlprov::Error` that is thrown ends it as well.
namespace mlprov::fuzz {

/// Ends the program unless the promise holds.
inline void demand(bool holds, const char* promise) {
  if (holds) return;
  std::fprintf(stderr, "broken: %s\n", promise);
  std::abort();
}

/// What `read` returns; nothing when it refuses the input with an Error that may be the input's
/// fault.
template <typename Read>
auto attempt(Read&& read) -> std::optional<decltype(read())> {
  try {
    return read();
  } catch (const Error& error) {
    demand(error.code() != ErrorCode::kInternal, "input never leads to an impossible state");
    demand(is_utf8(error.what()), "a message is text, whatever the input was");
    return std::nullopt;
  }
}

/// Takes the first byte off, as a choice that the fuzzer makes; 0 when there is none.
inline std::uint8_t take_byte(std::string_view& text) {
  if (text.empty()) return 0;
  const auto byte = static_cast<std::uint8_t>(text[0]);
  text.remove_prefix(1);
  return byte;
}

}  // namespace mlprov::fuzz

/// Defined by each target; called by libFuzzer, or by replay.cpp for every file of a corpus.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
