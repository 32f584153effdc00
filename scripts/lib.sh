# Functions shared by the scripts; sourced from the project's root.

# ccache: a second clone, or the same sources in another build folder, are the same compilation.
export CCACHE_BASEDIR="$PWD" CCACHE_NOHASHDIR=true

say() { printf 'mlprov: %s\n' "$*" >&2; }
die() {
  say "$*"
  exit 2
}

as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    die "needs root or sudo for: $*"
  fi
}

warn_untried_release() {
  local name="unknown"
  # shellcheck disable=SC1091
  [ -r /etc/os-release ] && name=$(. /etc/os-release && echo "${PRETTY_NAME:-unknown}")
  case "$name" in
    "Debian GNU/Linux 12"*) ;;
    *) say "this system is '$name'; only Debian 12 was tried, so expect to help yourself" ;;
  esac
}

# install_debian_packages "NAME:WHY" ...: installs the missing ones, says why, asks nothing.
install_debian_packages() {
  local missing=() item name
  for item in "$@"; do
    name=${item%%:*}
    if ! dpkg-query -W -f='${Status}' "$name" 2>/dev/null | grep -q 'ok installed'; then
      missing+=("$name")
      say "installing $name (${item#*:})"
    fi
  done
  [ ${#missing[@]} -eq 0 ] && return
  command -v apt-get >/dev/null || die "no apt-get here; install by hand: ${missing[*]}"
  export DEBIAN_FRONTEND=noninteractive
  as_root apt-get update -qq
  as_root apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

# True when CMake will find BLAKE3 without cargo: see cmake/Blake3.cmake.
blake3_is_at_hand() {
  compgen -G "${CARGO_HOME:-$HOME/.cargo}/registry/src/*/blake3-1.8.2/c/blake3.c" >/dev/null
}

# .cache/venv from tests/requirements.txt; made again when that file changes.
make_python_environment() {
  local stamp=.cache/venv/requirements.stamp
  if cmp -s tests/requirements.txt "$stamp"; then return; fi
  say "making .cache/venv (Python counterparts for the tests)"
  [ -x .cache/venv/bin/python ] || python3 -m venv .cache/venv
  .cache/venv/bin/python -m pip install --quiet --disable-pip-version-check -r tests/requirements.txt
  cp tests/requirements.txt "$stamp"
}
