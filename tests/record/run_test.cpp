#include "mlprov/record/run.h"

#include <gtest/gtest.h>

#include "forger/samples.h"
#include "mlprov/inspect/verify.h"
#include "mlprov/support/error.h"

namespace mlprov {
namespace {

template <typename Act>
::testing::AssertionResult throws(ErrorCode code, Act act) {
  try {
    act();
  } catch (const Error& error) {
    if (error.code() == code) return ::testing::AssertionSuccess();
    return ::testing::AssertionFailure() << to_string(error.code()) << ": " << error.what();
  }
  return ::testing::AssertionFailure() << "nothing was thrown";
}

class Run : public ::testing::Test {
 protected:
  Run()
      : key_(forge::author_key()),
        run_({forge::run_id_of(1), Algorithm::kBlake3, std::nullopt}, key_,
             forge::fixed_environment(1)) {}

  void add(const std::string& folder) { run_.add_text(folder, "t", "t"); }
  auto adding(const std::string& folder) {
    return [this, folder] { add(folder); };
  }

  PrivateKey key_;
  RunBuilder run_;
};

TEST_F(Run, OpensPlacesAsItGoes) {
  EXPECT_TRUE(throws(ErrorCode::kUsage, adding("training/epoch-00000001")));
  add("before/code");
  run_.seal_before();
  EXPECT_TRUE(throws(ErrorCode::kUsage, adding("before/code")));
  EXPECT_TRUE(throws(ErrorCode::kUsage, adding("training/epoch-00000002")));
  EXPECT_TRUE(throws(ErrorCode::kUsage, adding("training")));
  EXPECT_TRUE(throws(ErrorCode::kUsage, adding("step-00000001")));
  EXPECT_EQ(1u, run_.open_epoch());
  add("training/epoch-00000001/model");
  run_.seal_epoch();
  EXPECT_EQ(2u, run_.open_epoch());
  EXPECT_TRUE(throws(ErrorCode::kUsage, adding("training/epoch-00000001")));
  add("result");
  add("circumstances/where");
  run_.seal_after();
  EXPECT_TRUE(throws(ErrorCode::kUsage, adding("result")));
  EXPECT_TRUE(throws(ErrorCode::kUsage, [&] { run_.seal_epoch(); }));
  EXPECT_TRUE(throws(ErrorCode::kUsage, [&] { run_.seal_after(); }));
  add("step-00000001/files");
  run_.seal_step();
  EXPECT_EQ(2u, run_.open_step());
  EXPECT_EQ(Outcome::kHolds, verify_bundle(encode_bundle(run_.bundle())).outcome);
}

TEST_F(Run, KeepsToTheSkeleton) {
  for (const char* folder : {"", "code", "before/data/circumstances", "circumstances/circumstances",
                             "before/command", "step-00000002", "step-1", "result/x/circumstances",
                             "before/circumstances/circumstances"}) {
    EXPECT_TRUE(throws(ErrorCode::kUsage, adding(folder))) << folder;
  }
  EXPECT_TRUE(throws(ErrorCode::kMalformed, adding("before//x")));
  EXPECT_TRUE(throws(ErrorCode::kMalformed, adding("before/..")));
  EXPECT_TRUE(throws(ErrorCode::kUsage, [&] { run_.add_text("before", "command", "x"); }));
  EXPECT_TRUE(throws(ErrorCode::kUsage, [&] { run_.add_text("step-00000001", "notes", "x"); }));
  EXPECT_TRUE(throws(ErrorCode::kUsage, [&] { run_.add_text("step-00000001", "command", "x"); }));
  EXPECT_TRUE(throws(ErrorCode::kUsage, [&] { run_.add_text("before", "", "x"); }));
  EXPECT_TRUE(
      throws(ErrorCode::kConflict, [&] { run_.add_json("before/circumstances", "run", 1); }));
  std::string deep = "before";
  for (int i = 0; i < 62; ++i) deep += "/d";
  EXPECT_TRUE(throws(ErrorCode::kUsage, adding(deep)));
}

TEST_F(Run, NamesAreEscaped) {
  run_.add_text("before", "circumstances", "t");
  run_.add_text("before", "a/b~%", "t");
  run_.seal_before();
  EXPECT_NE(nullptr, run_.last_tree().find("%63ircumstances"));
  EXPECT_NE(nullptr, run_.last_tree().find("a~1b~0%25"));
}

TEST_F(Run, RefusesTextThatIsNone) {
  EXPECT_TRUE(throws(ErrorCode::kUsage, [&] { run_.add_text("before", "t", "\xff"); }));
  EXPECT_TRUE(throws(ErrorCode::kMalformed, [&] { run_.add_json("before", "j", 0.5); }));
}

TEST_F(Run, ASecondStepMakesARunOfSteps) {
  run_.seal_step();
  run_.seal_step();
  EXPECT_TRUE(throws(ErrorCode::kUsage, adding("before")));
  EXPECT_TRUE(throws(ErrorCode::kUsage, [&] { run_.seal_before(); }));
  EXPECT_EQ(Outcome::kHolds, verify_bundle(encode_bundle(run_.bundle())).outcome);
}

TEST_F(Run, ALeadingStepStandsUnderCommand) {
  run_.add_json("step-00000001", "command", {{"argv", "x"}});
  run_.seal_step();
  add("before/code");
  EXPECT_TRUE(throws(ErrorCode::kUsage, [&] { run_.seal_step(); }));
  run_.seal_before();
  EXPECT_NE(nullptr, run_.last_tree().find("command/command"));
  EXPECT_EQ(Outcome::kUnfinished, verify_bundle(encode_bundle(run_.bundle())).outcome);
}

TEST_F(Run, NothingUnsealedLeaks) {
  run_.add_text("before", "a", "sealed");
  run_.seal_before();
  run_.add_text("training/epoch-00000001", "b", "still open");
  const std::string text = encode_bundle(run_.bundle());
  EXPECT_EQ(std::string::npos, text.find("still open"));
  EXPECT_NE(std::string::npos, text.find("sealed"));
}

TEST_F(Run, LargeContentsAreBoundOnly) {
  run_.add_file("before", "fits", Bytes(kMaxObjectBytes, 1));
  run_.add_file("before", "too large", Bytes(kMaxObjectBytes + 1, 1));
  run_.seal_before();
  EXPECT_EQ(2u, run_.bundle().objects.size()) << "the file that fits, and the run's mark";
}

TEST_F(Run, WithoutASealThereIsNothing) {
  EXPECT_TRUE(throws(ErrorCode::kUsage, [&] { (void)run_.bundle(); }));
  EXPECT_TRUE(throws(ErrorCode::kUsage, [&] { (void)run_.last_tree(); }));
  EXPECT_TRUE(throws(ErrorCode::kUsage, [&] { run_.seal_epoch(); }));
  EXPECT_TRUE(throws(ErrorCode::kUsage, [&] { run_.seal_after(); }));
}

TEST(RunId, IsRandom) {
  EXPECT_EQ(32u, new_run_id().size());
  EXPECT_NE(new_run_id(), new_run_id());
}

TEST(RunDefaults, SaltsAndClockComeFromTheSystem) {
  const PrivateKey key = forge::author_key();
  RunBuilder run({new_run_id(), Algorithm::kSha256, std::nullopt}, key);
  run.add_text("before", "a", "x", Salting::kSalted);
  run.add_text("before", "b", "x", Salting::kSalted);
  const UtcSeconds start = now_utc();
  const SignedStatement& before = run.seal_before();
  EXPECT_GE(before.statement.time, start);
  EXPECT_NE(run.last_tree().find("a")->salt, run.last_tree().find("b")->salt);
}

}  // namespace
}  // namespace mlprov
