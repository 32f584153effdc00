#include "capture/git_handle.h"

#include "mlprov/support/error.h"

namespace mlprov::capture {

GitLibrary::GitLibrary() { check_git(git_libgit2_init(), "cannot start libgit2"); }

GitLibrary::~GitLibrary() { git_libgit2_shutdown(); }

std::string git_error_text() {
  const git_error* const error = git_error_last();
  return error != nullptr && error->message != nullptr ? error->message : "no reason given";
}

void check_git(int code, const char* doing) {
  if (code < 0) throw Error(ErrorCode::kIo, std::string(doing) + ": " + git_error_text());
}

std::string oid_text(const git_oid* oid) {
  if (oid == nullptr || git_oid_is_zero(oid)) return {};
  char text[GIT_OID_HEXSZ + 1];
  git_oid_tostr(text, sizeof text, oid);
  return text;
}

}  // namespace mlprov::capture
