#include "capture/git_changes.h"

#include <algorithm>
#include <memory>

#include "capture/git_file.h"
#include "capture/text.h"
#include "mlprov/digest/hasher.h"

namespace mlprov::capture {
namespace {

/// Explicit where the user's configuration would otherwise have a say: the same tree gives the
/// same diff everywhere.
git_diff_options diff_options(const GitOptions& options) {
  git_diff_options diff = GIT_DIFF_OPTIONS_INIT;
  diff.flags = GIT_DIFF_INCLUDE_UNTRACKED | GIT_DIFF_RECURSE_UNTRACKED_DIRS |
               GIT_DIFF_INCLUDE_TYPECHANGE | GIT_DIFF_INCLUDE_TYPECHANGE_TREES;
  diff.context_lines = 3;
  diff.interhunk_lines = 0;
  diff.id_abbrev = GIT_OID_HEXSZ;
  diff.old_prefix = "a";
  diff.new_prefix = "b";
  diff.max_size = static_cast<git_off_t>(options.max_file_bytes);
  return diff;
}

GitTree head_tree(git_repository* repository) {
  git_object* object = nullptr;
  const int code = git_revparse_single(&object, repository, "HEAD^{tree}");
  if (code == GIT_ENOTFOUND) return nullptr;  // Before the first commit.
  check_git(code, "cannot read the commit's tree");
  return GitTree(reinterpret_cast<git_tree*>(object));
}

/// Takes the diff piece by piece: all of it is hashed, the beginning is kept.
class DiffSink {
 public:
  DiffSink(const GitOptions& options, GitCapture& git)
      : git_(git),
        limit_(options.max_diff_bytes),
        hasher_(HashFactory::create(options.algorithm)) {}

  void add(std::string_view text) {
    hasher_->update(as_bytes(text));
    git_.diff_bytes += text.size();
    const std::size_t room = limit_ - std::min(limit_, git_.diff.size());
    git_.diff.append(text.substr(0, room));
  }

  void finish() {
    const Bytes digest = hasher_->finish();
    std::copy_n(digest.begin(), git_.diff_digest.size(), git_.diff_digest.begin());
  }

