#include "json/pointer.h"

#include "mlprov/support/bytes.h"

namespace mlprov::json {
namespace {

constexpr std::size_t kLongestSegment = 200;

void append_character(std::string& pointer, std::string_view character) {
  if (character == "~") {
    pointer.append("~0");
  } else if (character == "/") {
    pointer.append("~1");
  } else if (static_cast<unsigned char>(character[0]) < 0x20 || character == "\x7F") {
    pointer.push_back('?');
  } else {
    pointer.append(character);
  }
}

}  // namespace

void append_pointer_segment(std::string& pointer, std::string_view segment) {
  pointer.push_back('/');
  const std::size_t start = pointer.size();
  while (!segment.empty()) {
    if (pointer.size() - start > kLongestSegment) {
      pointer.append("...");
      return;
    }
    const std::size_t length = utf8_sequence_length(segment);
    append_character(pointer, length == 0 ? std::string_view("?") : segment.substr(0, length));
    segment.remove_prefix(length == 0 ? 1 : length);
  }
}

std::string describe_pointer(std::string_view pointer) {
  return pointer.empty() ? "JSON at its top" : "JSON at " + std::string(pointer);
}

}  // namespace mlprov::json
