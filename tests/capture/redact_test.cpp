#include <gtest/gtest.h>

#include "mlprov/capture/git.h"

namespace mlprov {
namespace {

TEST(RedactRemote, TakesEverythingSecretAway) {
  const struct {
    const char* url;
    const char* want;
  } rows[] = {
      {"https://example.org/a/b.git", "https://example.org/a/b.git"},
      {"https://me:hunter2@example.org/a.git", "https://example.org/a.git"},
      {"https://ghp_token@example.org/a.git", "https://example.org/a.git"},
      {"https://me:p@ss@example.org:8443/a.git", "https://example.org:8443/a.git"},
      {"https://me:p/ss@example.org/a.git", "https://example.org/a.git"},
      {"https://example.org/a.git?private_token=x", "https://example.org/a.git"},
      {"https://example.org/a.git#token", "https://example.org/a.git"},
      {"https://example.org?token=x", "https://example.org"},
      {"ssh://git@example.org:22/a.git", "ssh://example.org:22/a.git"},
      {"git@example.org:a/b.git", "example.org:a/b.git"},
      {"me:hunter2@example.org:a/b.git", "example.org:a/b.git"},
      {"example.org:a/b.git", "example.org:a/b.git"},
      {"/srv/git/a.git", "/srv/git/a.git"},
      {"../a.git", "../a.git"},
      {"file:///srv/a.git", "file:///srv/a.git"},
      {"hunter2", "(hidden)"},
      {"", "(hidden)"},
      {"me@example.org", "(hidden)"},
  };
  for (const auto& row : rows) EXPECT_EQ(redact_remote(row.url), row.want) << row.url;
}

TEST(RedactRemote, NoSecretSurvivesInAnyForm) {
  for (const char* scheme : {"https://", "ssh://", "git+ssh://", ""}) {
    for (const char* user : {"u:S3CRET@", "S3CRET@", "u:a@S3CRET@", "u:/S3CRET@", "u:?S3CRET@"}) {
      for (const char* tail : {"host/x", "host:x/y", "host", "host:22/x?k=S3CRET"}) {
        const std::string url = std::string(scheme) + user + tail;
        EXPECT_EQ(redact_remote(url).find("S3CRET"), std::string::npos) << url;
      }
    }
  }
}

}  // namespace
}  // namespace mlprov
