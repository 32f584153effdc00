#!/usr/bin/env bash
# What needs no run of the program: room order, formatting, static analysis.
#   --format   mend the formatting instead of complaining
#   --quick    without clang-tidy, which takes minutes and needs a build
# Environment: MLPROV_JOBS (default: all cores).
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/lib.sh

mapfile -t sources < <(git ls-files '*.cpp' '*.h' '*.cu' '*.cuh')
if [ "${1:-}" = --format ]; then
  clang-format -i "${sources[@]}"
  exit
fi

scripts/check_layers.py .
clang-format --dry-run --Werror "${sources[@]}"

[ "${1:-}" = --quick ] && exit

[ -f build/release/compile_commands.json ] || die "build first: scripts/test.sh"
# Only what was built: without a LibTorch its room cannot be analysed.
mapfile -t units < <(sed -n 's/^ *"file": "\(.*\)",\{0,1\}$/\1/p' build/release/compile_commands.json |
  grep "^$PWD/src/" | sort -u)
printf '%s\0' "${units[@]}" |
  xargs -0 -n 4 -P "${MLPROV_JOBS:-$(nproc)}" clang-tidy --quiet -p build/release 2>/dev/null
say "layers, formatting and clang-tidy: nothing to complain about"
