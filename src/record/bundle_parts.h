#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mlprov/record/bundle.h"

/// Reading a bundle in steps, so that inspect/verify can put its own checks between them and give
/// each refusal its name. `parse_bundle` runs all of them.
namespace mlprov::record {

/// How an object is written; the greatest of those that its entries ask for is the right one.
enum class ObjectForm : std::uint8_t { kBase64, kText, kJson };

std::string_view to_string(ObjectForm form) noexcept;
/// What an entry of that kind asks for. REQUIRES: not a `tree`.
ObjectForm form_for(EntryKind kind) noexcept;

struct CarriedObject {
  Bytes content;
  ObjectForm form = ObjectForm::kBase64;
};

/// A bundle of the right shape; no signature, root or digest has been looked at.
struct BundleParts {
  std::vector<SignedStatement> statements;
  std::map<Digest32, std::vector<Slot>> directories;
  std::map<Digest32, CarriedObject> objects;
  std::optional<BundleLog> log;

  /// REQUIRES statements, which every bundle of the right shape has.
  Algorithm algorithm() const { return statements.front().statement.algorithm; }
};

/// Closed keys, types and grammar of everything, payloads included. `document` is consumed piece by
/// piece, so that memory does not hold it twice. Throws `kMalformed`.
BundleParts bundle_shape(Json document);

/// Signatures of all statements (`kCrypto`).
void verify_signatures(const BundleParts& parts);

/// Directories with their roots; consumes `parts.directories`. Throws `kMalformed` for one whose
/// key is not its root.
DirectoryMap build_directories(BundleParts& parts);

/// Throws `kMalformed` for an object whose key is not its digest.
void check_objects(const BundleParts& parts);

/// `directories/<hex>`, `objects/<hex>`, `statements[3]`: places in messages.
std::string directory_place(const Digest32& root);
std::string object_place(const Digest32& digest);
std::string statement_place(std::size_t index);

}  // namespace mlprov::record
