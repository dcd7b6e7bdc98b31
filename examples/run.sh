#!/usr/bin/env bash
# Builds Vestige and runs an example under the leak profiler.
#
#   examples/run.sh                      examples/leak_smoke.das
#   examples/run.sh FILE.das [FLAG...]   another script, with the flags given
#
# Installs missing Debian packages through apt (after saying which), builds into build/, then runs. A second call only
# builds what has changed.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../tests/support/bootstrap.sh"

require_packages "${vestige_build_packages[@]}"
mkdir -p "$vestige_root/build"
# An existing build keeps its choice about tests: the tests need packages that a run does not.
if [[ ! -f "$vestige_root/build/build.ninja" ]]; then
  configure_build "$vestige_root/build" -DCMAKE_BUILD_TYPE=Release -DVESTIGE_TESTS=OFF
fi
build_targets "$vestige_root/build" vestige
engine=$(engine_of "$vestige_root/build")

if [[ $# -gt 0 ]]; then
  exec "$engine" "${@:2}" "$1"
fi
cd "$vestige_root/examples"
say "vestige --das-profiler-leaks examples/leak_smoke.das"
exec "$engine" --das-profiler-leaks leak_smoke.das
