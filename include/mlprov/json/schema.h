#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "mlprov/json/canonical.h"

namespace mlprov {

/// One place where a document breaks a schema.
struct SchemaViolation {
  std::string pointer;  ///< JSON Pointer (RFC 6901) of the value in the document; "" is the root.
  std::string message;  ///< A sentence, without the pointer.
};

/// A compiled JSON Schema (draft 7). Immutable and safe to use from several threads.
///
/// Schemas are the program's own, documents are hostile: a pattern is matched in time linear in
/// the string and without recursion. For that, of draft 7: `pattern` must be anchored (`^...$`,
/// no `|` outside of parentheses), `patternProperties` is refused (use `propertyNames`), `format`
/// is an annotation only, `$ref` leads to `#/...` or to a whole document of the loader.
class JsonSchema {
 public:
  /// Gives the schema that a `$ref` outside of the document names, e.g. `entry.schema.json`.
  using Loader = std::function<Json(const std::string& name)>;

  /// Throws `kMalformed` when `schema` is not a usable schema. Without a loader every reference
  /// must stay inside; nothing is ever fetched from a network.
  explicit JsonSchema(const Json& schema, const Loader& loader = {});
  ~JsonSchema();
  JsonSchema(JsonSchema&&) noexcept;
  JsonSchema& operator=(JsonSchema&&) noexcept;

  /// All violations (of very many, the first thousand found), in document order; empty when the
  /// document fits. REQUIRES a document that is
  /// nested no deeper than `JsonLimits::max_depth` (what the parsers give is not).
  std::vector<SchemaViolation> validate(const Json& document) const;

  /// Throws `kConfig` naming `what` and the first violations when the document does not fit.
  void require(const Json& document, const std::string& what) const;

 private:
  struct Impl;
  std::unique_ptr<const Impl> impl_;
};

}  // namespace mlprov
