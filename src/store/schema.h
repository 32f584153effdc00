#pragma once

#include "store/sqlite.h"

namespace mlprov::store {

/// PRAGMA user_version of this code's schema.
inline constexpr int kSchemaVersion = 1;
/// PRAGMA application_id, `mlpv` in ASCII: tells `file` and us whose database it is.
inline constexpr int kApplicationId = 0x6d6c7076;

/// True for a database without any table: one that was just created.
bool is_blank(Database& database);

/// Creates all tables. REQUIRES an open write transaction.
void create_schema(Database& database);

/// Refuses a database that is not a store (`kMalformed`), one of a newer mlprov
/// (`kUnsupported`), and one whose tables are not exactly ours (`kMalformed`).
void check_schema(Database& database);

}  // namespace mlprov::store
