// Hostile sizes: refused at once, within bounded memory.
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include <chrono>
#include <string>

#include "mlprov/json/canonical.h"
#include "support/error_of.h"

namespace mlprov {
namespace {

using testing::error_of;

std::size_t peak_memory() {
  struct rusage usage {};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<std::size_t>(usage.ru_maxrss) * 1024;
}

std::string refuse(std::string_view text, const JsonLimits& limits = {}) {
  const std::string canonical = error_of([&] { parse_canonical(text, limits); });
  const std::string ordinary = error_of([&] { parse_json(text, limits); });
  EXPECT_EQ(canonical, ordinary);
  return canonical;
}

TEST(JsonLimits, RefuseAGigabyteUnread) {
  constexpr std::size_t kGigabyte = std::size_t{1} << 30;
  // Reserved, never backed: touching it all would show as memory.
  void* const memory = mmap(nullptr, kGigabyte, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  ASSERT_NE(memory, MAP_FAILED);
  const std::size_t before = peak_memory();
  EXPECT_EQ(refuse({static_cast<const char*>(memory), kGigabyte}),
            "too-large: JSON holds 1073741824 bytes, more than the limit of 268435456");
  EXPECT_LT(peak_memory() - before, std::size_t{16} << 20);
  munmap(memory, kGigabyte);
}

TEST(JsonLimits, EndDeepNestingAtOnce) {
  const std::string arrays(std::size_t{128} << 20, '[');
  std::string objects;
  while (objects.size() < std::size_t{64} << 20) objects += R"({"a":)";
  const std::size_t before = peak_memory();
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(refuse(arrays), "too-large: JSON is nested deeper than 32");
  EXPECT_EQ(refuse(objects), "too-large: JSON is nested deeper than 32");
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(2));
  EXPECT_LT(peak_memory() - before, std::size_t{16} << 20);
}

TEST(JsonLimits, EndTenMillionValuesWithinBoundedMemory) {
  std::string text = "[0";
  for (int i = 1; i < 10'000'000; ++i) text += ",0";
  text += "]";
  const std::size_t before = peak_memory();
  EXPECT_EQ(refuse(text), "too-large: JSON has more than 4000000 values");
  EXPECT_LT(peak_memory() - before, std::size_t{512} << 20);
}

TEST(JsonLimits, CountValuesAndNotKeys) {
  JsonLimits limits;
  limits.max_values = 4;
  EXPECT_EQ(refuse(R"({"a":1,"b":[2]})", limits), "");
  EXPECT_EQ(refuse(R"({"a":1,"b":[2,3]})", limits), "too-large: JSON has more than 4 values");
}

TEST(JsonLimits, HoldToTheByteAndTheLevel) {
  JsonLimits limits;
  limits.max_bytes = 4;
  limits.max_depth = 2;
  EXPECT_EQ(refuse("[[]]", limits), "");
  EXPECT_NE(refuse("[[1]]", limits), "");
  limits.max_bytes = 6;
  EXPECT_EQ(refuse("[[[]]]", limits), "too-large: JSON is nested deeper than 2");
  limits.max_depth = 0;
  EXPECT_EQ(refuse("1", limits), "");
  EXPECT_NE(refuse("[]", limits), "");
}

TEST(JsonLimits, LetManySmallDuplicatesEndAtTheFirst) {
  std::string text = "{";
  for (int i = 0; i < 1'000'000; ++i) text += "\"a\":0,";
  EXPECT_EQ(refuse(text), "malformed: JSON has the key a twice in one object");
}

TEST(JsonLimits, ReadLongNumbersAndStringsInLinearTime) {
  const auto start = std::chrono::steady_clock::now();
  const std::string digits(std::size_t{8} << 20, '1');
  EXPECT_EQ(error_of([&] { parse_json(digits); }),
            "malformed: not JSON: a number is too large for a double");
  EXPECT_EQ(error_of([&] { parse_json("0." + digits); }), "");
  EXPECT_EQ(error_of([&] { parse_json("\"" + digits); }).substr(0, 10), "malformed:");
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(20));
}

}  // namespace
}  // namespace mlprov
