#!/usr/bin/env bash
# Builds mlprov and runs every test.
#   --quick   without the tests that need other people's programs and servers
# Environment: MLPROV_JOBS (default: all cores).
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/lib.sh

quick=false
for argument in "$@"; do
  case "$argument" in
    --quick) quick=true ;;
    *) die "usage: scripts/test.sh [--quick]" ;;
  esac
done
jobs=${MLPROV_JOBS:-$(nproc)}

scripts/setup.sh
scripts/check_layers.py .
cmake --preset release -DMLPROV_WERROR=ON >/dev/null
cmake --build --preset release --parallel "$jobs"

if $quick; then
  ctest --preset release --parallel "$jobs" --label-exclude interop
  exit
fi
scripts/test_consumer.sh build/release
ctest --preset release --parallel "$jobs"
