#!/usr/bin/env bash
# Builds the Go programs that tests hold our work against, into .cache/bin: logcheck (golang.org's
# note and tlog), tessera's fsck and posix-oneshot. Versions are pinned in tests/tools/go/go.mod
# and go.sum. Safe to run again: does nothing when the sources have not changed since.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/lib.sh

bin="$PWD/.cache/bin"
stamp="$bin/test_tools.stamp"
programs=(logcheck fsck posix-oneshot)

fingerprint() {
  find tests/tools/go -type f \( -name '*.go' -o -name 'go.*' \) -print0 | LC_ALL=C sort -z |
    xargs -0 sha256sum
}

built() {
  local program
  for program in "${programs[@]}"; do
    [ -x "$bin/$program" ] || return 1
  done
  [ -e "$stamp" ] && [ "$(cat "$stamp")" = "$(fingerprint)" ]
}

if built; then exit 0; fi
if ! command -v go >/dev/null; then
  # Debian 12's own Go is too old for these modules, so there is nothing to install here.
  say "no 'go' here: the tests against Go software will fail until Go $(sed -n 's/^go //p' \
    tests/tools/go/go.mod) or newer is installed and scripts/build_test_tools.sh run"
  exit 0
fi
say "building ${programs[*]} (Go counterparts for the tests)"
mkdir -p "$bin"
GOBIN="$bin" go -C tests/tools/go install ./logcheck tool
fingerprint >"$stamp"
