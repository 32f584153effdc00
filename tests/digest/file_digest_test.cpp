#include "mlprov/digest/file_digest.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <thread>

#include "digest/pattern.h"
#include "mlprov/digest/hasher.h"
#include "mlprov/support/hex.h"
#include "support/error_of.h"
#include "support/temp_folder.h"

namespace mlprov {
namespace {

using testing::pattern;
using testing::TempFolder;

void write(const std::filesystem::path& path, ByteView bytes) {
  std::ofstream file(path, std::ios::binary);
  file << as_text(bytes);
}

FileDigestOptions with(Algorithm algorithm) {
  FileDigestOptions options;
  options.algorithm = algorithm;
  return options;
}

TEST(HashFile, SizesAroundEveryEdge) {
  const TempFolder folder;
  std::vector<std::size_t> sizes(std::begin(testing::kEdgeSizes), std::end(testing::kEdgeSizes));
  for (const std::size_t edge :
       {std::size_t{64} << 10, std::size_t{1} << 20, std::size_t{8} << 20, std::size_t{16} << 20}) {
    for (const std::size_t size : {edge - 1, edge, edge + 1}) sizes.push_back(size);
  }
  for (const std::size_t size : sizes) {
    const Bytes bytes = pattern(size);
    write(folder / "file", bytes);
    for (const Algorithm algorithm : {Algorithm::kBlake3, Algorithm::kSha256}) {
      const FileDigest file = hash_file(folder / "file", with(algorithm));
      EXPECT_EQ(file.size, size);
      EXPECT_EQ(to_hex(file.digest), to_hex(digest(algorithm, bytes)))
          << to_string(algorithm) << " of " << size << " bytes";
    }
  }
}

TEST(HashFile, PipesAreReadToTheirEnd) {
  const TempFolder folder;
  const std::filesystem::path pipe = folder / "pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  const Bytes bytes = pattern(300'000);
  std::thread writer([&] { write(pipe, bytes); });
  const FileDigest file = hash_file(pipe);
  writer.join();
  EXPECT_EQ(file.size, bytes.size());
  EXPECT_EQ(to_hex(file.digest), to_hex(digest(Algorithm::kBlake3, bytes)));
}

TEST(HashFile, FilesWithoutASizeAreReadToo) {
  // Regular files by their type, of size 0 by fstat, but with content.
  EXPECT_GT(hash_file("/proc/self/status").size, 0u);
}

TEST(HashFile, MissingFilesAndFoldersAreErrors) {
  const TempFolder folder;
  EXPECT_EQ(testing::error_of([&] { hash_file(folder / "none"); }),
            "not-found: cannot read " + (folder / "none").string() + ": No such file or directory");
  EXPECT_EQ(testing::error_of([&] { hash_file(folder.path()); }),
            "io: cannot read " + folder.path().string() + ": it is a folder");
}

TEST(HashFile, AFileThatShrinksIsAnError) {
  const TempFolder folder;
  const std::filesystem::path path = folder / "file";
  write(path, pattern(40 << 20));
  FileDigestOptions options;
  options.progress = [&](std::uint64_t) { std::filesystem::resize_file(path, 1000); };
  const std::string error = testing::error_of([&] { hash_file(path, options); });
  EXPECT_EQ(error,
            "io: " + path.string() + " became shorter while it was read; hash it again at rest");
}

TEST(HashFile, ProgressEndsAtTheSizeAndOnlyGrows) {
  const TempFolder folder;
  write(folder / "file", pattern(30 << 20));
  std::vector<std::uint64_t> seen;
  const std::thread::id caller = std::this_thread::get_id();
  FileDigestOptions options;
  options.progress = [&](std::uint64_t bytes) {
    EXPECT_EQ(std::this_thread::get_id(), caller);
    seen.push_back(bytes);
  };
  hash_files({folder / "file", folder / "file", folder / "file"}, options);
  ASSERT_FALSE(seen.empty());
  EXPECT_TRUE(std::is_sorted(seen.begin(), seen.end()));
  EXPECT_EQ(seen.back(), std::uint64_t{90} << 20);
}

TEST(HashFiles, KeepTheirOrder) {
  const TempFolder folder;
  std::vector<std::filesystem::path> paths;
  std::vector<std::string> expected;
  for (std::size_t i = 0; i < 300; ++i) {
    const Bytes bytes = pattern(i * 131 + (i % 50 == 0 ? 2 << 20 : 0));
    paths.push_back(folder / std::to_string(i));
    write(paths.back(), bytes);
    expected.push_back(to_hex(digest(Algorithm::kBlake3, bytes)));
  }
  for (const unsigned threads : {1u, 4u}) {
    FileDigestOptions options;
    options.threads = threads;
    const auto files = hash_files(paths, options);
    ASSERT_EQ(files.size(), paths.size());
    for (std::size_t i = 0; i < paths.size(); ++i) {
      EXPECT_EQ(files[i].path, paths[i]);
      EXPECT_EQ(to_hex(files[i].digest), expected[i]) << "file " << i << ", threads " << threads;
    }
  }
}

TEST(HashFiles, OneMissingFileIsAnErrorAndNoneIsNone) {
  const TempFolder folder;
  write(folder / "a", pattern(10));
  const std::string error = testing::error_of([&] {
    hash_files({folder / "a", folder / "gone", folder / "a"});
  });
  EXPECT_TRUE(error.starts_with("not-found: cannot read " + (folder / "gone").string())) << error;
  EXPECT_TRUE(hash_files({}).empty());
}

}  // namespace
}  // namespace mlprov
