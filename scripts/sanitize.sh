#!/usr/bin/env bash
# The tests under AddressSanitizer with UndefinedBehaviorSanitizer, and those that use threads
# under ThreadSanitizer. Environment: MLPROV_JOBS (default: all cores).
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/lib.sh

jobs=${MLPROV_JOBS:-$(nproc)}
export ASAN_OPTIONS=detect_leaks=1:abort_on_error=1 UBSAN_OPTIONS=print_stacktrace=1
export TSAN_OPTIONS="halt_on_error=1 suppressions=$PWD/tests/tsan.supp"

# run PRESET BUILD_TARGETS...: builds these (all when none is named) and runs the tests there are.
run() {
  local preset=$1
  shift
  cmake --preset "$preset" >/dev/null
  cmake --build --preset "$preset" --parallel "$jobs" ${1:+--target "$@"}
  ctest --preset "$preset" --parallel "$jobs" --label-exclude interop "${regex[@]}"
}

regex=()
run asan
# Rooms with threads of their own; everything else is single-threaded by contract.
threaded=(digest_test store_test tracker_test)
regex=(--tests-regex '^(Threads|Backends|CpuBackend|HashFiles?|StoreWriterTest|Session)[.]')
run tsan "${threaded[@]}"
