#!/usr/bin/env bash
# Puts the LibTorch of the PyPI wheel torch 2.11.0 into .cache/libtorch: headers and the libraries
# that a CPU needs (0.5 GB). Does nothing when it is there. To use another LibTorch instead, give
# CMake its folder by CMAKE_PREFIX_PATH or Torch_DIR.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/lib.sh

readonly target=.cache/libtorch version=2.11.0
if [ "$(cat $target/version 2>/dev/null)" = $version ]; then exit 0; fi
[ "$(uname -m)" = x86_64 ] || die "LibTorch from PyPI was tried on x86-64 only: install it by hand and set Torch_DIR"

make_python_environment
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
say "fetching LibTorch $version (530 MB; CPU part only is kept, 0.5 GB in $target)"
# The wheel of one fixed Python version: only its C++ part is used, so it may differ from the local one.
.cache/venv/bin/python -m pip download --quiet --disable-pip-version-check --no-deps \
  --only-binary=:all: --python-version 3.11 --implementation cp --dest "$scratch" \
  --platform manylinux_2_28_x86_64 --platform manylinux_2_25_x86_64 \
  --platform manylinux_2_17_x86_64 --platform manylinux2014_x86_64 \
  "torch==$version" "nvidia-cuda-runtime==13.0.*" "nvidia-cuda-cupti==13.0.*"

rm -rf "$target"
mkdir -p "$target"
.cache/venv/bin/python - "$scratch" "$target" <<'PYTHON'
import fnmatch
import pathlib
import sys
import zipfile

wanted = ["torch/include/*", "torch/lib/libtorch_cpu.so", "torch/lib/libc10.so",
          "torch/lib/libgomp*", "torch/lib/libshm*", "*/libcudart.so*", "*/libcupti.so*",
          "*dist-info/licenses/*", "*dist-info/LICENSE*"]
for wheel in pathlib.Path(sys.argv[1]).glob("*.whl"):
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            if any(fnmatch.fnmatch(name, pattern) for pattern in wanted):
                archive.extract(name, sys.argv[2])
PYTHON
echo $version >$target/version
