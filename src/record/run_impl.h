#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "mlprov/record/run.h"
#include "record/skeleton.h"

namespace mlprov {

/// The state of a run in the making.
struct RunBuilder::Impl {
  /// A folder that is open for writing: the builder of its part, and the path in there.
  struct Target {
    MerkleTreeBuilder* builder;
    std::string folder;
    record::Position position;
  };

  Impl(RunIdentity run_identity, const PrivateKey& run_key, RunEnvironment run_environment);

  Digest32 digest_of(ByteView bytes) const;
  /// Digest of a content, which is kept if a bundle may carry it.
  Digest32 keep(ByteView content);
  /// Writes the entry that ties a tree to this run.
  void mark(MerkleTreeBuilder& builder);

  bool is_run_of_steps() const { return steps > 1 && !is_before_sealed; }

  Target target(std::string_view folder);
  Target target_below(MerkleTreeBuilder& builder, record::Position position,
                      const std::vector<std::string>& names, std::size_t skip,
                      std::string_view folder);
  void add(std::string_view folder, Entry entry, Salting salting);
  const SignedStatement& seal(Phase phase, std::uint64_t number, MerkleTree tree);
  void replay(const SignedStatement& sealed, MerkleTree tree);
  MerkleTree whole_tree() const;

  RunIdentity identity;
  const PrivateKey& key;
  RunEnvironment environment;

  MerkleTreeBuilder before;
  MerkleTreeBuilder epoch;
  MerkleTreeBuilder step;
  MerkleTreeBuilder top;  ///< `result` and `circumstances`, until the run is whole.
  bool is_before_used = false;
  bool is_before_sealed = false;
  bool is_after_sealed = false;
  std::uint64_t steps = 0;
  std::vector<MerkleTree> epochs;
  std::optional<MerkleTree> leading_step;
  std::optional<MerkleTree> before_tree;

  std::optional<MerkleTree> last;
  std::vector<SignedStatement> statements;
  DirectoryMap directories;
  std::map<Digest32, Bytes> objects;
};

}  // namespace mlprov
