#include "json/schema_rewrite.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>

#include "json/pointer.h"
#include "mlprov/support/error.h"

namespace mlprov::json {
namespace {

constexpr std::size_t kMaxSchemaDepth = 64;

[[noreturn]] void refuse(const std::string& reason) {
  throw Error(ErrorCode::kMalformed, "JSON Schema: " + reason);
}

/// True when `pattern` is `^...$` and every `|` stands inside parentheses.
bool is_anchored(std::string_view pattern) {
  if (pattern.size() < 2 || pattern.front() != '^' || pattern.back() != '$') return false;
  int depth = 0;
  bool in_class = false;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const char c = pattern[i];
    if (c == '\\') {
      ++i;
    } else if (in_class) {
      in_class = c != ']';
    } else if (c == '[') {
      in_class = true;
    } else if (c == '(' || c == ')') {
      depth += c == '(' ? 1 : -1;
    } else if (c == '|' && depth == 0) {
      return false;
    }
  }
  return pattern[pattern.size() - 2] != '\\';
}

/// Walks a schema along its keywords, so that a property called `pattern` is left alone.
class Rewriter {
 public:
  explicit Rewriter(const JsonSchema::Loader& loader) : loader_(loader) {}

  Json run(const Json& schema) {
    Json result = rewrite(schema, "", 0);
    if (!loaded_.empty()) result["definitions"].update(loaded_);
    return result;
  }

 private:
  Json rewrite(const Json& schema, const std::string& base, std::size_t depth) {
    if (depth > kMaxSchemaDepth) refuse("it is nested too deeply");
    if (schema.is_boolean()) return schema;
    if (!schema.is_object()) refuse("a schema must be an object or a boolean");
    if (const auto ref = schema.find("$ref"); ref != schema.end()) {
      return {{"$ref", resolve(*ref, base)}};
    }
    Json result = Json::object();
    for (const auto& [keyword, value] : schema.items()) {
      add_keyword(result, keyword, value, base, depth + 1);
    }
    return result;
  }

  void add_keyword(Json& result, const std::string& keyword, const Json& value,
                   const std::string& base, std::size_t depth) {
    if (keyword == "type") {
      result[kTypeKeyword] = value.is_array() ? value : Json::array({value});
    } else if (keyword == "const") {
      result[kEnumKeyword] = Json::array({value});
    } else if (keyword == "enum") {
      result[kEnumKeyword] = value;
    } else if (keyword == "pattern") {
      result[kPatternKeyword] = checked_pattern(value);
    } else if (keyword == "patternProperties") {
      refuse("patternProperties is not supported; use propertyNames");
    } else if (keyword != "format" && keyword != "$id" && keyword != "$schema") {
      result[keyword] = rewrite_children(keyword, value, base, depth);
    }
  }

  Json rewrite_children(const std::string& keyword, const Json& value, const std::string& base,
                        std::size_t depth) {
    static constexpr std::array kOfSchemas = {"definitions", "dependencies", "properties"};
    static constexpr std::array kSchemas = {"additionalItems",
                                            "additionalProperties",
                                            "allOf",
                                            "anyOf",
                                            "contains",
                                            "else",
                                            "if",
                                            "items",
                                            "not",
                                            "oneOf",
                                            "propertyNames",
                                            "then"};
    const auto is_keyword = [&](const char* name) { return keyword == name; };
    if (std::any_of(kSchemas.begin(), kSchemas.end(), is_keyword)) {
      if (keyword.ends_with("Of") && !value.is_array()) refuse(keyword + " must be an array");
      return rewrite_one_or_many(value, base, depth);
    }
    if (std::none_of(kOfSchemas.begin(), kOfSchemas.end(), is_keyword)) return value;
    if (!value.is_object()) refuse(keyword + " must be an object");
    Json result = Json::object();
    for (const auto& [name, child] : value.items()) {
      const bool is_list = keyword == "dependencies" && child.is_array();
      result[name] = is_list ? child : rewrite(child, base, depth + 1);
    }
    return result;
  }

  Json rewrite_one_or_many(const Json& value, const std::string& base, std::size_t depth) {
    if (!value.is_array()) return rewrite(value, base, depth + 1);
    Json result = Json::array();
    for (const Json& child : value) result.push_back(rewrite(child, base, depth + 1));
    return result;
  }

  static const Json& checked_pattern(const Json& pattern) {
    if (!pattern.is_string()) refuse("pattern must be a string");
    if (!is_anchored(pattern.get_ref<const std::string&>())) {
      refuse("the pattern " + pattern.get<std::string>() +
             " must be of the form ^...$ with every | in parentheses");
    }
    return pattern;
  }

  /// A reference inside stays, one to another document leads to where that is taken in.
  std::string resolve(const Json& ref, const std::string& base) {
    if (!ref.is_string()) refuse("$ref must be a string");
    const auto& text = ref.get_ref<const std::string&>();
    const std::size_t hash = std::min(text.find('#'), text.size());
    const std::string document = text.substr(0, hash);
    const std::string pointer = hash < text.size() ? text.substr(hash + 1) : "";
    if (!pointer.empty() && pointer[0] != '/') refuse("$ref " + text + " is not supported");
    return "#" + (document.empty() ? base : load(document)) + pointer;
  }

  /// Takes a document in, once, and returns the pointer to it.
  std::string load(const std::string& name) {
    std::string base = "/definitions";
    append_pointer_segment(base, name);
    if (loaded_.contains(name)) return base;
    if (!loader_) refuse("$ref leads to another document, " + name);
    loaded_[name] = true;  // so that documents may refer to each other
    loaded_[name] = rewrite(loader_(name), base, 0);
    return base;
  }

  const JsonSchema::Loader& loader_;
  Json loaded_ = Json::object();
};

}  // namespace

Json rewrite_schema(const Json& schema, const JsonSchema::Loader& loader) {
  return Rewriter(loader).run(schema);
}

}  // namespace mlprov::json
