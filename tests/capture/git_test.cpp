#include "mlprov/capture/git.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <memory>

#include "mlprov/digest/hasher.h"
#include "mlprov/support/hex.h"
#include "support/temp_folder.h"

namespace mlprov {
namespace {

using mlprov::testing::TempFolder;

void write(const std::filesystem::path& path, const std::string& text) {
  std::filesystem::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << text;
}

std::string read(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

Digest32 blake3(const std::string& text) { return digest32(Algorithm::kBlake3, as_bytes(text)); }

/// A repository driven by the git program, which judges what libgit2 and we make of it.
class GitTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ::setenv("HOME", folder_.path().c_str(), 1);
    ::setenv("GIT_CONFIG_NOSYSTEM", "1", 1);
    ::unsetenv("XDG_CONFIG_HOME");
    git("init -q -b main .");
    git("config user.name me && git config user.email me@example.org");
  }

  std::filesystem::path repo() const { return folder_.path() / "repo"; }

  void git(const std::string& arguments) { git_in(repo(), arguments); }

  void git_in(const std::filesystem::path& folder, const std::string& arguments) {
    std::filesystem::create_directories(folder);
    const std::string command =
        "cd '" + folder.string() + "' && git " + arguments + " >/dev/null 2>&1";
    ASSERT_EQ(std::system(command.c_str()), 0) << arguments;
  }

  std::string output(const std::string& arguments) {
    const std::string command = "cd '" + repo().string() + "' && git " + arguments;
    const std::unique_ptr<FILE, int (*)(FILE*)> pipe(::popen(command.c_str(), "r"), &::pclose);
    std::string text;
    char buffer[4096];
    std::size_t got = 0;
    while ((got = std::fread(buffer, 1, sizeof buffer, pipe.get())) > 0) text.append(buffer, got);
    return text;
  }

  void commit_files() {
    write(repo() / "a.txt", "one\ntwo\nthree\n");
    write(repo() / "src/b.txt", "b\n");
    write(repo() / ".gitignore", "*.log\n/build/\n");
    git("add -A && git commit -q -m first");
  }

  static const GitFile* find(const GitCapture& capture, const std::string& path) {
    for (const GitFile& file : capture.files) {
      if (file.path == path) return &file;
    }
    return nullptr;
  }

