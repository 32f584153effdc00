#include "mlprov/support/time.h"

#include <gtest/gtest.h>

#include <string>

namespace mlprov {
namespace {

using namespace std::string_literals;
using std::chrono::seconds;

TEST(Time, IsWrittenInOneForm) {
  const std::pair<std::int64_t, const char*> rows[] = {
      {0, "1970-01-01T00:00:00Z"},           {-1, "1969-12-31T23:59:59Z"},
      {951782400, "2000-02-29T00:00:00Z"},   {1795219200, "2026-11-21T00:00:00Z"},
      {2147483648, "2038-01-19T03:14:08Z"},  {-62135596800, "0001-01-01T00:00:00Z"},
      {253402300799, "9999-12-31T23:59:59Z"}};
  for (const auto& [count, text] : rows) {
    EXPECT_EQ(format_utc(UtcSeconds(seconds(count))), text);
    EXPECT_EQ(parse_utc(text), UtcSeconds(seconds(count))) << text;
  }
}

TEST(Time, ReadsBackEveryDayOfFourCenturies) {
  for (std::int64_t day = -100000; day < 50000; ++day) {
    const UtcSeconds time(seconds(day * 86400 + (day & 0xFFFF)));
    ASSERT_EQ(parse_utc(format_utc(time)), time) << format_utc(time);
  }
}

TEST(Time, RefusesDatesThatNoCalendarHas) {
  for (const char* text :
       {"2026-00-01T00:00:00Z", "2026-13-01T00:00:00Z", "2026-01-00T00:00:00Z",
        "2026-01-32T00:00:00Z", "2026-02-29T00:00:00Z", "2024-02-30T00:00:00Z",
        "2100-02-29T00:00:00Z", "2026-04-31T00:00:00Z", "2026-01-01T24:00:00Z",
        "2026-01-01T00:60:00Z", "2016-12-31T23:59:60Z", "0000-01-01T00:00:00Z"}) {
    EXPECT_EQ(parse_utc(text), std::nullopt) << text;
  }
}

TEST(Time, RefusesEveryOtherForm) {
  for (const std::string& text :
       {""s, "2026-11-21"s, "2026-11-21T00:00:00"s, "2026-11-21T00:00:00z"s,
        "2026-11-21t00:00:00Z"s, "2026-11-21 00:00:00Z"s, "2026-11-21T00:00:00+00:00"s,
        "2026-11-21T00:00:00.0Z"s, " 2026-11-21T00:00:00Z"s, "2026-11-21T00:00:00Z "s,
        "2026-11-21T00:00:00Z\0"s, "26-11-21T00:00:00Z"s, "+026-11-21T00:00:00Z"s,
        "-026-11-21T00:00:00Z"s, "2026-1 -21T00:00:00Z"s, "2026-11-21T0x:00:00Z"s,
        "2026/11/21T00:00:00Z"s, "2026-11-21T00-00-00Z"s, "10000-01-01T00:00:00Z"s}) {
    EXPECT_EQ(parse_utc(text), std::nullopt) << text;
  }
}

TEST(Time, NowIsWholeSecondsOfThisCentury) {
  const std::string now = format_utc(now_utc());
  EXPECT_TRUE(parse_utc(now).has_value()) << now;
  EXPECT_GT(now, "2024-01-01T00:00:00Z");
}

}  // namespace
}  // namespace mlprov
