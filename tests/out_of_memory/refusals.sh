#!/usr/bin/env bash
# refusals.sh WALK [COUNT]: refuses 10,000 allocations (or COUNT), one after another, on all processors, with the program
# vestige_refusal_walk of a build. Minutes; ctest walks the first 300.
set -eu
walk=$1
count=${2:-10000}
script=$(dirname "$0")/every_construct.das
jobs=$(nproc)
# So many rounds that there is an allocation to refuse each time.
rounds=$((count / 150 + 1))
share=$(((count + jobs - 1) / jobs))
pids=()
for ((i = 0; i < jobs; i++)); do
  "$walk" "$script" --rounds "$rounds" --from $((i * share + 1)) --count "$share" &
  pids+=($!)
done
code=0
for pid in "${pids[@]}"; do wait "$pid" || code=1; done
exit $code
