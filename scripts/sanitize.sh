#!/usr/bin/env bash
# The tests under AddressSanitizer with UndefinedBehaviorSanitizer, and under ThreadSanitizer.
# Environment: MLPROV_JOBS (default: all cores).
set -euo pipefail
cd "$(dirname "$0")/.."

jobs=${MLPROV_JOBS:-$(nproc)}
export ASAN_OPTIONS=detect_leaks=1:abort_on_error=1 UBSAN_OPTIONS=print_stacktrace=1
export TSAN_OPTIONS="halt_on_error=1 suppressions=$PWD/tests/tsan.supp"
for preset in asan tsan; do
  cmake --preset "$preset" >/dev/null
  cmake --build --preset "$preset" --parallel "$jobs"
  ctest --preset "$preset" --parallel "$jobs" --label-exclude interop
done