 private:
  GitCapture& git_;
  std::size_t limit_;
  std::unique_ptr<Hasher> hasher_;
};

int take_line(const git_diff_delta* delta, const git_diff_hunk*, const git_diff_line* line,
              void* data) {
  if (delta->status == GIT_DELTA_UNTRACKED) return 0;
  try {
    auto& sink = *static_cast<DiffSink*>(data);
    const bool has_sign = line->origin == GIT_DIFF_LINE_CONTEXT ||
                          line->origin == GIT_DIFF_LINE_ADDITION ||
                          line->origin == GIT_DIFF_LINE_DELETION;
    if (has_sign) sink.add({&line->origin, 1});
    sink.add({line->content, line->content_len});
    return 0;
  } catch (...) {
    return GIT_EUSER;  // Out of memory: an exception must not cross libgit2.
  }
}

GitFile::Change change_of(git_delta_t status) {
  switch (status) {
    case GIT_DELTA_UNTRACKED:
      return GitFile::Change::kUntracked;
    case GIT_DELTA_ADDED:
      return GitFile::Change::kAdded;
    case GIT_DELTA_DELETED:
      return GitFile::Change::kDeleted;
    case GIT_DELTA_TYPECHANGE:
      return GitFile::Change::kTypeChange;
    default:
      return GitFile::Change::kModified;
  }
}

bool is_submodule(const git_diff_delta& delta) {
  return delta.new_file.mode == GIT_FILEMODE_COMMIT || delta.old_file.mode == GIT_FILEMODE_COMMIT;
}

void add_sentence(std::string& text, const std::string& sentence) {
  if (!text.empty()) text += "; ";
  text += sentence;
}

void read_files(git_diff* diff, const GitOptions& options, GitCapture& git,
                const std::string& work_tree) {
  GitFileHasher hasher(work_tree, options);
  std::size_t unlisted = 0;
  for (std::size_t i = 0; i < git_diff_num_deltas(diff); ++i) {
    const git_diff_delta& delta = *git_diff_get_delta(diff, i);
    if (delta.status != GIT_DELTA_UNTRACKED) git.dirty = true;
    if (is_submodule(delta)) continue;
    if (git.files.size() >= options.max_files) {
      ++unlisted;
      continue;
    }
    const std::string raw = delta.new_file.path != nullptr ? delta.new_file.path : "";
    GitFile file;
    file.path = printable(raw);
    file.change = change_of(delta.status);
    if (file.change != GitFile::Change::kDeleted) hasher.fill(file, raw);
    git.files.push_back(std::move(file));
  }
  if (unlisted > 0) {
    add_sentence(git.incomplete, std::to_string(unlisted) + " more files are not listed (limit " +
                                     std::to_string(options.max_files) + ")");
  }
  if (hasher.left_out() > 0) {
    add_sentence(git.incomplete,
                 std::to_string(hasher.left_out()) +
                     " files have no digest: over the size limits, unreadable, or no plain files");
  }
}

int collect_submodule(git_submodule*, const char* name, void* data) {
  try {
    static_cast<std::vector<std::string>*>(data)->emplace_back(name);
    return 0;
  } catch (...) {
    return GIT_EUSER;
  }
}

GitSubmodule describe_submodule(git_repository* repository, git_submodule* submodule,
                                const std::string& name) {
  GitSubmodule described;
  described.path = printable(git_submodule_path(submodule));
  described.wanted = oid_text(git_submodule_head_id(submodule));
  described.checked_out = oid_text(git_submodule_wd_id(submodule));
  unsigned status = 0;
  const int code =
      git_submodule_status(&status, repository, name.c_str(), GIT_SUBMODULE_IGNORE_UNSPECIFIED);
  constexpr unsigned kDirty = GIT_SUBMODULE_STATUS_WD_INDEX_MODIFIED |
                              GIT_SUBMODULE_STATUS_WD_WD_MODIFIED |
                              GIT_SUBMODULE_STATUS_WD_UNTRACKED;
  described.dirty = code == 0 && (status & kDirty) != 0;
  return described;
}

}  // namespace

void read_changes(git_repository* repository, const GitOptions& options, GitCapture& git) {
  const git_diff_options settings = diff_options(options);
  const GitTree tree = head_tree(repository);
  git_diff* raw = nullptr;
  check_git(git_diff_tree_to_workdir_with_index(&raw, repository, tree.get(), &settings),
            "cannot compare the working tree with the commit");
  const GitDiff diff(raw);
  DiffSink sink(options, git);
  check_git(git_diff_print(diff.get(), GIT_DIFF_FORMAT_PATCH, &take_line, &sink),
            "cannot write the diff");
  sink.finish();
  if (git.diff.size() < git.diff_bytes) {
    add_sentence(git.incomplete,
                 "the diff's text is cut after " + std::to_string(git.diff.size()) + " bytes");
  }
  read_files(diff.get(), options, git, git_repository_workdir(repository));
}

void read_submodules(git_repository* repository, GitCapture& git) {
  std::vector<std::string> names;
  check_git(git_submodule_foreach(repository, &collect_submodule, &names),
            "cannot list the submodules");
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  for (const std::string& name : names) {
    git_submodule* raw = nullptr;
    if (git_submodule_lookup(&raw, repository, name.c_str()) != 0) continue;
    const GitSubmoduleHandle submodule(raw);
    git.submodules.push_back(describe_submodule(repository, submodule.get(), name));
    const GitSubmodule& seen = git.submodules.back();
    if (seen.dirty || (!seen.checked_out.empty() && seen.checked_out != seen.wanted)) {
      git.dirty = true;
    }
  }
}

}  // namespace mlprov::capture
