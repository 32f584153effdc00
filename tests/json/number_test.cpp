// ECMAScript number formatting: RFC 8785 appendix B and the authors' sequence of numbers.
#include "json/number.h"

#include <gtest/gtest.h>
#include <openssl/evp.h>

#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "mlprov/json/canonical.h"
#include "mlprov/support/hex.h"
#include "support/error_of.h"

namespace mlprov {
namespace {

std::string print(double value) {
  std::string text;
  json::append_ecmascript_number(text, value);
  return text;
}

TEST(EcmascriptNumber, IsThatOfAppendixB) {
  const struct {
    std::uint64_t bits;
    const char* text;
  } rows[] = {{0x0000000000000000, "0"},
              {0x8000000000000000, "0"},
              {0x0000000000000001, "5e-324"},
              {0x8000000000000001, "-5e-324"},
              {0x7fefffffffffffff, "1.7976931348623157e+308"},
              {0xffefffffffffffff, "-1.7976931348623157e+308"},
              {0x4340000000000000, "9007199254740992"},
              {0xc340000000000000, "-9007199254740992"},
              {0x4430000000000000, "295147905179352830000"},
              {0x44b52d02c7e14af5, "9.999999999999997e+22"},
              {0x44b52d02c7e14af6, "1e+23"},
              {0x44b52d02c7e14af7, "1.0000000000000001e+23"},
              {0x444b1ae4d6e2ef4e, "999999999999999700000"},
              {0x444b1ae4d6e2ef4f, "999999999999999900000"},
              {0x444b1ae4d6e2ef50, "1e+21"},
              {0x3eb0c6f7a0b5ed8c, "9.999999999999997e-7"},
              {0x3eb0c6f7a0b5ed8d, "0.000001"},
              {0x41b3de4355555553, "333333333.3333332"},
              {0x41b3de4355555554, "333333333.33333325"},
              {0x41b3de4355555555, "333333333.3333333"},
              {0x41b3de4355555556, "333333333.3333334"},
              {0x41b3de4355555557, "333333333.33333343"},
              {0xbecbf647612f3696, "-0.0000033333333333333333"},
              {0x43143ff3c1cb0959, "1424953923781206.2"}};
  for (const auto& row : rows) {
    EXPECT_EQ(to_jcs(std::bit_cast<double>(row.bits)), row.text) << std::hex << row.bits;
  }
  for (const std::uint64_t bits : {0x7fffffffffffffffU, 0x7ff0000000000000U}) {
    EXPECT_NE(testing::error_of([&] { to_jcs(std::bit_cast<double>(bits)); }), "") << bits;
  }
}

/// The authors' numbers in order: fixed ones, 2,000 in a row, then SHA-256 upon SHA-256.
class PublishedNumbers {
 public:
  PublishedNumbers() {
    std::ifstream file(MLPROV_TEST_DATA "/vectors/es6_static.txt");
    for (std::string line; std::getline(file, line);) {
      first_.push_back(std::strtoull(line.c_str(), nullptr, 16));
    }
    EXPECT_EQ(first_.size(), 168U);
    for (std::uint64_t i = 0; i < 2000; ++i) first_.push_back(0x0010000000000000U + i);
  }

  std::uint64_t next() {
    if (next_ < first_.size()) return first_[next_++];
    while (true) {
      const double value = std::bit_cast<double>(next_of_chain());
      if (value != 0 && std::isfinite(value)) return std::bit_cast<std::uint64_t>(value);
    }
  }

 private:
  std::uint64_t next_of_chain() {
    if (used_ == block_.size()) {
      EVP_Digest(block_.data(), block_.size(), block_.data(), nullptr, EVP_sha256(), nullptr);
      used_ = 0;
    }
    std::uint64_t bits = 0;
    for (std::size_t i = 0; i < 8; ++i) bits |= std::uint64_t{block_[used_ + i]} << (8 * i);
    used_ += 8;
    return bits;
  }

