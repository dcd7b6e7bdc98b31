#!/usr/bin/env bash
# What --break-on-alloc does with and without a debugger.
#
#   break_on_alloc.sh VESTIGE
#
# Under gdb the process stops with SIGTRAP at the birth; without one both stacks are printed and the run goes on; with
# --on-break=exit it ends with 133.
set -euo pipefail
vestige=$1
cd "$(dirname "$0")"
source expect.sh

text=$("$vestige" --break-on-alloc 2 three_births.das 2>&1) || true
expect "without a debugger the hit is told" "heap block.*2" "$text"
expect "with the script's stack" "at make_second three_births.das:18" "$text"
expect "down to main" "at main three_births.das:28" "$text"
expect "and the run goes on" "^done 1 2 3$" "$text"

code=0
text=$("$vestige" --break-on-alloc 0x2 --on-break=exit three_births.das 2>&1) || code=$?
expect "--on-break=exit ends the run with 133" "^133$" "$code"
expect "after telling the stack" "at make_second three_births.das:18" "$text"

require_gdb
text=$(gdb -batch -ex "set confirm off" -ex run -ex bt -ex continue --args "$vestige" --break-on-alloc 2 \
  three_births.das 2>&1) || true
expect "gdb stops at the birth" "SIGTRAP" "$text"
expect "inside the heap's birth" "vestige::(memory|ledger)::" "$text"
expect "and can go on" "done 1 2 3" "$text"
exit $failed
