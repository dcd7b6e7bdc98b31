#!/usr/bin/env bash
# Builds Vestige and runs the whole test suite.
#
#   tests/run.sh           the release build, then the trampoline build (with clang), then an address and
#                          undefined-behaviour sanitizer build, then two smaller ones: language scripts with allocation
#                          tracking compiled out, and scripts, jobs and what threads share under the thread sanitizer
#   tests/run.sh --quick   the release build only
#
# Installs missing Debian packages through apt (after saying which). Ends with one line, `N passed, N failed`, that
# counts unit test cases, scripts and checks over all builds; exits with 1 when something failed.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/support/bootstrap.sh"

quick=false
for argument in "$@"; do
  case "$argument" in
    --quick) quick=true ;;
    *) die "unknown argument $argument; usage: tests/run.sh [--quick]" ;;
  esac
done

jobs=$(nproc)
results=()

# run_suite <name> <build folder> <ctest argument>...: leaves the result file in `results`; goes on after failures, so
# that one run tells everything.
run_suite() {
  local name=$1 folder=$2 begun
  shift 2
  begun=$(date +%s)
  say "testing: $name"
  rm -f "$folder/results.xml"
  ctest --test-dir "$folder" --output-on-failure --parallel "$jobs" --output-junit results.xml "$@" || true
  [[ -f "$folder/results.xml" ]] || die "$name: ctest left no results"
  results+=("$folder/results.xml")
  say "$name: $(seconds_since "$begun") s"
}

require_packages "${vestige_build_packages[@]}" "${vestige_test_packages[@]}"
mkdir -p "$vestige_root/build"

# The benchmarks are built too, so that they keep compiling; nothing here runs them.
configure_build "$vestige_root/build" -DCMAKE_BUILD_TYPE=Release -DVESTIGE_TESTS=ON -DVESTIGE_BENCH=ON
build_targets "$vestige_root/build"
run_suite "release" "$vestige_root/build"

# Many source files as one take two thirds of the time. The release build compiles each by itself, so each still
# includes what it uses, and runs are as fast as they get.
large_files=(-DCMAKE_UNITY_BUILD=ON -DCMAKE_UNITY_BUILD_BATCH_SIZE=20)

if [[ "$quick" == false ]]; then
  # Checks of the source tree (label shape) do not depend on the build: once is enough.
  configure_build "$vestige_root/build/trampoline" -DCMAKE_BUILD_TYPE=Release -DVESTIGE_TESTS=ON "${large_files[@]}" \
    -DVESTIGE_TRAMPOLINE=ON -DCMAKE_CXX_COMPILER=clang++
  build_targets "$vestige_root/build/trampoline"
  run_suite "trampoline, clang" "$vestige_root/build/trampoline" --label-exclude shape

  configure_build "$vestige_root/build/sanitize" -DCMAKE_BUILD_TYPE=Debug -DVESTIGE_TESTS=ON \
    "${large_files[@]}" "-DVESTIGE_SANITIZE=address,undefined" "-DCMAKE_CXX_FLAGS_DEBUG=-O1 -g1"
  build_targets "$vestige_root/build/sanitize"
  run_suite "sanitizers" "$vestige_root/build/sanitize" --label-exclude shape

  configure_build "$vestige_root/build/untracked" -DCMAKE_BUILD_TYPE=Debug -DVESTIGE_TESTS=ON \
    "${large_files[@]}" -DDAS_TRACK_ALLOCATIONS=0 "-DCMAKE_CXX_FLAGS_DEBUG=-O0"
  build_targets "$vestige_root/build/untracked" vestige vestige_script_tests vestige_memory_tests
  run_suite "tracking compiled out" "$vestige_root/build/untracked" \
    --tests-regex '^(das\.language|das\.errors|unit\.memory|leaks\.compiled_out)$'

  # A process with threads would sleep for a second before it ends, so that the sanitizer sees more of them.
  export TSAN_OPTIONS=atexit_sleep_ms=0
  configure_build "$vestige_root/build/thread" -DCMAKE_BUILD_TYPE=Debug -DVESTIGE_TESTS=ON "${large_files[@]}" \
    -DVESTIGE_SANITIZE=thread "-DCMAKE_CXX_FLAGS_DEBUG=-O1 -g1"
  build_targets "$vestige_root/build/thread" vestige vestige_script_tests vestige_soak_host vestige_ledger_tests \
    vestige_memory_tests vestige_jobs_tests vestige_engine_tests
  run_suite "thread sanitizer" "$vestige_root/build/thread" \
    --tests-regex '^(unit\.ledger|unit\.jobs|das\.language|threads\..+)$'
fi

python3 "$vestige_root/tests/support/tally.py" "${results[@]}"
