# Functions shared by the commands people run (examples/run.sh, tests/run.sh, tests/bench/compare.sh): look for missing
# Debian packages, install them, configure and build. Sourced, never run. Every function tells what it is about to do
# before it does it, and does nothing when there is nothing to do.

vestige_root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)

# What a build of the engine needs.
vestige_build_packages=(g++ cmake ninja-build libabsl-dev libfmt-dev rapidjson-dev libuv1-dev)
# What the tests need on top of it.
vestige_test_packages=(doctest-dev libbenchmark-dev gdb python3 binutils clang clang-format valgrind chromium)
# What the comparison with other languages needs on top of both.
vestige_bench_packages=(lua5.4 luajit time valgrind)

# Two clones of the repository share what ccache keeps; the sloppiness is what it asks for with precompiled headers.
export CCACHE_BASEDIR=$vestige_root CCACHE_NOHASHDIR=1 CCACHE_SLOPPINESS=pch_defines,time_macros

say() { printf '== %s\n' "$*"; }
die() { printf 'error: %s\n' "$*" >&2; exit 1; }

# The command by which a package is recognised when it did not come from the package manager; empty for libraries.
package_command() {
  case "$1" in
    ninja-build) echo ninja ;;
    binutils) echo objdump ;;
    lib*|*-dev|time) ;;
    *) echo "$1" ;;
  esac
}

package_present() {
  local tool
  tool=$(package_command "$1")
  if [[ -n "$tool" ]] && command -v "$tool" >/dev/null; then return 0; fi
  [[ $(dpkg-query -W -f='${Status}' "$1" 2>/dev/null) == *"ok installed"* ]]
}

# require_packages <package>...: installs those that are missing; stops with the command to type when it may not.
require_packages() {
  local missing=() package
  for package in "$@"; do
    package_present "$package" || missing+=("$package")
  done
  [[ ${#missing[@]} -gt 0 ]] || return 0

  local install="apt-get install -y --no-install-recommends ${missing[*]}"
  command -v apt-get >/dev/null || die "missing: ${missing[*]}. This is not a Debian system: install their equivalents."
  local as_root=()
  if [[ $(id -u) -ne 0 ]]; then
    command -v sudo >/dev/null || die "missing packages and neither root nor sudo. As root, run: $install"
    as_root=(sudo)
  fi
  say "installing with apt: ${missing[*]}"
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update -qq
  # shellcheck disable=SC2086  # a list of words on purpose
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive $install -qq >/dev/null
}

# configure_build <folder> <cmake argument>...: configures once; later calls only when an argument differs.
configure_build() {
  local folder=$1
  shift
  local arguments=(-G Ninja "$@")
  if command -v ccache >/dev/null; then arguments+=(-DCMAKE_CXX_COMPILER_LAUNCHER=ccache); fi
  local stamp="$folder/.configured"
  if [[ -f "$folder/build.ninja" && -f "$stamp" && $(<"$stamp") == "${arguments[*]}" ]]; then return 0; fi
  say "configuring $folder"
  cmake -S "$vestige_root" -B "$folder" "${arguments[@]}" >"$folder.configure.log" 2>&1 \
    || { cat "$folder.configure.log"; die "configuring $folder failed"; }
  mv "$folder.configure.log" "$folder/configure.log"
  printf '%s' "${arguments[*]}" >"$stamp"
}

# build_targets <folder> [<target>...]: builds the targets, all of them without one. Silent when there is nothing to do.
build_targets() {
  local folder=$1
  shift
  local arguments=(--build "$folder")
  [[ $# -eq 0 ]] || arguments+=(--target "$@")
  say "building $folder"
  cmake "${arguments[@]}"
}

# The engine's executable in a build folder.
engine_of() {
  local place
  for place in bin/vestige src/cli/vestige vestige; do
    if [[ -f "$1/$place" && -x "$1/$place" ]]; then echo "$1/$place"; return 0; fi
  done
  die "no vestige executable in $1"
}

seconds_since() { echo $(( $(date +%s) - $1 )); }
