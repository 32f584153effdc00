#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mlprov/merkle/directory.h"
#include "mlprov/record/statement.h"

namespace mlprov {

inline constexpr std::string_view kBundleFormat = "mlprov-bundle-v1";
/// Objects over this size are never carried: their entries stay `bound`.
inline constexpr std::size_t kMaxObjectBytes = std::size_t{64} * 1024;
/// By default a directory of more entries than this is not carried, nor what lies below it.
inline constexpr std::uint64_t kMaxCarriedEntries = 4096;

/// The bundle's view of the log that its statements stand in.
struct BundleLog {
  std::string checkpoint;  ///< A signed note; witnesses' lines are kept.
  std::string vkey;
};

/// One run as one document that verifies alone. Reading a bundle checks its shape and each
/// signature and digest on its own; whether it all belongs together is inspect/verify's word.
struct Bundle {
  Algorithm algorithm = Algorithm::kBlake3;
  std::vector<SignedStatement> statements;  ///< In the order of the chain; never empty.
  DirectoryMap directories;
  std::map<Digest32, Bytes> objects;  ///< Contents by digest, each at most `kMaxObjectBytes`.
  /// How each object is written: frozen by the kinds that refer to it (docs/format.md).
  std::optional<BundleLog> log;
};

/// Canonical JSON of a bundle. The form of each object (json, text, base64) follows from the
/// entries that refer to it; throws `kMalformed` for an object that nothing refers to.
std::string encode_bundle(const Bundle& bundle);

/// Reads one: canonical parse with limits, closed keys, statements' signatures, directory roots,
/// object digests. Throws `kMalformed`, `kCrypto` or `kTooLarge` naming the place.
Bundle parse_bundle(std::string_view text, const JsonLimits& limits = {});

/// Which directories and contents an exported bundle leaves out.
struct BundleSelection {
  std::uint64_t max_entries = kMaxCarriedEntries;  ///< Larger directories stay `bound`.
  std::vector<std::string> carry;                  ///< Paths carried whatever their size.
  std::vector<std::string> hide;  ///< Paths of salted entries replaced by their leaf hash.
  std::vector<std::string> drop;  ///< Paths whose contents are left out (`bound`).
};

/// The bundle that carries only what is selected; statements and log stay. Throws `kUsage` for a
/// path that is not there or may not be hidden (docs/format.md: unsalted, or in a skeleton list).
Bundle select(const Bundle& full, const BundleSelection& selection);

}  // namespace mlprov
