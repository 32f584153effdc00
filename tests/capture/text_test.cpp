#include "capture/text.h"

#include <gtest/gtest.h>

namespace mlprov::capture {
namespace {

TEST(CaptureText, BytesThatAreNoTextAreSpelledOut) {
  EXPECT_EQ(printable("plain \xc3\xa4"), "plain \xc3\xa4");
  EXPECT_EQ(printable("a\xff"
                      "b"),
            "a\\xffb");
  EXPECT_EQ(printable(std::string_view("a\0b", 3)), "a\\x00b");
  EXPECT_EQ(printable("\xed\xa0\x80"), "\\xed\\xa0\\x80");  // A lone surrogate.
  EXPECT_EQ(printable("\xe2\x82"), "\\xe2\\x82");           // Cut short.
}

TEST(CaptureText, SplitsAndTrims) {
  EXPECT_EQ(trim(" \t a b \n"), "a b");
  EXPECT_EQ(trim(" "), "");
  EXPECT_TRUE(split("", ',').empty());
  const auto pieces = split("a,,b,", ',');
  ASSERT_EQ(pieces.size(), 3u);
  EXPECT_EQ(pieces[1], "");
  EXPECT_EQ(pieces[2], "b");
}

TEST(CaptureText, NumbersAreWholeOrNothing) {
  EXPECT_EQ(parse_number("0"), 0u);
  EXPECT_EQ(parse_number("18446744073709551615"), UINT64_MAX);
  for (const char* bad : {"", "-1", " 1", "1 ", "18446744073709551616", "max"}) {
    EXPECT_FALSE(parse_number(bad)) << bad;
  }
  EXPECT_EQ(json_number(UINT64_MAX), (std::uint64_t{1} << 53) - 1);
}

}  // namespace
}  // namespace mlprov::capture
