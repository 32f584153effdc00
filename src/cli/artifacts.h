#pragma once

#include <string>
#include <vector>

#include "mlprov/inspect/verify.h"
#include "mlprov/merkle/tree.h"

namespace mlprov::cli {

/// What the files at hand came to.
struct Artifacts {
  std::vector<ArtifactDigest> digests;
  std::string objection;  ///< A tensor's dtype or shape that is not the run's: a sentence.
};

/// Digests of the files that `--artifact PATH=FILE` names. PATH may be a file's entry, a tensor's
/// (FILE: a safetensors file that has it, or its bare bytes), or a directory: then FILE is a
/// folder, for the files below it, or a safetensors file, for its tensors. `tree` is the run's.
/// Throws `kUsage` for an argument of another form, `kNotFound`, `kIo`, `kMalformed`.
Artifacts digest_artifacts(const std::vector<std::string>& arguments, const MerkleTree& tree);

/// Bytes of one file for one entry: as above, without directories.
struct EntryBytes {
  Digest32 digest{};
  std::uint64_t size = 0;
  std::string objection;
};
EntryBytes digest_for_entry(Algorithm algorithm, const Entry& entry, const std::string& file);

}  // namespace mlprov::cli
