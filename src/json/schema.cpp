#include "mlprov/json/schema.h"

// The library calls abort() where it was not told that exceptions may be used.
#define VALIJSON_USE_EXCEPTIONS 1
#include <algorithm>
#include <locale>
#include <optional>
#include <regex>
#include <utility>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/constraint_builder.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

#include "json/schema_report.h"
#include "json/schema_rewrite.h"
#include "mlprov/support/error.h"

namespace mlprov {
namespace {

using valijson::adapters::Adapter;

/// More are never collected, so that a hostile document costs no more memory than its own.
constexpr std::size_t kMaxViolations = 1000;
struct TooManyViolations {};

/// A sentence on what is wrong with a value; nothing when it fits.
using Rule = std::function<std::optional<std::string>(const Adapter&)>;

/// One of our keywords, as the library wants it.
class RuleConstraint : public valijson::constraints::PolyConstraint {
 public:
  explicit RuleConstraint(Rule rule) : rule_(std::move(rule)) {}

  bool validate(const Adapter& target, const std::vector<std::string>& context,
                valijson::ValidationResults* results) const override {
    const std::optional<std::string> problem = rule_(target);
    if (!problem) return true;
    if (results != nullptr) {
      if (results->numErrors() >= kMaxViolations) throw TooManyViolations();
      results->pushError(context, *problem);
    }
    return false;
  }

 private:
  valijson::constraints::Constraint* cloneInto(void* memory) const override {
    return new (memory) RuleConstraint(*this);
  }
  std::size_t sizeOf() const override { return sizeof *this; }

  Rule rule_;
};

class RuleBuilder : public valijson::ConstraintBuilder {
 public:
  explicit RuleBuilder(Rule (*make_rule)(const Adapter&)) : make_rule_(make_rule) {}

  valijson::constraints::Constraint* make(const Adapter& keyword) const override {
    return new RuleConstraint(make_rule_(keyword));
  }

 private:
  Rule (*make_rule_)(const Adapter&);
};

template <typename Visit>
void for_each_element(const Adapter& array, const Visit& visit) {
  array.applyToArray([&](const Adapter& element) {
    visit(element);
    return true;
  });
}

std::string join_or(const std::vector<std::string>& words) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) text += i + 1 == words.size() ? " or " : ", ";
    text += words[i];
  }
  return text;
}

std::string type_of(const Adapter& value) {
  if (value.isNull()) return "null";
  if (value.isBool()) return "boolean";
  if (value.isInteger()) return "integer";
  if (value.isNumber()) return "number";
  if (value.isString()) return "string";
  return value.isArray() ? "array" : "object";
}

Rule make_type_rule(const Adapter& keyword) {
  static constexpr std::string_view kTypes[] = {"null",   "boolean", "integer", "number",
                                                "string", "array",   "object"};
  std::vector<std::string> types;
  for_each_element(keyword, [&](const Adapter& type) { types.push_back(type.asString()); });
  for (const std::string& type : types) {
    if (std::find(std::begin(kTypes), std::end(kTypes), type) == std::end(kTypes)) {
      throw Error(ErrorCode::kMalformed, "JSON Schema: there is no type " + type);
    }
  }
  const bool takes_number = std::find(types.begin(), types.end(), "number") != types.end();
  return [types, takes_number](const Adapter& value) -> std::optional<std::string> {
    const std::string type = type_of(value);
    const bool fits = std::find(types.begin(), types.end(), type) != types.end() ||
                      (takes_number && type == "integer");
    if (fits) return std::nullopt;
    return "is of type " + type + ", not " + join_or(types);
  };
}

std::string text_of(const Adapter& value) {
  if (value.isString()) return "\"" + value.asString() + "\"";
  if (value.isBool()) return value.getBool() ? "true" : "false";
  if (value.isInteger()) return std::to_string(value.getInteger());
  return type_of(value);
}

Rule make_enum_rule(const Adapter& keyword) {
  std::vector<std::shared_ptr<const valijson::adapters::FrozenValue>> allowed;
  std::vector<std::string> texts;
  for_each_element(keyword, [&](const Adapter& value) {
    allowed.emplace_back(value.freeze());
    texts.push_back(text_of(value));
  });
  return [allowed, message = "is not " +
                             join_or(texts)](const Adapter& value) -> std::optional<std::string> {
    const bool fits = std::any_of(allowed.begin(), allowed.end(),
                                  [&](const auto& one) { return one->equalTo(value, true); });
    return fits ? std::nullopt : std::optional(message);
  };
}

