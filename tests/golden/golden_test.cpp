#include "golden/golden.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <set>

#include "forger/samples.h"
#include "mlprov/inspect/verify.h"
#include "mlprov/record/proof_document.h"
#include "mlprov/support/file.h"

namespace mlprov::golden {
namespace {

const std::filesystem::path kFolder = std::filesystem::path(MLPROV_TEST_DATA) / "v1";
constexpr std::uint64_t kMaxFile = 1 << 24;

Json expected() { return parse_json(read_file(kFolder / "expected.json", kMaxFile)); }

/// Where two texts part, for a message that a person can use.
std::string first_difference(const std::string& a, const std::string& b) {
  const auto [x, y] = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
  if (x == a.end() && y == b.end()) return "";
  const auto at = static_cast<std::size_t>(x - a.begin());
  const std::size_t from = at < 40 ? 0 : at - 40;
  return "byte " + std::to_string(at) + ": " + a.substr(from, 80) + " | " + b.substr(from, 80);
}

TEST(Golden, FilesAreWrittenByteForByteAsTheyWere) {
  for (const auto& [name, content] : files_v1()) {
    EXPECT_EQ("", first_difference(read_file(kFolder / name, kMaxFile), content)) << name;
  }
}

TEST(Golden, EachFileGetsTheVerdictThatItAlwaysGot) {
  const Json verdicts = expected();
  ASSERT_GE(verdicts.size(), 16u);
  for (const auto& [name, verdict] : verdicts.items()) {
    EXPECT_EQ(verdict, verdict_of(name, read_file(kFolder / name, kMaxFile))) << name;
  }
}

TEST(Golden, NoFileStandsBesideThoseExpected) {
  const Json verdicts = expected();
  std::set<std::string> names = {"expected.json"};
  for (const auto& [name, verdict] : verdicts.items()) names.insert(name);
  for (const auto& file : std::filesystem::directory_iterator(kFolder)) {
    EXPECT_TRUE(names.contains(file.path().filename().string())) << file.path().filename();
  }
}

TEST(Golden, ReadingAndWritingAgainGivesTheSameBytes) {
  const Json verdicts = expected();
  for (const auto& [name, verdict] : verdicts.items()) {
    const std::string content = read_file(kFolder / name, kMaxFile);
    const std::string again = name.ends_with(".proof.json") ? encode_proof(parse_proof(content))
                                                            : encode_bundle(parse_bundle(content));
    EXPECT_EQ("", first_difference(content, again)) << name;
  }
}

TEST(Golden, AnotherSignerIsRefused) {
  const Json verdicts = expected();
  VerifyPolicy policy;
  policy.signers = {forge::thief_key().address()};
  for (const auto& [name, verdict] : verdicts.items()) {
    if (name.ends_with(".proof.json")) continue;
    const Verdict got = verify_bundle(read_file(kFolder / name, kMaxFile), policy);
    EXPECT_EQ(Refusal::kWrongSigner, got.refusal) << name << ": " << got.detail;
  }
}

}  // namespace
}  // namespace mlprov::golden
