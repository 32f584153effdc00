#!/usr/bin/env bash
# Installs the release build into a fresh folder and builds tests/consumer against it, outside the
# tree: once by find_package, once by add_subdirectory.
# Usage: scripts/test_consumer.sh [BUILD_FOLDER]   (default build/release; must be built)
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/lib.sh
root=$PWD
build=$(realpath "${1:-build/release}")

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cp -r tests/consumer "$scratch/consumer"

cmake --install "$build" --prefix "$scratch/prefix" >"$scratch/install.log"
cmake -G Ninja -S "$scratch/consumer" -B "$scratch/by-package" \
      -DCMAKE_PREFIX_PATH="$scratch/prefix" >"$scratch/configure.log"
cmake --build "$scratch/by-package" >"$scratch/build.log" || { cat "$scratch/build.log"; exit 1; }
"$scratch/by-package/consumer"
"$scratch/prefix/bin/mlprov" --version

# Its build folder lies beside ours, with our flags, so that ccache knows every file already.
rm -rf build/consumer
cmake -G Ninja -S "$scratch/consumer" -B build/consumer -DMLPROV_FROM_SOURCE="$root" \
      -DMLPROV_CLI=OFF -DMLPROV_TORCH=OFF -DMLPROV_WERROR=ON -DCMAKE_BUILD_TYPE=RelWithDebInfo \
      -DCMAKE_CXX_COMPILER_LAUNCHER="$(command -v ccache || true)" \
      -DCMAKE_C_COMPILER_LAUNCHER="$(command -v ccache || true)" >"$scratch/configure.log"
cmake --build build/consumer --parallel "$(nproc)" >"$scratch/build.log" || { cat "$scratch/build.log"; exit 1; }
build/consumer/consumer
rm -rf build/consumer
echo "consumer: find_package and add_subdirectory both work"
