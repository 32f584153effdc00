#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <fstream>

#include "mlprov/digest/file_digest.h"
#include "support/error_of.h"
#include "support/temp_folder.h"

namespace mlprov {
namespace {

namespace fs = std::filesystem;
using testing::TempFolder;

void touch(const fs::path& path) {
  fs::create_directories(path.parent_path());
  std::ofstream(path) << path.filename().string();
}

std::vector<std::string> names(const fs::path& folder) {
  std::vector<std::string> names;
  for (const fs::path& path : list_files(folder)) names.push_back(path.native());
  return names;
}

TEST(ListFiles, SortedByTheBytesOfThePath) {
  const TempFolder folder;
  // '.' < '/' < '0' and upper before lower case; UTF-8 after ASCII; bytes that are no UTF-8 last.
  const std::vector<std::string> expected = {"A",  "a.b",    "a/b", "a/c/d",
                                             "a0", "b\nnew", "ä",   "\xff"};
  for (auto name = expected.rbegin(); name != expected.rend(); ++name) touch(folder / *name);
  fs::create_directories(folder / "empty/inside");
  EXPECT_EQ(names(folder.path()), expected);
}

TEST(ListFiles, AnEmptyFolderHasNone) {
  const TempFolder folder;
  EXPECT_TRUE(list_files(folder.path()).empty());
}

TEST(ListFiles, ASymlinkToAFileInsideCounts) {
  const TempFolder folder;
  touch(folder / "sub/target");
  fs::create_symlink("sub/target", folder / "link");
  fs::create_symlink("link", folder / "second");
  fs::create_symlink(folder / "sub/target", folder / "absolute");
  EXPECT_EQ(names(folder.path()),
            (std::vector<std::string>{"absolute", "link", "second", "sub/target"}));
}

TEST(ListFiles, TheFolderItselfMayBeASymlink) {
  const TempFolder folder;
  touch(folder / "real/file");
  fs::create_symlink("file", folder / "real/link");
  fs::create_symlink("real", folder / "alias");
  EXPECT_EQ(names(folder / "alias"), (std::vector<std::string>{"file", "link"}));
}

TEST(ListFiles, OtherSymlinksAreRefused) {
  const TempFolder outer;
  touch(outer / "outside");
  touch(outer / "rootier/file");
  fs::create_directories(outer / "root/sub");
  struct Case {
    const char* target;
    const char* reason;
  };
  for (const auto& [target, reason] :
       {Case{"nowhere", "leads nowhere"}, Case{"link", "leads nowhere"},
        Case{"../outside", "leads out of the folder"},
        Case{"../rootier/file", "leads out of the folder"},
        Case{"/proc/self/status", "leads out of the folder"},
        Case{"sub", "is a symlink to a folder"}, Case{".", "is a symlink to a folder"}}) {
    fs::create_symlink(target, outer / "root/link");
    const std::string error = testing::error_of([&] { list_files(outer / "root"); });
    EXPECT_TRUE(error.starts_with("unsupported: ")) << target << " -> " << error;
    EXPECT_NE(error.find("root/link"), error.npos) << target << " -> " << error;
    EXPECT_NE(error.find(reason), error.npos) << target << " -> " << error;
    fs::remove(outer / "root/link");
  }
}

TEST(ListFiles, PipesAndSocketsAreRefused) {
  const TempFolder folder;
  ASSERT_EQ(::mkfifo((folder / "pipe").c_str(), 0600), 0);
  EXPECT_TRUE(testing::error_of([&] { list_files(folder.path()); }).starts_with("unsupported: "));
  fs::remove(folder / "pipe");

  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  (folder / "socket").string().copy(address.sun_path, sizeof address.sun_path - 1);
  const int fd = ::socket(AF_UNIX, SOCK_STREAM, 0);
  ASSERT_EQ(::bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  EXPECT_TRUE(testing::error_of([&] { list_files(folder.path()); }).starts_with("unsupported: "));
  ::close(fd);
}

TEST(ListFiles, WhatIsNoFolderIsAnError) {
  const TempFolder folder;
  touch(folder / "file");
  EXPECT_TRUE(testing::error_of([&] { list_files(folder / "none"); }).starts_with("not-found: "));
  EXPECT_EQ(testing::error_of([&] { list_files(folder / "file"); }),
            "io: cannot list " + (folder / "file").string() + ": it is not a folder");
}

}  // namespace
}  // namespace mlprov
