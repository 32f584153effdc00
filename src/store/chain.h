#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "store/store_impl.h"

namespace mlprov::store {

/// A statement as stored, its signature checked, its columns held against its own bytes.
struct StoredStatement {
  SignedStatement statement;  ///< Without receipts and co-signatures: see read_vouchers.
  Digest32 id{};
  std::uint64_t ordinal = 0;
  std::optional<std::uint64_t> log_index;
};

/// All statements of a run in order: numbered without gap, each naming the one before, one run,
/// one author, one algorithm; as many as the record says, ending in the same. Proofs that an
/// imported run came with are checked.
std::vector<StoredStatement> read_chain(Store::Impl& impl, const RunRecord& record);

/// One statement, or nothing. Ordinals count from 0.
std::optional<StoredStatement> read_statement(Store::Impl& impl, const std::string& run,
                                              std::uint64_t ordinal);
std::uint64_t count_statements(Store::Impl& impl, const std::string& run);

/// Adds co-signatures and receipts, each checked.
void read_vouchers(Store::Impl& impl, SignedStatement& statement, const Digest32& id);

/// Writes one statement row. REQUIRES an open write transaction.
void insert_statement(Store::Impl& impl, const std::string& run, std::uint64_t ordinal,
                      const SignedStatement& statement, std::optional<std::uint64_t> log_index);

/// Throws `kNotFound` unless that statement is one of that run.
void require_statement(Store::Impl& impl, const std::string& run, const Digest32& id);

/// Co-signatures and receipts, in an open write transaction.
void write_cosignature(Store::Impl& impl, const Digest32& id, const Cosignature& cosignature);
void write_receipt(Store::Impl& impl, const Digest32& id, const Receipt& receipt);

}  // namespace mlprov::store
