#include "mlprov/record/statement.h"

#include <gtest/gtest.h>

#include "forger/samples.h"
#include "mlprov/support/error.h"
#include "mlprov/support/hex.h"

namespace mlprov {
namespace {

Statement example() {
  Statement statement;
  statement.algorithm = Algorithm::kSha3_256;
  statement.root.fill(0xab);
  statement.entries = 4;
  statement.path = "training/epoch-00000012";
  statement.phase = Phase::kEpoch;
  statement.run = "00112233445566778899aabbccddeeff";
  statement.author = forge::author_key().address();
  statement.time = parse_utc("2026-11-21T10:20:30Z").value();
  statement.previous = Digest32{};
  statement.log = forge::sample_log().verifier.to_string();
  return statement;
}

TEST(Statement, EncodesAndParses) {
  Statement statement = example();
  EXPECT_EQ(statement, parse_statement(encode_statement(statement)));
  statement.previous.reset();
  statement.log.reset();
  EXPECT_EQ(statement, parse_statement(encode_statement(statement)));
}

TEST(Statement, HasTheBytesOfTheFormat) {
  Statement statement = example();
  statement.log.reset();
  EXPECT_EQ(encode_statement(statement),
            R"({"_type":"https://in-toto.io/Statement/v1","predicate":{"author":")" +
                to_string(statement.author) +
                R"(","entries":4,"log":null,"path":"training/epoch-00000012","phase":"epoch",)"
                R"("previous":")" +
                std::string(64, '0') +
                R"(","run":"00112233445566778899aabbccddeeff","time":"2026-11-21T10:20:30Z"},)"
                R"("predicateType":"urn:mlprov:statement:v1","subject":[{"digest":)"
                R"({"mlprov-tree-v1-sha3-256":")" +
                to_hex(statement.root) + R"("},"name":"00112233445566778899aabbccddeeff"}]})");
}

TEST(Statement, PathsOfPhases) {
  EXPECT_EQ("before", statement_path(Phase::kBefore));
  EXPECT_EQ("", statement_path(Phase::kAfter));
  EXPECT_EQ("training/epoch-00000001", statement_path(Phase::kEpoch, 1));
  EXPECT_EQ("step-99999999", statement_path(Phase::kStep, 99'999'999));
  EXPECT_THROW(statement_path(Phase::kStep, 0), Error);
  EXPECT_THROW(statement_path(Phase::kEpoch, 100'000'000), Error);
  EXPECT_EQ(12u, statement_number(Phase::kEpoch, "training/epoch-00000012"));
  EXPECT_EQ(7u, statement_number(Phase::kStep, "step-00000007"));
  for (const char* path : {"step-7", "step-00000000", "step-0000000a", "step-000000001", "step-",
                           "", "before", "training/epoch-00000001", "step_00000001"}) {
    EXPECT_FALSE(statement_number(Phase::kStep, path)) << path;
  }
  EXPECT_FALSE(statement_number(Phase::kEpoch, "epoch-00000001"));
  EXPECT_FALSE(statement_number(Phase::kBefore, "before"));
}

TEST(Statement, NamesOfPhases) {
  for (const Phase phase : {Phase::kBefore, Phase::kEpoch, Phase::kAfter, Phase::kStep}) {
    EXPECT_EQ(phase, phase_from_name(to_string(phase)));
  }
  EXPECT_FALSE(phase_from_name("After"));
}

TEST(Statement, WhatNoReaderTakesIsNotWritten) {
  const auto refused = [](auto change) {
    Statement statement = example();
    change(statement);
    EXPECT_THROW(encode_statement(statement), Error);
  };
  refused([](Statement& s) { s.run = "00"; });
  refused([](Statement& s) { s.run[0] = 'A'; });
  refused([](Statement& s) { s.path = "before"; });
  refused([](Statement& s) { s.algorithm = Algorithm::kSha512; });
  refused([](Statement& s) { s.entries = std::uint64_t{1} << 53; });
  refused([](Statement& s) { s.log = "key"; });
}

TEST(Statement, SignedByItsAuthorOnly) {
  const Statement statement = example();
  const SignedStatement good = sign_statement(forge::author_key(), statement);
  EXPECT_EQ(good.statement, signed_statement_from_json(signed_statement_to_json(good)).statement);
  EXPECT_THROW(sign_statement(forge::thief_key(), statement), Error);
}

TEST(Statement, IdentityIsItsSha256) {
  EXPECT_EQ("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
            to_hex(statement_id("abc")));
}

TEST(Statement, EverythingAroundItComesBack) {
  SignedStatement statement = sign_statement(forge::author_key(), example());
  forge::add_cosignature(statement, forge::wallet_key());
  statement.inclusion = LogInclusion{5, {Digest32{}, statement.id()}};
  statement.receipts = {{"ethereum", "sepolia", {{"block", 7}}}};
  const SignedStatement again = signed_statement_from_json(signed_statement_to_json(statement));
  EXPECT_EQ(statement.cosignatures, again.cosignatures);
  EXPECT_EQ(statement.inclusion, again.inclusion);
  EXPECT_EQ(statement.receipts, again.receipts);
  EXPECT_EQ(statement.id(), again.id());
}

TEST(Statement, ReadingVerifiesSignatures) {
  SignedStatement statement = sign_statement(forge::author_key(), example());
  statement.envelope.signature[5] ^= 1;
  try {
    (void)signed_statement_from_json(signed_statement_to_json(statement));
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(ErrorCode::kCrypto, error.code());
  }
}

}  // namespace
}  // namespace mlprov
