#!/usr/bin/env bash
# Where the leak profiler's report and the heap report go, in which order, and with which exit code.
#
#   reports.sh VESTIGE
set -euo pipefail
vestige=$1
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

ok() { echo "ok: $1"; }
fail() {
  printf 'FAILED: %s\n%s\n' "$1" "$2"
  failed=1
}
# same WHAT WANTED FOUND
same() {
  if [[ "$2" == "$3" ]]; then ok "$1"; else fail "$1" "$(diff <(printf '%s\n' "$2") <(printf '%s\n' "$3"))"; fi
}
# run FLAG...: leaves standard output in `out`, standard error in `err`, the exit code in `code`.
run() {
  code=0
  "$vestige" "$@" >"$work/out" 2>"$work/err" </dev/null || code=$?
  out=$(<"$work/out")
  err=$(<"$work/err")
}
# What was told, in order: the program's own lines and the title of each report.
titles() { grep -E '^(main|finalize|EXCEPTION|---|===)' | sed -E 's/ in context.*//' || true; }

all=(--das-profiler-leaks -track-allocations -heap-report)
order=$'main\n--- heap report ---\n--- string heap report ---\nfinalize\n=== Memory leaks\n=== Strings alive'
with_exception=${order/main/$'main\nEXCEPTION: on purpose'}

# Whatever ends the run, the reports come in one order.
run "${all[@]}" everything.das
same "order of the reports" "$order" "$(titles <<<"$out")"
same "exit code of main" 0 "$code"
run "${all[@]}" --main by_panic everything.das
same "order after a panic" "$with_exception" "$(titles <<<"$out")"
same "exit code of a panic" 1 "$code"
run "${all[@]}" --main by_exit everything.das
same "order after exit" "$order" "$(titles <<<"$out")"
same "exit code of exit" 9 "$code"
run "${all[@]}" --main by_code everything.das
same "order after a result" "$order" "$(titles <<<"$out")"
same "exit code is the result modulo 256" 44 "$code"
run "${all[@]}" --main by_bool everything.das
same "exit code of true" 0 "$code"

# Every script of the command line is told by itself.
run "${all[@]}" everything.das everything.das
same "two scripts" "$order"$'\n'"$order" "$(titles <<<"$out")"

# What was freed in [finalize] is in the heap report, which comes before, and not in the leak profiler's.
run "${all[@]}" everything.das
same "the heap report has both blocks" 2 "$(grep -c $'^\t16\t' <<<"$out")"
same "the leak profiler one" "=== Memory leaks in context '<unnamed>' (1 allocations, 0x4 bytes) ===" \
  "$(grep '^=== Memory' <<<"$out")"

# One dash or two; options of the engine behind -- belong to the script.
run -das-profiler-leaks --track-allocations --heap-report everything.das
same "dashes" "$order" "$(titles <<<"$out")"
run everything.das -- --das-profiler-leaks -heap-report
same "behind --" $'main\nfinalize' "$out"

# Each flag alone does what its name says.
run --das-profiler-leaks everything.das
same "--das-profiler-leaks alone" $'main\nfinalize\n=== Memory leaks\n=== Strings alive' "$(titles <<<"$out")"
run -track-allocations everything.das
same "-track-allocations alone" $'main\n--- heap report ---\n--- string heap report ---\nfinalize' \
  "$(titles <<<"$out")"
run -heap-report everything.das
same "-heap-report alone" $'main\n--- heap report ---\n--- string heap report ---\nfinalize' "$(titles <<<"$out")"
run --heap-census everything.das
same "--heap-census alone" $'main\n--- heap census ---\n--- string heap census ---\nfinalize' "$(titles <<<"$out")"
run --das-profiler everything.das
same "--das-profiler alone reports nothing" $'main\nfinalize' "$out"

# Reports in files: all of them, or the leak profiler's only.
run "${all[@]}" --leak-output "$work/all.txt" everything.das
same "--leak-output leaves the program's output alone" $'main\nfinalize' "$out"
same "--leak-output has every report" "$(grep -vE '^(main|finalize)' <<<"$order")" "$(titles <"$work/all.txt")"
run "${all[@]}" --das-profiler-log-file "$work/leaks.txt" everything.das
same "--das-profiler-log-file leaves the heap report" \
  $'main\n--- heap report ---\n--- string heap report ---\nfinalize' "$(titles <<<"$out")"
same "--das-profiler-log-file has the leaks" $'=== Memory leaks\n=== Strings alive' "$(titles <"$work/leaks.txt")"
for flag in --leak-output --das-profiler-log-file; do
  run --das-profiler-leaks "$flag" "$work/missing/report.txt" everything.das
  same "$flag to a folder that is missing is told" \
    "vestige: cannot write the report to '$work/missing/report.txt': No such file or directory" "$err"
  same "$flag to a folder that is missing ends it" 255 "$code"
done

# Survivors leave the exit code alone until asked for; --leak-exit leaves a failure alone.
run --leak-exit everything.das
same "--leak-exit" 1 "$code"
run --leak-exit=3 everything.das
same "--leak-exit=3" 3 "$code"
run --leak-exit=3 --main by_exit everything.das
same "--leak-exit=3 after exit(9)" 9 "$code"

# --das-wait-debugger waits: nothing is printed while no debugger comes.
"$vestige" --das-wait-debugger everything.das >"$work/out" 2>&1 &
waiting=$!
sleep 0.5
if kill -0 "$waiting" 2>/dev/null && ! grep -q main "$work/out"; then
  ok "--das-wait-debugger waits"
else
  fail "--das-wait-debugger waits" "$(<"$work/out")"
fi
kill -KILL "$waiting" 2>/dev/null || true
wait "$waiting" 2>/dev/null || true

exit $failed
