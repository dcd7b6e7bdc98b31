#!/usr/bin/env bash
# Two scripts, fifty runs each, every report of every kind of thing: the same bytes and exit code each time, addresses
# masked. One of them leaves things in many threads.
#
#   determinism.sh VESTIGE [RUNS [FLAGS]]
#
# FLAGS: instead of each set of flags. A thousand runs with all reports in one:
#
#   determinism.sh VESTIGE 1000 "--das-profiler-leaks --leak-extended -track-allocations -heap-report --track-holders"
#
# The system places memory anew in each run, so an order that comes from addresses or hashes differs soon.
set -euo pipefail
vestige=$1
runs=${2:-50}
only=${3:-}
cd "$(dirname "$0")"

# Pointers are 0x and hex; chunks of decks are bare hex between brackets.
report() {
  { "$vestige" "$@" 2>&1 || echo "exit code $?"; } | sed -E 's/0x[0-9a-f]{9,}/ADDRESS/g; s/[0-9a-f]{9,}/ADDRESS/g'
}

sets=("--das-profiler-leaks --leak-extended" "-track-allocations -heap-report" "-heap-report" \
  "--heap-census" "--das-profiler-leaks --track-holders")
[[ -n "$only" ]] && sets=("$only")
runs_are_equal() {
  local flags=$1 first run
  # shellcheck disable=SC2086
  first=$(report $flags)
  if [[ $(wc -l <<<"$first") -lt 8 ]]; then
    printf 'FAILED: %s reports too little:\n%s\n' "$flags" "$first"
    exit 1
  fi
  for ((run = 1; run < runs; ++run)); do
    # shellcheck disable=SC2086
    if ! diff <(printf '%s\n' "$first") <(report $flags); then
      echo "FAILED: run $((run + 1)) with $flags differs"
      exit 1
    fi
  done
  echo "ok: $runs runs with $flags"
}

for flags in "${sets[@]}"; do
  runs_are_equal "$flags many_stacks.das"
  runs_are_equal "$flags --job-threads 16 many_threads.das"
done
