#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "mlprov/inspect/verify.h"
#include "mlprov/store/store.h"
#include "mlprov/support/error.h"
#include "mlprov/support/hex.h"
#include "mlprov/support/random.h"
#include "mlprov/tracker/run_session.h"

namespace mlprov {
namespace {

namespace fs = std::filesystem;

/// A folder and a key of the test's own.
class Session : public testing::Test {
 protected:
  void SetUp() override {
    std::array<std::uint8_t, 8> tag;
    fill_random(tag);
    folder_ = fs::temp_directory_path() / ("mlprov-session-" + to_hex(tag));
    fs::create_directories(folder_ / "data");
    std::ofstream(folder_ / "data" / "a.bin") << "abc";
    ::setenv("MLPROV_KEYS", (folder_ / "keys").c_str(), 1);
    ::unsetenv("MLPROV_DISABLED");
  }
  void TearDown() override {
    ::unsetenv("MLPROV_DISABLED");
    fs::remove_all(folder_);
  }

  SessionOptions options() const {
    SessionOptions options;
    options.name = "test";
    options.start = folder_;
    options.announce = false;
    return options;
  }

  /// One short run; returns its id.
  std::string train(int epochs) {
    RunSession session(options());
    session.data("train", folder_ / "data");
    for (int i = 0; i < epochs; ++i) {
      const std::string place = session.open_epoch();
      session.add_tensors(place + "/model", {{"w", "F32", {2}, Digest32{}}});
      session.commit_epoch();
      session.metric("loss", 0.5);
    }
    session.finish();
    EXPECT_TRUE(session.problems().empty());
    return session.run_id();
  }

  Bundle load(const std::string& run) {
    const auto found = find_store_folder(folder_);
    EXPECT_TRUE(found.has_value());
    return Store::open(*found).load(run).bundle;
  }

  fs::path folder_;
};

TEST_F(Session, GivesARunThatVerifiesWithItsLog) {
  const Bundle bundle = load(train(2));
  const Verdict verdict = verify_bundle(encode_bundle(bundle));
  EXPECT_EQ(verdict.outcome, Outcome::kHolds) << verdict.detail;
  ASSERT_EQ(verdict.statements.size(), 4U);
  for (const StatementReport& statement : verdict.statements) EXPECT_EQ(statement.log, "included");
}

TEST_F(Session, TwoEqualRunsHaveEqualContentRoots) {
  const Verdict first = verify_bundle(encode_bundle(load(train(2))));
  const Verdict second = verify_bundle(encode_bundle(load(train(2))));
  ASSERT_TRUE(first.content_root.has_value());
  EXPECT_EQ(first.content_root, second.content_root);
  EXPECT_NE(first.root, second.root) << "circumstances differ";
}

TEST_F(Session, RefusesMissingDataByName) {
  RunSession session(options());
  try {
    session.data("train", folder_ / "nowhere");
    FAIL() << "accepted a path that does not exist";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kNotFound);
    EXPECT_NE(std::string(error.what()).find("nowhere"), std::string::npos);
  }
}

TEST_F(Session, WithoutFinishTheDestructorSeals) {
  std::string run;
  {
    RunSession session(options());
    session.open_epoch();
    run = session.run_id();
  }
  EXPECT_EQ(verify_bundle(encode_bundle(load(run))).outcome, Outcome::kHolds);
}

TEST_F(Session, AFailedRunStaysUnfinishedAndVerifiable) {
  std::string run;
  {
    RunSession session(options());
    session.open_epoch();
    session.seal_epoch();
    session.fail("out of memory");
    run = session.run_id();
  }
  EXPECT_EQ(verify_bundle(encode_bundle(load(run))).outcome, Outcome::kUnfinished);
}

TEST_F(Session, DisabledItLeavesNothingBehind) {
  ::setenv("MLPROV_DISABLED", "1", 1);
  RunSession session(options());
  EXPECT_FALSE(session.enabled());
  EXPECT_EQ(session.open_epoch(), "");
  session.finish();
  EXPECT_FALSE(fs::exists(folder_ / ".mlprov"));
}

}  // namespace
}  // namespace mlprov
