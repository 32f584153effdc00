#include "digest/safetensors_header.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <tuple>

#include "digest/dtype_table.h"
#include "mlprov/digest/dtype.h"
#include "mlprov/support/bytes.h"
#include "mlprov/support/error.h"

namespace mlprov {
namespace {

constexpr std::size_t kMaxDimensions = 1024;

/// A name from outside, fit for a message: short, and no control characters.
std::string shown(std::string_view name) {
  constexpr std::size_t kLongest = 80;
  std::string text;
  while (!name.empty() && text.size() < kLongest) {
    const std::size_t length = std::max<std::size_t>(utf8_sequence_length(name), 1);
    const bool plain = static_cast<unsigned char>(name[0]) >= 0x20 && name[0] != 0x7f;
    text += plain ? name.substr(0, length) : "?";
    name.remove_prefix(length);
  }
  return "'" + text + (name.empty() ? "'" : "...'");
}

/// Takes the parser's events, which come in the order of the text; `false` stops it. The nesting
/// is fixed (top, tensor or metadata, array), so one word says where we are.
class HeaderReader final : public nlohmann::json_sax<nlohmann::json> {
 public:
  SafetensorsHeader take() && { return std::move(header_); }
  const std::string& error() const noexcept { return error_; }

  bool null() override {
    if (place_ != Place::kTop || !in_metadata_ || has_metadata_) return refuse("a null");
    has_metadata_ = true;  // the original takes null for none
    in_metadata_ = false;
    return true;
  }
  bool boolean(bool) override { return refuse("a boolean"); }
  bool number_integer(number_integer_t) override { return refuse("a negative number"); }
  bool number_float(number_float_t, const string_t&) override {
    return refuse("a number that is no 64-bit integer");
  }
  bool binary(binary_t&) override { return refuse("binary data"); }

  bool number_unsigned(number_unsigned_t value) override {
    if (place_ == Place::kShape && numbers_.size() == kMaxDimensions) {
      return fail("has more than " + std::to_string(kMaxDimensions) + " dimensions");
    }
    if (place_ == Place::kOffsets && numbers_.size() == 2) return refuse("a third offset");
    if (place_ != Place::kShape && place_ != Place::kOffsets) return refuse("a number");
    numbers_.push_back(value);
    return true;
  }

  bool string(string_t& value) override {
    if (place_ == Place::kMetadata) return add_metadata(std::move(value));
    if (place_ != Place::kTensor || field_ != Field::kDtype) return refuse("a string");
    tensor_.dtype = std::move(value);
    field_ = Field::kNone;
    return true;
  }

  bool key(string_t& name) override {
    if (place_ == Place::kTop) return begin_member(std::move(name));
    if (place_ == Place::kTensor) return begin_field(name);
    metadata_key_ = std::move(name);
    return true;
  }

  bool start_object(std::size_t) override {
    if (place_ == Place::kStart) return go(Place::kTop);
    if (place_ == Place::kTop) return go(in_metadata_ ? Place::kMetadata : Place::kTensor);
    return refuse("an object");
  }

  bool end_object() override {
    if (place_ == Place::kTop) return go(Place::kEnd);
    if (place_ == Place::kTensor) return end_tensor();
    has_metadata_ = true;
    in_metadata_ = false;
    return go(Place::kTop);
  }

  bool start_array(std::size_t) override {
    const bool wanted =
        place_ == Place::kTensor && (field_ == Field::kShape || field_ == Field::kOffsets);
    if (!wanted) return refuse("an array");
    numbers_.clear();
    return go(field_ == Field::kShape ? Place::kShape : Place::kOffsets);
  }

  bool end_array() override {
    if (place_ == Place::kShape) {
      tensor_.shape = numbers_;
    } else {
      if (numbers_.size() != 2) return fail("needs two data_offsets");
      tensor_.begin = numbers_[0];
      tensor_.end = numbers_[1];
    }
    field_ = Field::kNone;
    return go(Place::kTensor);
  }

  bool parse_error(std::size_t position, const std::string&,
                   const nlohmann::json::exception&) override {
    if (error_.empty()) error_ = "the header is not JSON at byte " + std::to_string(position);
    return false;
  }

 private:
  enum class Place { kStart, kTop, kTensor, kShape, kOffsets, kMetadata, kEnd };
  enum class Field { kNone, kDtype, kShape, kOffsets };

  bool go(Place place) {
    place_ = place;
    return true;
  }

  std::string where() const {
    if (place_ == Place::kStart) return "the header";
    return in_metadata_ ? std::string(kSafetensorsMetadataKey) : "tensor " + shown(tensor_.name);
  }
  bool fail(const std::string& what) {
    error_ = where() + " " + what;
    return false;
  }
  bool refuse(const std::string& what) { return fail("has " + what + " where none belongs"); }

  bool begin_member(std::string name) {
    in_metadata_ = name == kSafetensorsMetadataKey;
    if (in_metadata_ && has_metadata_) return fail("stands twice");
    tensor_ = {};
    seen_ = {};
    tensor_.name = std::move(name);
    return true;
  }

