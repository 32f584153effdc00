// Statements moved, dropped, relabelled or borrowed from another run.
#include <gtest/gtest.h>

#include "forger/expect.h"
#include "mlprov/support/hex.h"

namespace mlprov::forge {
namespace {

/// Statements of the plain sample, in order.
constexpr std::size_t kBefore = 0;
constexpr std::size_t kFirstEpoch = 1;
constexpr std::size_t kSecondEpoch = 2;
constexpr std::size_t kAfter = 3;

void drop(Forgery& forgery, std::size_t index) { forgery.document()["statements"].erase(index); }

Forgery other_run() {
  SampleOptions options;
  options.seed = 5;
  options.learning_rate = 0.02;
  return sample_forgery(options);
}

/// Everything that another run's trees need.
void borrow_material(Forgery& forgery, Forgery& other) {
  for (const char* map : {"directories", "objects"}) {
    forgery.document()[map].update(other.document()[map]);
  }
}

TEST(Chain, TheLastEpochDropped) {
  Forgery forgery = sample_forgery();
  drop(forgery, kSecondEpoch);
  EXPECT_TRUE(is_refused(forgery.text(), Refusal::kStatementChain)) << "by a stranger";

  forgery.resign(author_key());
  EXPECT_TRUE(is_refused(forgery.text(), Refusal::kEpochMismatch)) << "by the author";
}

TEST(Chain, TheLastEpochDroppedFromTheTreeOnly) {
  Forgery forgery = sample_forgery();
  forgery.edit_run("training", [](Json& slots) { remove_slot(slots, "epoch-00000002"); });
  forgery.resign(author_key());
  EXPECT_TRUE(is_refused(forgery.text(), Refusal::kEpochMismatch));
}

TEST(Chain, AMiddleEpochDropped) {
  SampleOptions options;
  options.epochs = 3;
  Forgery forgery = sample_forgery(options);
  drop(forgery, kSecondEpoch);
  EXPECT_TRUE(is_refused(forgery.text(), Refusal::kStatementOrder)) << "by a stranger";
  forgery.resign(author_key());
  EXPECT_TRUE(is_refused(forgery.text(), Refusal::kStatementOrder)) << "by the author";
}

TEST(Chain, TheAfterStatementDroppedReadsUnfinished) {
  Forgery forgery = sample_forgery();
  drop(forgery, kAfter);
  forgery.prune();
  EXPECT_TRUE(has_outcome(forgery.text(), Outcome::kUnfinished));
  const Verdict verdict = verify_bundle(forgery.text(), demand_author());
  EXPECT_EQ(4, verdict.exit_code());
  EXPECT_EQ("unfinished at epoch 2", verdict.detail);
  EXPECT_FALSE(verdict.content_root);
}

TEST(Chain, TheBeforeStatementDropped) {
  Forgery forgery = sample_forgery();
  drop(forgery, kBefore);
  EXPECT_TRUE(is_refused(forgery.text(), Refusal::kStatementOrder));
}

TEST(Chain, EpochsRelabelled) {
  Forgery forgery = sample_forgery();
  Json first = forgery.payload(kFirstEpoch);
  Json second = forgery.payload(kSecondEpoch);
  std::swap(first["predicate"]["path"], second["predicate"]["path"]);
  forgery.keep_signature(kFirstEpoch, to_canonical(first));
  forgery.keep_signature(kSecondEpoch, to_canonical(second));
  EXPECT_TRUE(is_refused(forgery.text(), Refusal::kBadSignature)) << "by a stranger";
  forgery.resign(author_key());
  EXPECT_TRUE(is_refused(forgery.text(), Refusal::kStatementOrder)) << "by the author";
}

TEST(Chain, EpochsRelabelledWithTheirOrder) {
  Forgery forgery = sample_forgery();
  Json first = forgery.payload(kFirstEpoch);
  Json second = forgery.payload(kSecondEpoch);
  std::swap(first["subject"], second["subject"]);
  forgery.keep_signature(kFirstEpoch, to_canonical(first));
  forgery.keep_signature(kSecondEpoch, to_canonical(second));
  forgery.resign(author_key());
  EXPECT_TRUE(is_refused(forgery.text(), Refusal::kEpochMismatch));
}

TEST(Chain, EpochsRelabelledInTheTree) {
  Forgery forgery = sample_forgery();
  forgery.edit_run("training", [](Json& slots) {
    std::swap(slots[0]["name"], slots[1]["name"]);
    std::swap(slots[0], slots[1]);
  });
  forgery.resign(author_key());
  EXPECT_TRUE(is_refused(forgery.text(), Refusal::kEpochMismatch));

  forgery = sample_forgery();
  forgery.edit_run("training", [](Json& slots) {
    slot_named(slots, "epoch-00000002")["name"] = "epoch-00000003";
  });
  forgery.resign(author_key());
  EXPECT_TRUE(is_refused(forgery.text(), Refusal::kSkeleton));
}

TEST(Chain, AnEpochMoreThanWasSealed) {
  Forgery forgery = sample_forgery();
  forgery.edit_run("training", [](Json& slots) {
    Json copy = slots[1];
    copy["name"] = "epoch-00000003";
    slots.push_back(copy);
  });
  forgery.resign(author_key());
  EXPECT_TRUE(is_refused(forgery.text(), Refusal::kEpochMismatch));
}

TEST(Chain, StatementsSwappedBetweenTwoRunsOfOneAuthor) {
  for (std::size_t index = 0; index <= kAfter; ++index) {
    Forgery forgery = sample_forgery();
    Forgery other = other_run();
    forgery.statement(index) = other.statement(index);
    borrow_material(forgery, other);
    forgery.prune();
    EXPECT_TRUE(is_refused(forgery.text(), Refusal::kStatementMismatch)) << index;
  }
}

TEST(Chain, AnotherRunsEpochUnderThisRunsStatement) {
  Forgery forgery = sample_forgery();
  Forgery other = other_run();
  borrow_material(forgery, other);
  Json payload = forgery.payload(kSecondEpoch);
  payload["subject"][0]["digest"] = other.payload(kFirstEpoch)["subject"][0]["digest"];
  payload["predicate"]["entries"] = other.payload(kFirstEpoch)["predicate"]["entries"];
  forgery.keep_signature(kSecondEpoch, to_canonical(payload));
  forgery.resign(author_key());
  forgery.prune();
  EXPECT_TRUE(is_refused(forgery.text(), Refusal::kEpochMismatch));
}

TEST(Chain, AnotherRunsBeforeUnderThisRunsStatements) {
  Forgery forgery = sample_forgery();
  Forgery other = other_run();
  borrow_material(forgery, other);
  const std::string root = other.root_at(kBefore, "");
  Json payload = forgery.payload(kBefore);
  payload["subject"][0]["digest"].begin().value() = root;
  forgery.keep_signature(kBefore, to_canonical(payload));
  forgery.edit_run("", [&](Json& slots) {
    if (slots.size() == 4) slot_named(slots, "before") = other.tree_entry("before", root);
  });
  forgery.resign(author_key());
  forgery.prune();
  EXPECT_TRUE(is_refused(forgery.text(), Refusal::kStatementMismatch));
}

TEST(Chain, StatementsOutOfOrder) {
  for (std::size_t index = 0; index < kAfter; ++index) {
    Forgery forgery = sample_forgery();
    std::swap(forgery.statement(index), forgery.statement(index + 1));
    EXPECT_TRUE(is_refused(forgery.text(), Refusal::kStatementOrder)) << index;
  }
}

TEST(Chain, StatementsTwice) {
  for (std::size_t index = 0; index <= kAfter; ++index) {
    Forgery forgery = sample_forgery();
    Json& list = forgery.document()["statements"];
    list.insert(list.begin() + static_cast<std::ptrdiff_t>(index), list[index]);
    EXPECT_TRUE(is_refused(forgery.text(), Refusal::kStatementOrder)) << index;
    forgery.resign(author_key());
    EXPECT_TRUE(is_refused(forgery.text(), Refusal::kStatementOrder)) << index << " signed";
  }
}

TEST(Chain, AFirstStatementWithAPast) {
  Forgery forgery = sample_forgery();
  Json payload = forgery.payload(kBefore);
  payload["predicate"]["previous"] = std::string(64, 'a');
  forgery.sign(kBefore, payload, author_key());
  EXPECT_TRUE(is_refused(forgery.text(), Refusal::kStatementChain));
}

TEST(Chain, AStepInTheMiddleOfTraining) {
  SampleOptions options;
  options.trailing_steps = 1;
  Forgery forgery = sample_forgery(options);
  Json& list = forgery.document()["statements"];
  std::swap(list[3], list[4]);
  forgery.resign(author_key());
  EXPECT_TRUE(is_refused(forgery.text(), Refusal::kStatementOrder));
}

TEST(Chain, TwoLeadingSteps) {
  SampleOptions options;
  options.leads_with_step = true;
  Forgery forgery = sample_forgery(options);
  Json& list = forgery.document()["statements"];
  list.insert(list.begin(), list[0]);
  Json payload = forgery.payload(1);
  payload["predicate"]["path"] = "step-00000002";
  forgery.keep_signature(1, to_canonical(payload));
  forgery.resign(author_key());
  EXPECT_TRUE(is_refused(forgery.text(), Refusal::kStatementOrder));
}

TEST(Chain, StepsThatSkipANumber) {
  const PrivateKey key = author_key();
  Forgery forgery(encode_bundle(sample_steps(key, 3).bundle()));
  ASSERT_TRUE(holds(forgery.text()));
  drop(forgery, 1);
  forgery.resign(key);
  EXPECT_TRUE(is_refused(forgery.text(), Refusal::kStatementOrder));
}

TEST(Chain, TheLeadingStepDropped) {
  SampleOptions options;
  options.leads_with_step = true;
  Forgery forgery = sample_forgery(options);
  ASSERT_TRUE(holds(forgery.text()));
  drop(forgery, 0);
  EXPECT_TRUE(is_refused(forgery.text(), Refusal::kStatementChain)) << "by a stranger";
  forgery.resign(author_key());
  EXPECT_TRUE(is_refused(forgery.text(), Refusal::kSkeleton)) << "before/command stays behind";
}

TEST(Chain, AnotherCommandThanTheLeadingStep) {
  SampleOptions options;
  options.leads_with_step = true;
  Forgery forgery = sample_forgery(options);
  forgery.edit_run("before/command", [&](Json& slots) {
    Json& message = slot_named(slots, "message");
    message["digest"] = std::string(64, 'a');
  });
  forgery.resign(author_key());
  forgery.prune();
  EXPECT_TRUE(is_refused(forgery.text(), Refusal::kStatementMismatch));
}

TEST(Chain, ACommandThatNoStepLed) {
  SampleOptions options;
  options.leads_with_step = true;
  Forgery forgery = sample_forgery(options);
  forgery.edit_run("before", [](Json& slots) { remove_slot(slots, "command"); });
  forgery.resign(author_key());
  forgery.prune();
  EXPECT_TRUE(is_refused(forgery.text(), Refusal::kSkeleton));
}

TEST(Chain, FieldsOfThePayload) {
  struct Row {
    const char* field;
    Json value;
    Refusal refusal;
  };
  const std::vector<Row> rows = {
      {"entries", 99, Refusal::kStatementMismatch},
      {"entries", -1, Refusal::kMalformed},
      {"entries", true, Refusal::kMalformed},
      {"path", "training/epoch-1", Refusal::kMalformed},
      {"path", "training/epoch-00000000", Refusal::kMalformed},
      {"path", "training/../before", Refusal::kMalformed},
      {"path", "", Refusal::kMalformed},
      {"path", "training/epoch-00000009", Refusal::kStatementOrder},
      {"phase", "before", Refusal::kMalformed},
      {"phase", "later", Refusal::kMalformed},
      {"previous", nullptr, Refusal::kStatementChain},
      {"run", "00", Refusal::kMalformed},
      {"run", run_id_of(5), Refusal::kMalformed},
      {"time", "2026-11-21T24:00:00Z", Refusal::kMalformed},
      {"time", "2026-02-30T00:00:00Z", Refusal::kMalformed},
      {"time", "2026-11-21 00:00:00Z", Refusal::kMalformed},
      {"log", "example.org+00000000+AAAA", Refusal::kMalformed},
      {"log", sample_log().verifier.to_string(), Refusal::kStatementMismatch},
      {"flattering", "yes", Refusal::kMalformed},
  };
  for (const Row& row : rows) {
    Forgery forgery = sample_forgery();
    Json payload = forgery.payload(kFirstEpoch);
    payload["predicate"][row.field] = row.value;
    forgery.sign(kFirstEpoch, payload, author_key());
    if (row.refusal != Refusal::kStatementChain) forgery.resign(author_key());
    EXPECT_TRUE(is_refused(forgery.text(), row.refusal)) << row.field << " = " << row.value.dump();
  }
}

TEST(Chain, PayloadsThatAreNotCanonical) {
  const std::string good = to_canonical(sample_forgery().payload(0));
  for (const std::string& bad :
       {good + "\n", " " + good, "\xef\xbb\xbf" + good, good.substr(0, good.size() - 1),
        "{\"_type\":\"x\"," + good.substr(1), std::string("null"), std::string(),
        std::string(40, '[') + std::string(40, ']')}) {
    Forgery forgery = sample_forgery();
    forgery.sign_bytes(0, bad, author_key());
    EXPECT_TRUE(is_refused(forgery.text(), Refusal::kMalformed)) << bad.substr(0, 40);
  }
}

TEST(Chain, TwoSubjectsOrTwoDigests) {
  Forgery forgery = sample_forgery();
  Json payload = forgery.payload(0);
  payload["subject"].push_back(payload["subject"][0]);
  forgery.sign(0, payload, author_key());
  EXPECT_TRUE(is_refused(forgery.text(), Refusal::kMalformed));

  payload = sample_forgery().payload(0);
  payload["subject"][0]["digest"]["mlprov-tree-v1-sha256"] = std::string(64, 'a');
  forgery.sign(0, payload, author_key());
  EXPECT_TRUE(is_refused(forgery.text(), Refusal::kMalformed));
}

TEST(Chain, AClockThatGoesBackIsAWarning) {
  Forgery forgery = sample_forgery();
  Json payload = forgery.payload(kAfter);
  payload["predicate"]["time"] = "2020-01-01T00:00:00Z";
  forgery.keep_signature(kAfter, to_canonical(payload));
  forgery.resign(author_key());
  const Verdict verdict = verify_bundle(forgery.text(), demand_author());
  EXPECT_EQ(Outcome::kHolds, verdict.outcome) << verdict.detail;
  ASSERT_EQ(1u, verdict.warnings.size());
  EXPECT_NE(std::string::npos, verdict.warnings[0].find("time"));
}

}  // namespace
}  // namespace mlprov::forge
