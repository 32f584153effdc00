#pragma once

#include <string>
#include <string_view>

namespace mlprov::json {

/// Appends `/` and the segment, escaped as RFC 6901 wants it. Bytes that would garble a message
/// (control characters, what is not UTF-8) become `?`, and a long segment is cut.
void append_pointer_segment(std::string& pointer, std::string_view segment);

/// For messages: "JSON at /a/b", or "JSON at its top" for the empty pointer.
std::string describe_pointer(std::string_view pointer);

}  // namespace mlprov::json
