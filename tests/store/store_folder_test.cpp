#include "mlprov/store/store_folder.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>

#include "mlprov/support/error.h"
#include "support/temp_folder.h"

namespace mlprov {
namespace {

using mlprov::testing::TempFolder;

class StoreFolderTest : public ::testing::Test {
 protected:
  void SetUp() override { ::unsetenv("MLPROV_DIR"); }
  void TearDown() override { ::unsetenv("MLPROV_DIR"); }

  static void make(const std::filesystem::path& folder) {
    std::filesystem::create_directories(folder);
    std::ofstream(folder / "store.db") << "x";
  }

  TempFolder folder_;
};

TEST_F(StoreFolderTest, IsFoundByWalkingUp) {
  make(folder_ / ".mlprov");
  std::filesystem::create_directories(folder_ / "a/b");
  const auto found = find_store_folder(folder_ / "a/b");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->root, folder_ / ".mlprov");
  EXPECT_EQ(find_store_folder(folder_ / ".mlprov/log")->root, folder_ / ".mlprov");
  EXPECT_FALSE(find_store_folder("/proc/self"));
}

TEST_F(StoreFolderTest, AFolderWithoutADatabaseIsNone) {
  make(folder_ / ".mlprov");
  std::filesystem::create_directories(folder_ / "a/.mlprov");
  EXPECT_EQ(find_store_folder(folder_ / "a")->root, folder_ / ".mlprov");
}

TEST_F(StoreFolderTest, TheEnvironmentWins) {
  make(folder_ / ".mlprov");
  make(folder_ / "elsewhere");
  ::setenv("MLPROV_DIR", (folder_ / "elsewhere").c_str(), 1);
  EXPECT_EQ(find_store_folder(folder_.path())->root, folder_ / "elsewhere");
  EXPECT_EQ(new_store_folder(folder_.path()).root, folder_ / "elsewhere");
  ::setenv("MLPROV_DIR", (folder_ / "nothing").c_str(), 1);
  EXPECT_FALSE(find_store_folder(folder_.path()));
}

TEST_F(StoreFolderTest, AnotherUsersIsNotTakenUnlessNamed) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can give a file away";
  make(folder_ / ".mlprov");
  ASSERT_EQ(::chown((folder_ / ".mlprov").c_str(), 12345, 12345), 0);
  EXPECT_THROW(find_store_folder(folder_.path()), Error);
  ::setenv("MLPROV_DIR", (folder_ / ".mlprov").c_str(), 1);
  EXPECT_TRUE(find_store_folder(folder_.path()));
}

}  // namespace
}  // namespace mlprov
