#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mlprov/record/bundle.h"

/// Finding things in a run by the path that people write (`before/config/parameters`,
/// `step-00000001/files/a`).
namespace mlprov::record {

/// The statement that speaks for the smallest directory strictly around `path`, and the rest of
/// the path below that directory. Null when no statement does.
struct Speaker {
  const SignedStatement* statement = nullptr;
  std::string_view rest;
};
Speaker speaker_for(const std::vector<SignedStatement>& statements, std::string_view path);

/// A directory on the way to an entry, and the entry's name in it.
struct Place {
  const Directory* parent = nullptr;
  const Entry* entry = nullptr;
};
/// The way from a statement's directory to the entry at `path`, which comes last; empty when it is
/// absent, withheld, or not at hand.
std::vector<Place> way_to(const std::vector<SignedStatement>& statements,
                          const DirectoryMap& directories, std::string_view path);

/// The directory with that root, or null.
const Directory* find_directory(const DirectoryMap& directories, const Digest32& root);

}  // namespace mlprov::record
