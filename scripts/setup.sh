#!/usr/bin/env bash
# Installs what is missing to build and test mlprov on Debian or Ubuntu, and says what and why.
# Safe to run again: what is there is used as it is.
#   --build   only what a build needs (no test counterparts)
# Tried on Debian 12 (bookworm). Other releases of Debian and Ubuntu with g++ >= 12 and
# CMake >= 3.25 should do and are untried.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/lib.sh

only_build=false
for argument in "$@"; do
  case "$argument" in
    --build) only_build=true ;;
    *) die "usage: scripts/setup.sh [--build]" ;;
  esac
done

# package: why
build_packages=(
  "g++:C++20 compiler" "cmake:build system" "ninja-build:build system" "pkg-config:finds libraries"
  "git:version control" "ca-certificates:package downloads" "ccache:second builds in seconds"
  "libssl-dev:SHA-2, SHA-3, BLAKE2, Ed25519, AES, scrypt" "libsecp256k1-dev:signatures"
  "nlohmann-json3-dev:JSON" "libvalijson-dev:JSON Schema" "libtbb-dev:threads of BLAKE3"
  "libcli11-dev:command line" "libspdlog-dev:logging" "libsqlite3-dev:store" "libgit2-dev:git state"
  "libcurl4-openssl-dev:networks")
test_packages=(
  "libgtest-dev:tests" "python3-venv:counterparts in Python" "b3sum:reference for BLAKE3"
  "clang:fuzz targets" "libclang-rt-14-dev:fuzz targets" "clang-format:style check"
  "clang-tidy:static analysis" "sqlite3:looks into stores from outside")

warn_untried_release
packages=("${build_packages[@]}")
$only_build || packages+=("${test_packages[@]}")
install_debian_packages "${packages[@]}"

# BLAKE3's official C sources come as the crate of that name; cargo only fetches it.
if ! blake3_is_at_hand; then
  command -v cargo >/dev/null || install_debian_packages "cargo:fetches the official BLAKE3 sources"
fi

if ! $only_build; then
  make_python_environment
  scripts/build_test_tools.sh
fi
say "everything is there"
