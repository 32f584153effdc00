#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "mlprov/digest/algorithm.h"
#include "mlprov/json/canonical.h"
#include "mlprov/support/bytes.h"

namespace mlprov {

/// Bounds on what is read from a working tree. What lies beyond them is listed without a digest
/// and `GitCapture::incomplete` says so: nothing is left out in silence.
struct GitOptions {
  Algorithm algorithm = Algorithm::kBlake3;
  std::size_t max_diff_bytes = std::size_t{16} << 20;        ///< Text of the diff that is kept.
  std::uint64_t max_file_bytes = std::uint64_t{64} << 20;    ///< One file that is hashed.
  std::uint64_t max_total_bytes = std::uint64_t{512} << 20;  ///< All files that are hashed.
  std::size_t max_files = 10'000;  ///< Untracked and changed files that are listed.
};

enum class GitState {
  kNone,      ///< No repository around the folder, or it cannot be read: see `missing`.
  kBare,      ///< A repository without a working tree: commit only.
  kWorkTree,  ///< An ordinary checkout or a linked worktree.
};

/// A file of the working tree that the commit does not have as it is.
struct GitFile {
  enum class Change { kUntracked, kAdded, kModified, kDeleted, kTypeChange };
  std::string path;  ///< Relative to the top of the working tree, `/` between names.
  Change change = Change::kUntracked;
  std::uint64_t size = 0;
  bool symlink = false;            ///< `digest` is then that of the target's text, as in git.
  std::optional<Digest32> digest;  ///< Nothing: deleted, over a bound, or unreadable.
};

/// A submodule: the commit that the project wants and the one that is checked out.
struct GitSubmodule {
  std::string path;
  std::string wanted;       ///< 40 hex, or empty when only the working tree has it.
  std::string checked_out;  ///< 40 hex, or empty when it is not checked out.
  bool dirty = false;       ///< Its own working tree has changes; they are not recorded.
};

/// The state of the code, read through libgit2: no program is started, nothing is written.
struct GitCapture {
  GitState state = GitState::kNone;
  std::string missing;     ///< Why there is nothing more; empty for a work tree.
  std::string incomplete;  ///< What a bound left out; empty when everything is there.

  std::string commit;  ///< 40 hex; empty before the first commit.
  std::string branch;  ///< Short name; empty for a detached head.
  bool dirty = false;  ///< Tracked files differ from the commit, or a submodule does.

  /// Unified diff of tracked files, commit to working tree (staged or not), git's own format
  /// with full object ids. Binary and very large files show up as `Binary files differ`: their
  /// digests are in `files`. Cut after `max_diff_bytes`.
  std::string diff;
  std::uint64_t diff_bytes = 0;  ///< Of the whole diff.
  Digest32 diff_digest{};        ///< Of the whole diff, also when `diff` is cut.

  std::vector<GitFile> files;  ///< Changed and untracked files (.gitignore respected), by path.
  std::vector<GitSubmodule> submodules;

  std::string work_tree;             ///< Absolute path. A circumstance.
  std::vector<std::string> remotes;  ///< `name url`, without user, password or query.
};

/// Reads the repository around `folder` (a linked worktree and `.git` files work). Never throws
/// for what it finds: see `missing`.
GitCapture capture_git(const std::filesystem::path& folder, const GitOptions& options = {});

/// A remote's URL without anything that may be secret: user and password, query and fragment go.
/// `user@host:path` becomes `host:path`. Text that is neither a URL nor that form nor a path
/// becomes `(hidden)`.
std::string redact_remote(std::string_view url);

/// What the code is: state, commit, dirty, size and digest of the diff, submodules, and those
/// files that have no digest. Files with a digest are left to the tree, one `file` entry each
/// (their number is unbounded, a JSON object's size is not), and so is the diff's text.
Json git_content(const GitCapture& git);
/// Where it lay: branch, path of the working tree, remotes; why something is missing.
Json git_circumstances(const GitCapture& git);

}  // namespace mlprov
