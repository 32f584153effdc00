#include "mlprov/json/schemas.h"

#include <map>
#include <string>

#include "json/schemas_embedded.h"
#include "mlprov/support/error.h"

namespace mlprov {
namespace {

constexpr std::string_view kSuffix = ".schema.json";

/// What a `$ref` between our files names: `entry.schema.json`.
Json load_sibling(const std::string& file) {
  std::string_view name = file;
  if (name.ends_with(kSuffix)) name.remove_suffix(kSuffix.size());
  return parse_json(schema_text(name));
}

using CompiledSchemas = std::map<std::string_view, JsonSchema>;

CompiledSchemas compile_all() {
  CompiledSchemas compiled;
  for (const auto& [name, text] : json::embedded_schemas()) {
    compiled.try_emplace(name, parse_json(text), load_sibling);
  }
  return compiled;
}

[[noreturn]] void throw_unknown(std::string_view name) {
  std::string known;
  for (const std::string_view one : schema_names()) known.append(" ").append(one);
  throw Error(ErrorCode::kNotFound,
              "there is no schema `" + std::string(name) + "`; there are:" + known);
}

}  // namespace

std::vector<std::string_view> schema_names() {
  std::vector<std::string_view> names;
  for (const auto& schema : json::embedded_schemas()) names.push_back(schema.name);
  return names;
}

std::string_view schema_text(std::string_view name) {
  for (const auto& schema : json::embedded_schemas()) {
    if (schema.name == name) return schema.text;
  }
  throw_unknown(name);
}

const JsonSchema& schema_for(std::string_view name) {
  static const CompiledSchemas kCompiled = compile_all();
  const auto found = kCompiled.find(name);
  if (found == kCompiled.end()) throw_unknown(name);
  return found->second;
}

}  // namespace mlprov
