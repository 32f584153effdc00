#pragma once

#include <memory>
#include <optional>
#include <set>

#include "inspect/visits.h"
#include "record/bundle_parts.h"

namespace mlprov::inspect {

/// A bundle under examination: what was read, and what earlier checks made of it.
struct Evidence {
  record::BundleParts parts;
  std::shared_ptr<const DirectoryMap> directories;  ///< Once their roots were checked.
  std::unique_ptr<const Visits> visits;             ///< Once digests were checked.
  std::set<Digest32> at_hand;                       ///< Digests of artifacts that were found right.

  const std::vector<SignedStatement>& statements() const { return parts.statements; }
  const record::CarriedObject* object(const Digest32& digest) const {
    const auto found = parts.objects.find(digest);
    return found == parts.objects.end() ? nullptr : &found->second;
  }
};

}  // namespace mlprov::inspect
