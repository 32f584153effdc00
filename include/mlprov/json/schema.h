#pragma once

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
class JsonSchema {
 public:
  /// Throws `kMalformed` when `schema` is not a usable schema. No reference is ever fetched.
  explicit JsonSchema(const Json& schema);
  ~JsonSchema();
  JsonSchema(JsonSchema&&) noexcept;
  JsonSchema& operator=(JsonSchema&&) noexcept;

  /// All violations, in document order; empty when the document fits.
  std::vector<SchemaViolation> validate(const Json& document) const;

  /// Throws `kConfig` naming `what` and the first violations when the document does not fit.
  void require(const Json& document, const std::string& what) const;

 private:
  struct Impl;
  std::unique_ptr<const Impl> impl_;
};

}  // namespace mlprov
