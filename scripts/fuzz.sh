#!/usr/bin/env bash
# Builds the fuzz targets (preset `fuzz`: clang with AddressSanitizer) and runs each for a while, two
# at a time, on copies of the corpora. Fails when one of them finds something, and shows the input.
#   scripts/fuzz.sh [SECONDS] [TARGET...]     default: 30 seconds, all targets
# Environment: MLPROV_JOBS (default: all cores); MLPROV_FUZZ_KEEP=FOLDER keeps what was found there.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/lib.sh

seconds=${1:-30}
shift || true
[[ $seconds =~ ^[1-9][0-9]*$ ]] || die "usage: scripts/fuzz.sh [SECONDS] [TARGET...]"
command -v clang++ >/dev/null || die "clang++ is missing; scripts/setup.sh installs it"

cmake --preset fuzz >/dev/null
cmake --build --preset fuzz --parallel "${MLPROV_JOBS:-$(nproc)}"

targets=("$@")
if [[ ${#targets[@]} -eq 0 ]]; then
  for folder in tests/fuzz/corpus/*/; do targets+=("$(basename "$folder")"); done
fi

scratch=${MLPROV_FUZZ_KEEP:-$(mktemp -d)}
mkdir -p "$scratch"
[[ -n ${MLPROV_FUZZ_KEEP:-} ]] || trap 'rm -rf "$scratch"' EXIT

# One target; its log ends with libFuzzer's summary, or with what it found.
fuzz_one() {
  local target=$1 work=$scratch/$1
  mkdir -p "$work/corpus" "$work/found"
  ASAN_OPTIONS=detect_leaks=1:allocator_may_return_null=0 UBSAN_OPTIONS=print_stacktrace=1 \
    "build/fuzz/bin/fuzz_$target" -max_total_time="$seconds" -timeout=20 -rss_limit_mb=4096 \
    -artifact_prefix="$work/found/" -print_final_stats=1 -dict=tests/fuzz/dictionary.txt \
    "$work/corpus" "tests/fuzz/corpus/$target" >"$work/log" 2>&1
}

failed=()
report() {
  local target=$1 status=$2
  local runs
  runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$scratch/$target/log")
  if [[ $status -eq 0 ]]; then
    say "fuzz_$target: ${runs:-?} runs, nothing found"
    return
  fi
  failed+=("$target")
  say "fuzz_$target: FAILED"
  tail -n 60 "$scratch/$target/log"
  for input in "$scratch/$target"/found/*; do
    [[ -f $input ]] && { echo "input $(basename "$input"), base64:"; base64 "$input" | head -c 20000; }
  done
}

for ((i = 0; i < ${#targets[@]}; i += 2)); do
  pair=("${targets[@]:i:2}")
  pids=()
  for target in "${pair[@]}"; do
    fuzz_one "$target" &
    pids+=($!)
  done
  for k in "${!pair[@]}"; do
    status=0
    wait "${pids[k]}" || status=$?
    report "${pair[k]}" "$status"
  done
done

if [[ ${#failed[@]} -gt 0 ]]; then
  say "fuzzing found something in: ${failed[*]}"
  exit 1
fi
