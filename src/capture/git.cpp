#include "mlprov/capture/git.h"

#include <algorithm>

#include "capture/git_changes.h"
#include "capture/git_handle.h"
#include "capture/text.h"
#include "mlprov/support/error.h"
#include "mlprov/support/hex.h"

namespace mlprov {
namespace {

using capture::check_git;
using capture::printable;

void read_head(git_repository* repository, GitCapture& git) {
  git_reference* raw = nullptr;
  const int code = git_repository_head(&raw, repository);
  if (code == GIT_EUNBORNBRANCH || code == GIT_ENOTFOUND) return;
  check_git(code, "cannot read HEAD");
  const capture::GitReference head(raw);
  if (git_reference_is_branch(head.get()) != 0) {
    git.branch = printable(git_reference_shorthand(head.get()));
  }
  git_object* object = nullptr;
  check_git(git_reference_peel(&object, head.get(), GIT_OBJECT_COMMIT), "cannot read the commit");
  const capture::GitObject commit(object);
  git.commit = capture::oid_text(git_object_id(commit.get()));
}

void read_remotes(git_repository* repository, GitCapture& git) {
  git_strarray names{};
  check_git(git_remote_list(&names, repository), "cannot list the remotes");
  for (std::size_t i = 0; i < names.count; ++i) {
    git_remote* raw = nullptr;
    if (git_remote_lookup(&raw, repository, names.strings[i]) != 0) continue;
    const capture::GitRemote remote(raw);
    const char* const url = git_remote_url(remote.get());
    git.remotes.push_back(printable(names.strings[i]) + " " + redact_remote(url ? url : ""));
  }
  git_strarray_dispose(&names);
  std::sort(git.remotes.begin(), git.remotes.end());
}

capture::GitRepository open_around(const std::filesystem::path& folder, GitCapture& git) {
  git_repository* raw = nullptr;
  const int code = git_repository_open_ext(&raw, folder.c_str(), 0, nullptr);
  if (code == 0) return capture::GitRepository(raw);
  git.missing = code == GIT_ENOTFOUND
                    ? "there is no git repository around " + printable(folder.string())
                    : "the git repository cannot be opened: " + capture::git_error_text();
  return nullptr;
}

void read_repository(const std::filesystem::path& folder, const GitOptions& options,
                     GitCapture& git) {
  const capture::GitLibrary library;
  const auto repository = open_around(folder, git);
  if (!repository) return;
  const bool bare = git_repository_is_bare(repository.get()) != 0;
  git.state = bare ? GitState::kBare : GitState::kWorkTree;
  read_head(repository.get(), git);
  read_remotes(repository.get(), git);
  if (bare) {
    git.missing = "the repository is bare: it has no working tree to look at";
    return;
  }
  git.work_tree = printable(git_repository_workdir(repository.get()));
  capture::read_changes(repository.get(), options, git);
  capture::read_submodules(repository.get(), git);
}

const char* state_name(GitState state) {
  if (state == GitState::kBare) return "bare";
  return state == GitState::kWorkTree ? "work-tree" : "none";
}

const char* change_name(GitFile::Change change) {
  switch (change) {
    case GitFile::Change::kUntracked:
      return "untracked";
    case GitFile::Change::kAdded:
      return "added";
    case GitFile::Change::kModified:
      return "modified";
    case GitFile::Change::kDeleted:
      return "deleted";
    case GitFile::Change::kTypeChange:
      return "type-change";
  }
  return "modified";
}

Json unhashed_files(const GitCapture& git) {
  constexpr std::size_t kMaxListed = 100;
  Json list = Json::array();
  for (const GitFile& file : git.files) {
    const bool gone = file.change == GitFile::Change::kDeleted;
    if (file.digest || gone || list.size() >= kMaxListed) continue;
    list.push_back({{"change", change_name(file.change)},
                    {"path", file.path},
                    {"size", capture::json_number(file.size)}});
  }
  return list;
}

Json submodules_json(const GitCapture& git) {
  Json list = Json::array();
  for (const GitSubmodule& submodule : git.submodules) {
    list.push_back({{"checked_out", submodule.checked_out},
                    {"dirty", submodule.dirty},
                    {"path", submodule.path},
                    {"wanted", submodule.wanted}});
  }
  return list;
}

}  // namespace

GitCapture capture_git(const std::filesystem::path& folder, const GitOptions& options) {
  GitCapture git;
  try {
    read_repository(folder, options, git);
  } catch (const std::exception& error) {
    git.missing = printable(error.what());
  }
  return git;
}

Json git_content(const GitCapture& git) {
  Json json = {{"state", state_name(git.state)}};
  if (git.state == GitState::kNone) return json;
  json["commit"] = git.commit;
  if (git.state == GitState::kBare) return json;
  json["dirty"] = git.dirty;
  json["diff"] = {{"digest", to_hex(git.diff_digest)},
                  {"size", capture::json_number(git.diff_bytes)}};
  json["files"] = capture::json_number(git.files.size());
  json["incomplete"] = git.incomplete;
  json["submodules"] = submodules_json(git);
  json["unhashed"] = unhashed_files(git);
  return json;
}

Json git_circumstances(const GitCapture& git) {
  return {{"branch", git.branch},
          {"missing", git.missing},
          {"remotes", git.remotes},
          {"work_tree", git.work_tree}};
}

}  // namespace mlprov