  std::vector<std::uint64_t> first_;
  std::size_t next_ = 0;
  std::array<std::uint8_t, 32> block_{};
  std::size_t used_ = 32;
};

class LineHash {
 public:
  LineHash() { EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr); }

  void add(const std::string& line) { EVP_DigestUpdate(context_.get(), line.data(), line.size()); }

  std::string so_far() const {
    const Context copy(EVP_MD_CTX_new(), EVP_MD_CTX_free);
    EVP_MD_CTX_copy_ex(copy.get(), context_.get());
    Digest32 digest;
    EVP_DigestFinal_ex(copy.get(), digest.data(), nullptr);
    return to_hex(digest);
  }

 private:
  using Context = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;
  Context context_{EVP_MD_CTX_new(), EVP_MD_CTX_free};
};

TEST(EcmascriptNumber, GivesThePublishedSumsOfAMillionNumbers) {
  const std::pair<int, const char*> sums[] = {
      {1000, "be18b62b6f69cdab33a7e0dae0d9cfa869fda80ddc712221570f9f40a5878687"},
      {10000, "b9f7a8e75ef22a835685a52ccba7f7d6bdc99e34b010992cbc5864cd12be6892"},
      {100000, "22776e6d4b49fa294a0d0f349268e5c28808fe7e0cb2bcbe28f63894e494d4c7"},
      {1000000, "49415fee2c56c77864931bd3624faad425c3c577d6d74e89a83bc725506dad16"}};
  PublishedNumbers numbers;
  LineHash hash;
  int line = 0;
  for (const auto& [count, sum] : sums) {
    for (; line < count; ++line) {
      const std::uint64_t bits = numbers.next();
      char hex[16];
      const auto end = std::to_chars(hex, hex + sizeof hex, bits, 16).ptr;
      hash.add(std::string(hex, end) + "," + print(std::bit_cast<double>(bits)) + "\n");
    }
    ASSERT_EQ(hash.so_far(), sum) << "first " << count << " numbers";
  }
}

TEST(EcmascriptNumber, ReadsBackAsTheSameDouble) {
  PublishedNumbers numbers;
  for (int i = 0; i < 20000; ++i) {
    const double value = std::bit_cast<double>(numbers.next());
    EXPECT_EQ(std::strtod(print(value).c_str(), nullptr), value) << print(value);
  }
}

TEST(Bits, AreTheHexOfTheDouble) {
  EXPECT_EQ(to_canonical(to_bits(1.0)), R"({"bits":"3ff0000000000000"})");
  EXPECT_EQ(to_canonical(to_bits(-0.0)), R"({"bits":"8000000000000000"})");
  EXPECT_EQ(to_canonical(to_bits(5e-324)), R"({"bits":"0000000000000001"})");
  EXPECT_EQ(to_canonical(to_bits(INFINITY)), R"({"bits":"7ff0000000000000"})");
}

TEST(Bits, ReadBackBitByBit) {
  for (const std::uint64_t bits : {0x7ff8000000000000U, 0xfff8dead00000001U, 0x8000000000000000U,
                                   0x0123456789abcdefU, 0x7ff0000000000000U}) {
    const double value = from_bits(to_bits(std::bit_cast<double>(bits)));
    EXPECT_EQ(std::bit_cast<std::uint64_t>(value), bits) << std::hex << bits;
  }
}

TEST(Bits, RefuseAnyOtherShape) {
  for (const char* text :
       {"1", "1.5", "\"3ff0000000000000\"", "[]", "{}", R"({"bits":1})", R"({"bits":""})",
        R"({"bits":"3ff000000000000"})", R"({"bits":"3ff00000000000000"})",
        R"({"bits":"3FF0000000000000"})", R"({"bits":"0x3ff00000000000"})",
        R"({"bits":"3ff000000000000g"})", R"({"bits":"3ff0000000000000","value":1})"}) {
    const std::string error = testing::error_of([&] { from_bits(parse_json(text)); });
    EXPECT_EQ(error.substr(0, 10), "malformed:") << text;
  }
}

}  // namespace
}  // namespace mlprov
