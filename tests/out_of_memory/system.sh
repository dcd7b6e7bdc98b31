#!/usr/bin/env bash
# system.sh ENGINE: under limits of the operating system (ulimit -v) scripts end as at a limit of their own: with a panic or
# a message, reports and exit code 1, never by a signal.
set -u
engine=$1
here=$(cd "$(dirname "$0")" && pwd)
tests=$(dirname "$here")
failures=0
runs=0

# run NAME SCRIPT...: under ever larger limits, as long as the executable starts at all.
run() {
  local name=$1 script=$2 refused=0
  shift 2
  for mb in 48 64 96 160; do
    output=$("$tests/with_mem_limit.sh" "$mb" -- "$engine" "$@" "$here/$script" 2>&1)
    code=$?
    [ $code -eq 127 ] && continue
    runs=$((runs + 1))
    if grep -q "^EXCEPTION: Error: heap allocation failed\|^error: the system has no memory" <<<"$output"; then
      refused=$((refused + 1))
      [ $code -eq 1 ] && continue
    elif [ $code -eq 0 ]; then
      continue
    fi
    echo "$name under $mb MB ended with $code:"
    head -5 <<<"$output"
    failures=$((failures + 1))
  done
  if [ $refused -eq 0 ]; then
    echo "$name: nothing was refused"
    failures=$((failures + 1))
  fi
}

run "blocks" fills_heap.das
run "blocks with all reports" fills_heap.das --das-profiler-leaks --heap-report --heap-census --leak-extended
run "a linear heap" fills_heap.das -Dpersistent_heap=false
run "strings" fills_strings.das --das-profiler-leaks
run "memory of natives" fills_natives.das --das-profiler-leaks
run "syntax nodes" fills_nodes.das
echo "$runs runs, $failures wrong"
[ $failures -eq 0 ]