  bool begin_field(const std::string& name) {
    field_ = name == "dtype"          ? Field::kDtype
             : name == "shape"        ? Field::kShape
             : name == "data_offsets" ? Field::kOffsets
                                      : Field::kNone;
    if (field_ == Field::kNone) return fail("has the unknown key " + shown(name));
    bool& seen = seen_[static_cast<std::size_t>(field_) - 1];
    if (seen) return fail("has the key " + name + " twice");
    return seen = true;
  }

  bool end_tensor() {
    if (std::ranges::find(seen_, false) != seen_.end()) {
      return fail("needs dtype, shape and data_offsets");
    }
    header_.tensors.push_back(std::move(tensor_));
    return go(Place::kTop);
  }

  bool add_metadata(std::string value) {
    const bool fresh = header_.metadata.emplace(metadata_key_, std::move(value)).second;
    return fresh || fail("has the key " + shown(metadata_key_) + " twice");
  }

  SafetensorsHeader header_;
  std::string error_;
  Place place_ = Place::kStart;
  Field field_ = Field::kNone;
  bool in_metadata_ = false;
  bool has_metadata_ = false;
  std::array<bool, 3> seen_{};  // dtype, shape, data_offsets of the current tensor
  SafetensorsInfo tensor_;
  std::string metadata_key_;
  std::vector<std::uint64_t> numbers_;
};

[[noreturn]] void malformed(const std::string& what) {
  throw Error(ErrorCode::kMalformed, "not a safetensors file: " + what);
}

[[noreturn]] void malformed(const SafetensorsInfo& tensor, const std::string& what) {
  malformed("tensor " + shown(tensor.name) + " " + what);
}

std::uint64_t size_in_bytes(const SafetensorsInfo& tensor) {
  if (!is_safetensors_dtype(tensor.dtype)) {
    malformed(tensor, "has the unknown dtype " + shown(tensor.dtype));
  }
  const auto size = safetensors_size_bytes(tensor.dtype, tensor.shape);
  if (!size) malformed(tensor, "has a shape that no memory holds or that ends inside a byte");
  return *size;
}

void check_layout(const std::vector<SafetensorsInfo>& tensors, std::uint64_t data_bytes) {
  std::uint64_t offset = 0;
  for (const SafetensorsInfo& tensor : tensors) {
    if (tensor.begin != offset || tensor.end < tensor.begin) {
      malformed(tensor, "begins at " + std::to_string(tensor.begin) + " and ends at " +
                            std::to_string(tensor.end) + " where " + std::to_string(offset) +
                            " is next: there must be no gap and no overlap");
    }
    const std::uint64_t size = size_in_bytes(tensor);
    if (tensor.end - tensor.begin != size) {
      malformed(tensor, "has " + std::to_string(tensor.end - tensor.begin) +
                            " bytes, but dtype and shape make " + std::to_string(size));
    }
    offset = tensor.end;
  }
  if (offset != data_bytes) {
    malformed("the header speaks for " + std::to_string(offset) + " bytes of data, there are " +
              std::to_string(data_bytes));
  }
}

void check_unique(const std::vector<SafetensorsInfo>& tensors) {
  std::vector<std::string_view> names;
  names.reserve(tensors.size());
  for (const SafetensorsInfo& tensor : tensors) names.push_back(tensor.name);
  std::ranges::sort(names);
  const auto twin = std::ranges::adjacent_find(names);
  if (twin != names.end()) malformed("tensor " + shown(*twin) + " stands twice");
}

}  // namespace

std::optional<std::uint64_t> safetensors_size_bytes(std::string_view dtype,
                                                    std::span<const std::uint64_t> shape) noexcept {
  const auto item_bits = dtype_bits(dtype);
  std::uint64_t bits = 1;
  for (const std::uint64_t extent : shape) {
    if (__builtin_mul_overflow(bits, extent, &bits)) return std::nullopt;
  }
  if (!item_bits || __builtin_mul_overflow(bits, std::uint64_t{*item_bits}, &bits) ||
      bits % 8 != 0) {
    return std::nullopt;
  }
  return bits / 8;
}

SafetensorsHeader parse_safetensors_header(std::string_view json, std::uint64_t data_bytes) {
  // The parser would take a zero byte for the end of the text, and skip a byte order mark.
  if (json.find('\0') != json.npos) malformed("the header holds a zero byte");
  if (json.starts_with("\xef\xbb\xbf")) malformed("the header begins with a byte order mark");
  HeaderReader reader;
  if (!nlohmann::json::sax_parse(json.begin(), json.end(), &reader)) malformed(reader.error());
  SafetensorsHeader header = std::move(reader).take();
  check_unique(header.tensors);
  std::ranges::stable_sort(header.tensors, {}, [](const SafetensorsInfo& tensor) {
    return std::tuple(tensor.begin, tensor.end);
  });
  check_layout(header.tensors, data_bytes);
  return header;
}

}  // namespace mlprov