std::regex compile_pattern(const std::string& pattern) {
  auto flags = std::regex_constants::ECMAScript;
#ifdef __GLIBCXX__
  // By default libstdc++ matches by recursion, a stack frame a character.
  flags |= std::regex_constants::__polynomial;
#endif
  std::regex regex;
  regex.imbue(std::locale::classic());
  try {
    regex.assign(pattern, flags);
  } catch (const std::regex_error& error) {
    throw Error(ErrorCode::kMalformed,
                "JSON Schema: the pattern " + pattern + " cannot be used: " + error.what());
  }
  return regex;
}

Rule make_pattern_rule(const Adapter& keyword) {
  const std::string pattern = keyword.asString();
  return [regex = compile_pattern(pattern), message = "is not of the form " + pattern](
             const Adapter& value) -> std::optional<std::string> {
    if (!value.isString() || std::regex_match(value.asString(), regex)) return std::nullopt;
    return message;
  };
}

void populate(valijson::Schema& compiled, const Json& rewritten) {
  valijson::SchemaParser parser(valijson::SchemaParser::kDraft7);
  parser.addConstraintBuilder(json::kTypeKeyword, new RuleBuilder(make_type_rule));
  parser.addConstraintBuilder(json::kEnumKeyword, new RuleBuilder(make_enum_rule));
  parser.addConstraintBuilder(json::kPatternKeyword, new RuleBuilder(make_pattern_rule));
  try {
    parser.populateSchema(valijson::adapters::NlohmannJsonAdapter(rewritten), compiled);
  } catch (const Error&) {
    throw;
  } catch (const std::exception& error) {
    throw Error(ErrorCode::kMalformed, std::string("JSON Schema: ") + error.what());
  }
}

bool fits(const valijson::Schema& schema, const Json& document,
          valijson::ValidationResults* results) {
  valijson::Validator validator(valijson::Validator::kStrongTypes);
  return validator.validate(schema, valijson::adapters::NlohmannJsonAdapter(document), results);
}

std::vector<json::RawViolation> collect(const valijson::Schema& schema, const Json& document) {
  valijson::ValidationResults results;
  try {
    fits(schema, document, &results);
  } catch (const TooManyViolations&) {
    // Those that were collected are more than anybody reads.
  }
  std::vector<json::RawViolation> raw;
  for (const auto& error : results) raw.push_back({error.context, error.description});
  return raw;
}

}  // namespace

struct JsonSchema::Impl {
  valijson::Schema schema;
};

JsonSchema::JsonSchema(const Json& schema, const Loader& loader) {
  auto impl = std::make_unique<Impl>();
  populate(impl->schema, json::rewrite_schema(schema, loader));
  impl_ = std::move(impl);
}

JsonSchema::~JsonSchema() = default;
JsonSchema::JsonSchema(JsonSchema&&) noexcept = default;
JsonSchema& JsonSchema::operator=(JsonSchema&&) noexcept = default;

std::vector<SchemaViolation> JsonSchema::validate(const Json& document) const {
  if (fits(impl_->schema, document, nullptr)) return {};
  auto violations = json::report_violations(collect(impl_->schema, document));
  // The library has no words for some failures, e.g. of a key's own schema.
  if (violations.empty()) violations.push_back({"", "does not fit its schema"});
  return violations;
}

void JsonSchema::require(const Json& document, const std::string& what) const {
  constexpr std::size_t kShown = 5;
  const auto violations = validate(document);
  if (violations.empty()) return;
  std::string text = what;
  for (std::size_t i = 0; i < std::min(violations.size(), kShown); ++i) {
    const auto& [pointer, message] = violations[i];
    text += (i == 0 ? ": " : "; ") + (pointer.empty() ? "the document" : pointer) + " " + message;
  }
  if (violations.size() > kShown) {
    text += "; and " + std::to_string(violations.size() - kShown) + " more";
  }
  throw Error(ErrorCode::kConfig, text);
}

}  // namespace mlprov
