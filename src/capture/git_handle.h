#pragma once

#include <git2.h>

#include <memory>
#include <string>

namespace mlprov::capture {

/// Initialises libgit2 for as long as it lives; calls nest.
class GitLibrary {
 public:
  GitLibrary();
  ~GitLibrary();
  GitLibrary(const GitLibrary&) = delete;
  GitLibrary& operator=(const GitLibrary&) = delete;
};

/// Throws `kIo` with libgit2's own words when `code` is negative.
void check_git(int code, const char* doing);

/// libgit2's words for the last failure.
std::string git_error_text();

template <typename T, void (*Free)(T*)>
struct GitFree {
  void operator()(T* handle) const noexcept { Free(handle); }
};

template <typename T, void (*Free)(T*)>
using GitHandle = std::unique_ptr<T, GitFree<T, Free>>;

using GitRepository = GitHandle<git_repository, git_repository_free>;
using GitReference = GitHandle<git_reference, git_reference_free>;
using GitObject = GitHandle<git_object, git_object_free>;
using GitTree = GitHandle<git_tree, git_tree_free>;
using GitDiff = GitHandle<git_diff, git_diff_free>;
using GitRemote = GitHandle<git_remote, git_remote_free>;
using GitSubmoduleHandle = GitHandle<git_submodule, git_submodule_free>;

std::string oid_text(const git_oid* oid);

}  // namespace mlprov::capture
