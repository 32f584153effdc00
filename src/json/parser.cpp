#include "json/parser.h"

#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "json/pointer.h"
#include "mlprov/support/error.h"

namespace mlprov::json {
namespace {

/// What nlohmann says, without its prefix and without the token: that may be long, or a secret.
std::string reason_of(const Json::exception& error) {
  constexpr int kNumberOverflow = 406;
  if (error.id == kNumberOverflow) return "a number is too large for a double";
  std::string text = error.what();
  if (const auto from = text.find("] "); from != std::string::npos) text.erase(0, from + 2);
  if (const auto to = text.find("; last read"); to != std::string::npos) text.erase(to);
  return text;
}

/// Builds the value from nlohmann's events. Iterative: depth costs one pointer a level.
class BoundedBuilder : public nlohmann::json_sax<Json> {
 public:
  BoundedBuilder(Json& root, const JsonLimits& limits) : root_(root), limits_(limits) {}

  bool null() override { return place(nullptr); }
  bool boolean(bool value) override { return place(value); }
  bool number_integer(std::int64_t value) override { return place(value); }
  bool number_unsigned(std::uint64_t value) override { return place(value); }
  bool number_float(double value, const std::string& /*text*/) override { return place(value); }
  bool string(std::string& value) override { return place(std::move(value)); }
  bool binary(Json::binary_t& /*value*/) override { return false; }
  bool start_object(std::size_t /*count*/) override { return open(Json::object()); }
  bool start_array(std::size_t /*count*/) override { return open(Json::array()); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }

  bool key(std::string& name) override {
    auto& members = open_.back()->get_ref<Json::object_t&>();
    const auto [member, is_new] = members.try_emplace(std::move(name), nullptr);
    if (!is_new) {
      std::string pointer;
      append_pointer_segment(pointer, member->first);
      throw Error(ErrorCode::kMalformed,
                  "JSON has the key " + pointer.substr(1) + " twice in one object");
    }
    member_ = &member->second;
    return true;
  }

  bool parse_error(std::size_t /*position*/, const std::string& /*token*/,
                   const Json::exception& error) override {
    throw Error(ErrorCode::kMalformed, "not JSON: " + reason_of(error));
  }

 private:
  template <typename T>
  bool place(T&& value) {
    add(std::forward<T>(value));
    return true;
  }

  Json* add(Json value) {
    if (++values_ > limits_.max_values) {
      throw Error(ErrorCode::kTooLarge,
                  "JSON has more than " + std::to_string(limits_.max_values) + " values");
    }
    if (open_.empty()) {
      root_ = std::move(value);
      return &root_;
    }
    if (open_.back()->is_array()) {
      auto& elements = open_.back()->get_ref<Json::array_t&>();
      return &elements.emplace_back(std::move(value));
    }
    *member_ = std::move(value);
    return member_;
  }

  bool open(Json container) {
    if (open_.size() >= limits_.max_depth) {
      throw Error(ErrorCode::kTooLarge,
                  "JSON is nested deeper than " + std::to_string(limits_.max_depth));
    }
    open_.push_back(add(std::move(container)));
    return true;
  }

  bool close() {
    open_.pop_back();
    return true;
  }

  Json& root_;
  const JsonLimits& limits_;
  std::vector<Json*> open_;  ///< Containers from the top down to the one being filled.
  Json* member_ = nullptr;   ///< Where the value of the last key goes.
  std::size_t values_ = 0;
};

}  // namespace

Json parse_bounded(std::string_view text, const JsonLimits& limits) {
  if (text.size() > limits.max_bytes) {
    throw Error(ErrorCode::kTooLarge, "JSON holds " + std::to_string(text.size()) +
                                          " bytes, more than the limit of " +
                                          std::to_string(limits.max_bytes));
  }
  // nlohmann takes a NUL for the end and would never see what follows it.
  if (const auto nul = text.find('\0'); nul != std::string_view::npos) {
    throw Error(ErrorCode::kMalformed, "not JSON: a NUL at byte " + std::to_string(nul));
  }
  Json root;
  BoundedBuilder builder(root, limits);
  Json::sax_parse(text.begin(), text.end(), &builder);
  return root;
}

}  // namespace mlprov::json