  TempFolder folder_;
};

TEST_F(GitTest, ACleanCheckout) {
  commit_files();
  const GitCapture capture = capture_git(repo() / "src");
  EXPECT_EQ(capture.state, GitState::kWorkTree);
  EXPECT_EQ(capture.missing, "");
  EXPECT_EQ(capture.commit + "\n", output("rev-parse HEAD"));
  EXPECT_EQ(capture.branch, "main");
  EXPECT_FALSE(capture.dirty);
  EXPECT_EQ(capture.diff, "");
  EXPECT_EQ(capture.diff_digest, blake3(""));
  EXPECT_TRUE(capture.files.empty());
  EXPECT_NO_THROW(to_canonical(git_content(capture)));
  EXPECT_NO_THROW(to_canonical(git_circumstances(capture)));
}

TEST_F(GitTest, TheDiffIsGitsOwn) {
  commit_files();
  write(repo() / "a.txt", "one\n2\nthree\nfour");
  std::filesystem::remove(repo() / "src/b.txt");
  write(repo() / "new.txt", "staged\n");
  git("add new.txt");
  const GitCapture capture = capture_git(repo());
  EXPECT_TRUE(capture.dirty);
  EXPECT_EQ(capture.diff, output("diff --full-index HEAD"));
  EXPECT_EQ(capture.diff_bytes, capture.diff.size());
  EXPECT_EQ(capture.diff_digest, blake3(capture.diff));
  EXPECT_EQ(find(capture, "a.txt")->change, GitFile::Change::kModified);
  EXPECT_EQ(find(capture, "a.txt")->digest, blake3("one\n2\nthree\nfour"));
  EXPECT_EQ(find(capture, "src/b.txt")->change, GitFile::Change::kDeleted);
  EXPECT_EQ(find(capture, "new.txt")->change, GitFile::Change::kAdded);
}

TEST_F(GitTest, TheDiffAppliesToTheCommit) {
  commit_files();
  write(repo() / "a.txt", "0\none\ntwo\n");
  const GitCapture capture = capture_git(repo());
  git_in(folder_.path() / "clone", "clone -q '" + repo().string() + "' .");
  write(folder_.path() / "patch", capture.diff);
  git_in(folder_.path() / "clone", "apply ../patch");
  EXPECT_EQ(read(folder_.path() / "clone/a.txt"), "0\none\ntwo\n");
}

TEST_F(GitTest, TheUsersSettingsDoNotChangeTheDiff) {
  commit_files();
  write(repo() / "a.txt", "changed\n");
  const GitCapture before = capture_git(repo());
  git("config diff.noprefix true && git config diff.mnemonicprefix true && git config diff.context "
      "1"
      " && git config core.abbrev 7 && git config color.ui always");
  const GitCapture after = capture_git(repo());
  EXPECT_EQ(after.diff, before.diff);
}

TEST_F(GitTest, UntrackedFilesByDigestIgnoredOnesNotAtAll) {
  commit_files();
  write(repo() / "notes/new.py", "print()\n");
  write(repo() / "train.log", "secret\n");
  write(repo() / "build/x.o", "object");
  std::filesystem::create_symlink("a.txt", repo() / "link");
  std::filesystem::create_symlink("/nowhere", repo() / "dangling");
  const GitCapture capture = capture_git(repo());
  EXPECT_FALSE(capture.dirty);
  EXPECT_EQ(capture.diff, "");
  ASSERT_EQ(capture.files.size(), 3u);
  EXPECT_EQ(find(capture, "notes/new.py")->digest, blake3("print()\n"));
  EXPECT_EQ(find(capture, "notes/new.py")->size, 8u);
  EXPECT_TRUE(find(capture, "link")->symlink);
  EXPECT_EQ(find(capture, "link")->digest, blake3("a.txt"));
  EXPECT_EQ(find(capture, "dangling")->digest, blake3("/nowhere"));
  EXPECT_EQ(find(capture, "train.log"), nullptr);
  EXPECT_EQ(capture.incomplete, "");
}

TEST_F(GitTest, BoundsAreSaidNotSilent) {
  commit_files();
  for (int i = 0; i < 5; ++i) write(repo() / ("f" + std::to_string(i)), std::string(100, 'x'));
  write(repo() / "a.txt", std::string(5000, 'y') + "\n");
  GitOptions options;
  options.max_files = 4;
  options.max_total_bytes = 250;
  options.max_diff_bytes = 1000;
  const GitCapture capture = capture_git(repo(), options);
  EXPECT_EQ(capture.files.size(), 4u);
  EXPECT_EQ(capture.diff.size(), 1000u);
  EXPECT_GT(capture.diff_bytes, 5000u);
  EXPECT_NE(capture.incomplete.find("2 more files"), std::string::npos) << capture.incomplete;
  EXPECT_NE(capture.incomplete.find("2 files have no digest"), std::string::npos);
  EXPECT_NE(capture.incomplete.find("cut after 1000 bytes"), std::string::npos);
  EXPECT_EQ(git_content(capture)["unhashed"].size(), 2u);
}

TEST_F(GitTest, BinaryChangesAreKnownByDigest) {
  commit_files();
  write(repo() / "w.bin", std::string("\0\1\2", 3));
  git("add w.bin && git commit -q -m binary");
  write(repo() / "w.bin", std::string("\0\3\2", 3));
  const GitCapture capture = capture_git(repo());
  EXPECT_EQ(capture.diff, output("diff --full-index HEAD"));
  EXPECT_EQ(find(capture, "w.bin")->digest, blake3(std::string("\0\3\2", 3)));
}

TEST_F(GitTest, RemotesWithoutCredentials) {
  commit_files();
  git("remote add origin 'https://me:S3CRET@example.org/a.git?token=S3CRET'");
  git("remote add backup git@example.org:b.git");
  const GitCapture capture = capture_git(repo());
  const std::vector<std::string> want = {"backup example.org:b.git",
                                         "origin https://example.org/a.git"};
  EXPECT_EQ(capture.remotes, want);
}

TEST_F(GitTest, NoRepositoryNoCommitDetachedAndBare) {
  const TempFolder elsewhere;
  const GitCapture none = capture_git(elsewhere.path());
  EXPECT_EQ(none.state, GitState::kNone);
  EXPECT_NE(none.missing.find("no git repository"), std::string::npos);
  EXPECT_EQ(git_content(none), Json({{"state", "none"}}));

  write(repo() / "x", "x");
  const GitCapture unborn = capture_git(repo());
  EXPECT_EQ(unborn.state, GitState::kWorkTree);
  EXPECT_EQ(unborn.commit, "");
  EXPECT_EQ(unborn.missing, "");
  EXPECT_NE(find(unborn, "x"), nullptr);

  commit_files();
  git("checkout -q --detach");
  const GitCapture detached = capture_git(repo());
  EXPECT_EQ(detached.branch, "");
  EXPECT_EQ(detached.commit.size(), 40u);

  git_in(folder_.path() / "bare", "clone -q --bare '" + repo().string() + "' .");
  const GitCapture bare = capture_git(folder_.path() / "bare");
  EXPECT_EQ(bare.state, GitState::kBare);
  EXPECT_EQ(bare.commit, detached.commit);
}

TEST_F(GitTest, ALinkedWorktree) {
  commit_files();
  git("worktree add -q -b side ../side");
  write(folder_.path() / "side/a.txt", "side\n");
  const GitCapture capture = capture_git(folder_.path() / "side");
  EXPECT_EQ(capture.state, GitState::kWorkTree);
  EXPECT_EQ(capture.branch, "side");
  EXPECT_TRUE(capture.dirty);
  EXPECT_FALSE(capture_git(repo()).dirty);
}

TEST_F(GitTest, SubmodulesAreNotedWithBothCommits) {
  commit_files();
  git_in(folder_.path() / "lib", "init -q -b main .");
  git_in(folder_.path() / "lib", "config user.name me && git config user.email me@example.org");
  write(folder_.path() / "lib/l.c", "int x;\n");
  git_in(folder_.path() / "lib", "add -A && git commit -q -m lib");
  git("-c protocol.file.allow=always submodule add -q ../lib lib && git commit -q -m sub");
  const GitCapture clean = capture_git(repo());
  ASSERT_EQ(clean.submodules.size(), 1u);
  EXPECT_EQ(clean.submodules[0].path, "lib");
  EXPECT_EQ(clean.submodules[0].wanted, clean.submodules[0].checked_out);
  EXPECT_EQ(clean.submodules[0].wanted.size(), 40u);
  EXPECT_FALSE(clean.submodules[0].dirty);
  EXPECT_FALSE(clean.dirty);

  write(repo() / "lib/l.c", "int y;\n");
  const GitCapture dirty = capture_git(repo());
  EXPECT_TRUE(dirty.submodules[0].dirty);
  EXPECT_TRUE(dirty.dirty);
}

TEST_F(GitTest, NothingIsWrittenIntoTheRepository) {
  commit_files();
  write(repo() / "a.txt", "changed\n");
  const auto stamp = [&] {
    std::string all;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(repo())) {
      if (!entry.is_regular_file()) continue;
      all += entry.path().string() + to_hex(blake3(read(entry.path())));
    }
    return all;
  };
  const std::string before = stamp();
  capture_git(repo());
  EXPECT_EQ(stamp(), before);
}

TEST_F(GitTest, ABrokenRepositoryIsASentence) {
  commit_files();
  write(repo() / ".git/HEAD", "garbage");
  const GitCapture capture = capture_git(repo());
  EXPECT_NE(capture.missing, "");
}

}  // namespace
}  // namespace mlprov
