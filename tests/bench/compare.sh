#!/usr/bin/env bash
# Measures Vestige side by side with Lua 5.4 and with LuaJIT's interpreter, on the programs in tests/bench/programs.
#
#   tests/bench/compare.sh [--rounds N] [--only WORD]   speed of the three
#   tests/bench/compare.sh --tracking                   speed with full call stacks against speed without tracking
#   tests/bench/compare.sh --profiling                  speed with the heap profile for DHAT's viewer against speed without,
#                                                       and what DHAT itself takes for the same in C++
#   tests/bench/compare.sh --startup                    time and memory of hello world
#   tests/bench/compare.sh --compile                    compiling 50,000 lines
#   tests/bench/compare.sh --against ENGINE             speed against another build of Vestige
#   tests/bench/compare.sh --survivors [--only WORD]    what it takes to report ten million survivors
#
# Installs what is missing through apt, builds the release build, then measures (compare.py and survivors.py have the details).
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../support/bootstrap.sh"

require_packages "${vestige_build_packages[@]}" "${vestige_bench_packages[@]}" python3
# VESTIGE_ENGINE names another build's executable; it is taken as it is.
engine=${VESTIGE_ENGINE:-}
if [[ -z "$engine" ]]; then
  mkdir -p "$vestige_root/build"
  if [[ ! -f "$vestige_root/build/build.ninja" ]]; then
    configure_build "$vestige_root/build" -DCMAKE_BUILD_TYPE=Release -DVESTIGE_TESTS=OFF
  fi
  build_targets "$vestige_root/build" vestige
  engine=$(engine_of "$vestige_root/build")
fi
if [[ "${1:-}" == --survivors ]]; then
  shift
  exec python3 -B "$vestige_root/tests/bench/survivors.py" --engine "$engine" "$@"
fi
exec python3 -B "$vestige_root/tests/bench/compare.py" --engine "$engine" "$@"
