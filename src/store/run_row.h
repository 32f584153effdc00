#pragma once

#include <optional>
#include <string>

#include "store/store_impl.h"

namespace mlprov::store {

Json run_to_json(const RunRecord& record);
RunRecord run_from_json(const Json& body);

/// The sealed row of a run; nothing when there is none.
std::optional<RunRecord> find_record(Store::Impl& impl, const std::string& run);
/// The same; throws `kNotFound`.
RunRecord require_record(Store::Impl& impl, const std::string& run);

/// All sealed rows, in order of their beginning; throws at the first that does not hold.
std::vector<RunRecord> all_records(Store::Impl& impl);

/// Insert and update. REQUIRE an open write transaction; `insert` gives the record its number.
void insert_record(Store::Impl& impl, RunRecord& record);
void update_record(Store::Impl& impl, const RunRecord& record);

}  // namespace mlprov::store
