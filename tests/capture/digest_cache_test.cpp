#include "mlprov/capture/digest_cache.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "mlprov/digest/hasher.h"
#include "mlprov/support/error.h"
#include "support/temp_folder.h"

namespace mlprov {
namespace {

using mlprov::testing::TempFolder;

void write(const std::filesystem::path& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

/// Old enough for its time to be trusted.
void make_old(const std::filesystem::path& path, int seconds) {
  const timespec times[2] = {{1'700'000'000 + seconds, 0}, {1'700'000'000 + seconds, 0}};
  ASSERT_EQ(::utimensat(AT_FDCWD, path.c_str(), times, 0), 0);
}

Digest32 blake3(const std::string& text) { return digest32(Algorithm::kBlake3, as_bytes(text)); }

TEST(DigestCache, ASystemLibraryIsHashedOnce) {
  const TempFolder folder;
  const std::filesystem::path library = std::filesystem::canonical("/proc/self/exe");
  // The test program itself may be seconds old; a shell is not.
  const std::filesystem::path old = std::filesystem::canonical("/bin/sh");
  Digest32 first{};
  {
    DigestCache cache(folder.path() / "cache", Algorithm::kBlake3);
    first = cache.digest(old);
    EXPECT_GT(cache.hashed_bytes(), 0u);
    cache.save();
  }
  DigestCache cache(folder.path() / "cache", Algorithm::kBlake3);
  EXPECT_EQ(cache.digest(old), first);
  EXPECT_EQ(cache.hashed_bytes(), 0u);
  cache.digest(library);
  EXPECT_GT(cache.hashed_bytes(), 0u);
}

TEST(DigestCache, AChangeIsSeenWhateverTheModificationTimeSays) {
  const TempFolder folder;
  const auto file = folder.path() / "lib.so";
  write(file, "one");
  make_old(file, 1);
  DigestCache cache(folder.path() / "cache", Algorithm::kBlake3);
  EXPECT_EQ(cache.digest(file), blake3("one"));
  write(file, "two");
  make_old(file, 1);
  EXPECT_EQ(cache.digest(file), blake3("two"));
}

TEST(DigestCache, AnotherAlgorithmOrABrokenFileMeansHashingAgain) {
  const TempFolder folder;
  const auto cache_file = folder.path() / "cache";
  const std::filesystem::path old = std::filesystem::canonical("/bin/sh");
  {
    DigestCache cache(cache_file, Algorithm::kBlake3);
    cache.digest(old);
    cache.save();
  }
  DigestCache other(cache_file, Algorithm::kSha256);
  other.digest(old);
  EXPECT_GT(other.hashed_bytes(), 0u);
  for (const char* text : {"", "{}", "[1]",
                           "{\"algorithm\":\"blake3\",\"files\":[[1,2],{},\"x\"],"
                           "\"format\":\"mlprov-digest-cache-v1\"}"}) {
    write(cache_file, text);
    DigestCache broken(cache_file, Algorithm::kBlake3);
    broken.digest(old);
    EXPECT_GT(broken.hashed_bytes(), 0u) << text;
  }
}

TEST(DigestCache, AMissingFileIsNamed) {
  DigestCache cache({}, Algorithm::kBlake3);
  try {
    cache.digest("/no/such/file");
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kNotFound);
    EXPECT_NE(std::string(error.what()).find("/no/such/file"), std::string::npos);
  }
}

}  // namespace
}  // namespace mlprov
