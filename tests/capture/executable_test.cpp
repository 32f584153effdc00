#include "mlprov/capture/executable.h"

#include <dlfcn.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <memory>

#include "mlprov/digest/file_digest.h"
#include "mlprov/support/hex.h"
#include "support/temp_folder.h"

namespace mlprov {
namespace {

using mlprov::testing::TempFolder;

const LoadedObject* find_library(const ExecutableCapture& capture, const std::string& part) {
  for (const LoadedObject& library : capture.libraries) {
    if (library.path.find(part) != std::string::npos) return &library;
  }
  return nullptr;
}

/// What readelf says about a file's build id.
std::string build_id_by_readelf(const std::string& path) {
  const std::string command = "readelf -n '" + path + "' 2>/dev/null | sed -n 's/.*Build ID: //p'";
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(::popen(command.c_str(), "r"), &::pclose);
  char line[256] = "";
  if (!pipe || std::fgets(line, sizeof line, pipe.get()) == nullptr) return {};
  std::string text = line;
  text.erase(text.find_last_not_of('\n') + 1);
  return text;
}

TEST(CaptureExecutable, ProgramLibrariesAndCommandLine) {
  DigestCache cache({}, Algorithm::kBlake3);
  const ExecutableCapture capture = capture_executable(cache);
  EXPECT_EQ(capture.missing, "");
  const auto self = std::filesystem::canonical("/proc/self/exe").string();
  EXPECT_EQ(capture.program.path, self);
  EXPECT_EQ(capture.program.build_id, build_id_by_readelf(self));
  const FileDigest file = hash_file(self);
  ASSERT_TRUE(capture.program.digest);
  EXPECT_EQ(to_hex(*capture.program.digest), to_hex(file.digest));
  EXPECT_EQ(capture.program.size, file.size);
  ASSERT_FALSE(capture.argv.empty());
  EXPECT_NE(capture.argv[0].find("capture_test"), std::string::npos);
  EXPECT_NO_THROW(to_canonical(executable_circumstances(capture)));
}

TEST(CaptureExecutable, LibrariesHaveTheBuildIdsThatReadelfPrints) {
  DigestCache cache({}, Algorithm::kBlake3);
  const ExecutableCapture capture = capture_executable(cache);
  for (const char* name : {"libc.so", "libstdc++.so", "libcrypto.so"}) {
    const LoadedObject* library = find_library(capture, name);
    ASSERT_NE(library, nullptr) << name;
    EXPECT_EQ(library->build_id, build_id_by_readelf(library->path)) << name;
    EXPECT_TRUE(library->digest) << name;
  }
  EXPECT_EQ(find_library(capture, "vdso"), nullptr);
  EXPECT_TRUE(std::is_sorted(capture.libraries.begin(), capture.libraries.end(),
                             [](const auto& a, const auto& b) { return a.path < b.path; }));
}

TEST(CaptureExecutable, ALibraryDeletedSinceItWasLoadedIsNotHashed) {
  const TempFolder folder;
  DigestCache cache({}, Algorithm::kBlake3);
  const ExecutableCapture before = capture_executable(cache);
  // Any library that is not in this process yet.
  const auto source =
      std::filesystem::path(find_library(before, "libc.so")->path).parent_path() / "libdl.so.2";
  const auto copy = folder.path() / "libcopy.so";
  std::filesystem::copy_file(std::filesystem::canonical(source), copy);
  void* const handle = ::dlopen(copy.c_str(), RTLD_NOW | RTLD_LOCAL);
  ASSERT_NE(handle, nullptr) << ::dlerror();
  const LoadedObject* loaded = nullptr;
  const ExecutableCapture with = capture_executable(cache);
  loaded = find_library(with, "libcopy.so");
  ASSERT_NE(loaded, nullptr);
  EXPECT_TRUE(loaded->digest);
  std::filesystem::remove(copy);
  std::filesystem::copy_file("/bin/sh", copy);
  const ExecutableCapture after = capture_executable(cache);
  loaded = find_library(after, "libcopy.so");
  ASSERT_NE(loaded, nullptr);
  EXPECT_FALSE(loaded->digest);
  EXPECT_NE(loaded->missing.find("replaced"), std::string::npos);
  ::dlclose(handle);
}

}  // namespace
}  // namespace mlprov
