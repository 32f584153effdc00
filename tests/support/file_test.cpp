#include "mlprov/support/file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "support/error_of.h"
#include "support/temp_folder.h"

namespace mlprov {
namespace {

namespace fs = std::filesystem;
using testing::error_of;
using testing::TempFolder;

std::string slurp(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<std::string> names_in(const fs::path& folder) {
  std::vector<std::string> names;
  for (const auto& item : fs::directory_iterator(folder)) names.push_back(item.path().filename());
  return names;
}

unsigned mode_of(const fs::path& path) {
  struct stat info {};
  EXPECT_EQ(::stat(path.c_str(), &info), 0);
  return info.st_mode & 0777U;
}

TEST(ReadFile, GivesAllBytesWithinTheLimit) {
  const TempFolder folder;
  const std::string content("a\0\r\n\xFF", 5);
  std::ofstream(folder / "f", std::ios::binary) << content;
  EXPECT_EQ(read_file(folder / "f", 5), content);
  EXPECT_EQ(error_of([&] { read_file(folder / "f", 4); }),
            "too-large: " + (folder / "f").string() + " holds more than the limit of 4 bytes");
  std::ofstream(folder / "empty");
  EXPECT_EQ(read_file(folder / "empty", 0), "");
}

TEST(ReadFile, StopsAtTheLimitOfAnEndlessFile) {
  EXPECT_EQ(error_of([] { read_file("/dev/zero", 1 << 20); }).substr(0, 10), "too-large:");
}

TEST(ReadFile, NamesWhatIsNotThere) {
  const TempFolder folder;
  const std::string missing = (folder / "missing").string();
  EXPECT_EQ(error_of([&] { read_file(missing, 1); }),
            "not-found: cannot read " + missing + ": No such file or directory");
  EXPECT_EQ(error_of([&] { read_file(folder.path(), 1); }).substr(0, 3), "io:");
  std::ofstream(folder / "f");
  EXPECT_EQ(error_of([&] { read_file(folder / "f" / "g", 1); }).substr(0, 10), "not-found:");
}

TEST(WriteFileAtomic, ReplacesAndLeavesNothingBeside) {
  const TempFolder folder;
  write_file_atomic(folder / "f", "one");
  EXPECT_EQ(slurp(folder / "f"), "one");
  write_file_atomic(folder / "f", std::string(1 << 20, 'x'));
  EXPECT_EQ(slurp(folder / "f"), std::string(1 << 20, 'x'));
  write_file_atomic(folder / "f", "");
  EXPECT_EQ(slurp(folder / "f"), "");
  EXPECT_EQ(names_in(folder.path()), std::vector<std::string>{"f"});
}

TEST(WriteFileAtomic, WritesPiecesInTheirOrder) {
  const TempFolder folder;
  const std::vector<ByteView> parts = {as_bytes("a"), {}, as_bytes("bc")};
  write_file_atomic(folder / "f", parts);
  EXPECT_EQ(slurp(folder / "f"), "abc");
}

TEST(WriteFileAtomic, GivesTheModeOfASecret) {
  const TempFolder folder;
  write_file_atomic(folder / "key", "x", 0600);
  EXPECT_EQ(mode_of(folder / "key"), 0600U);
}

TEST(WriteFileAtomic, LeavesTheOldFileWhenItFails) {
  const TempFolder folder;
  fs::create_directory(folder / "taken");
  std::ofstream(folder / "taken" / "inside") << "old";
  EXPECT_EQ(error_of([&] { write_file_atomic(folder / "taken", "new"); }).substr(0, 3), "io:");
  EXPECT_EQ(slurp(folder / "taken" / "inside"), "old");
  EXPECT_EQ(names_in(folder.path()), std::vector<std::string>{"taken"});
  EXPECT_EQ(error_of([&] { write_file_atomic(folder / "no" / "f", "x"); }).substr(0, 10),
            "not-found:");
}

TEST(WriteFileAtomic, ReadersSeeOldOrNewAndNeverAMixture) {
  const TempFolder folder;
  const std::string old_content(1 << 16, 'o');
  const std::string new_content(1 << 17, 'n');
  write_file_atomic(folder / "f", old_content);
  std::ifstream reader(folder / "f", std::ios::binary);
  write_file_atomic(folder / "f", new_content);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(reader), {}), old_content);
  EXPECT_EQ(slurp(folder / "f"), new_content);
}

TEST(MappedFile, ShowsTheBytes) {
  const TempFolder folder;
  write_file_atomic(folder / "f", "hello");
  MappedFile file(folder / "f");
  EXPECT_EQ(as_text(file.bytes()), "hello");
  MappedFile moved(std::move(file));
  EXPECT_EQ(as_text(moved.bytes()), "hello");
  EXPECT_TRUE(file.bytes().empty());  // NOLINT(bugprone-use-after-move): that is the contract
  write_file_atomic(folder / "empty", "");
  moved = MappedFile(folder / "empty");
  EXPECT_TRUE(moved.bytes().empty());
}

TEST(MappedFile, RefusesWhatCannotBeMapped) {
  const TempFolder folder;
  EXPECT_EQ(error_of([&] { MappedFile(folder / "missing"); }).substr(0, 10), "not-found:");
  EXPECT_EQ(error_of([&] { MappedFile{folder.path()}; }).substr(0, 3), "io:");
  EXPECT_EQ(error_of([] { MappedFile("/dev/zero"); }).substr(0, 3), "io:");
}

TEST(Error, HasStableNames) {
  const std::pair<ErrorCode, const char*> rows[] = {{ErrorCode::kUsage, "usage"},
                                                    {ErrorCode::kMalformed, "malformed"},
                                                    {ErrorCode::kTooLarge, "too-large"},
                                                    {ErrorCode::kNotFound, "not-found"},
                                                    {ErrorCode::kIo, "io"},
                                                    {ErrorCode::kCrypto, "crypto"},
                                                    {ErrorCode::kUnsupported, "unsupported"},
                                                    {ErrorCode::kConflict, "conflict"},
                                                    {ErrorCode::kConfig, "config"},
                                                    {ErrorCode::kNetwork, "network"},
                                                    {ErrorCode::kInternal, "internal"}};
  for (const auto& [code, name] : rows) EXPECT_STREQ(to_string(code), name);
}

}  // namespace
}  // namespace mlprov
