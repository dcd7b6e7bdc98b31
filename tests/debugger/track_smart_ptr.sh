#!/usr/bin/env bash
# What --track-smart-ptr does with and without a debugger.
#
#   track_smart_ptr.sh VESTIGE
#
# Without a debugger every addRef, delRef and the end of the object are told with both stacks, and the run goes on; under
# gdb the process stops at each with SIGTRAP; with --on-break=exit the run ends with 133.
set -euo pipefail
vestige=$1
cd "$(dirname "$0")"
source expect.sh

text=$("$vestige" --track-smart-ptr 1 one_object.das 2>&1) || true
expect "the id is told" "^tracking 1 aka 1$" "$text"
expect "the birth" "^smart pointer 1 \(TestObjectSmart\) created \(rc=1\)$" "$text"
expect "the clone" "^smart pointer 1 \(TestObjectSmart\) addRef \(rc=1\)$" "$text"
expect "with the script's stack" "at share one_object.das:11" "$text"
expect "its end of scope" "^smart pointer 1 \(TestObjectSmart\) delRef \(rc=2\)$" "$text"
expect "the last reference" "^smart pointer 1 \(TestObjectSmart\) delRef \(rc=1\)$" "$text"
expect "the destructor" "^smart pointer 1 \(TestObjectSmart\) destroyed \(rc=0\)$" "$text"
expect "with the native stack" "vestige::" "$text"
expect "and the run goes on" "^done 0$" "$text"
if grep -q "smart pointer 2" <<<"$text"; then
  echo "FAILED: another object is told"
  failed=1
fi

text=$("$vestige" --track-smart-ptr 0x1 --track-smart-ptr-destructor one_object.das 2>&1) || true
expect "the destructor alone" "destroyed \(rc=0\)" "$text"
if grep -qE "addRef|delRef" <<<"$text"; then
  echo "FAILED: more than the destructor is told"
  failed=1
fi

code=0
"$vestige" --track-smart-ptr 1 --on-break=exit one_object.das >/dev/null 2>&1 || code=$?
expect "--on-break=exit ends the run" "^133$" "$code"

code=0
text=$("$vestige" --track-smart-ptr zzz one_object.das 2>&1) || code=$?
expect "a bad id is refused" "expecting smart pointer id, got zzz" "$text"
expect "with 255" "^255$" "$code"

require_gdb
text=$(gdb -batch -ex "set confirm off" -ex run -ex bt -ex continue --args "$vestige" --track-smart-ptr 1 \
  --track-smart-ptr-destructor one_object.das 2>&1) || true
expect "gdb stops at the end of the object" "SIGTRAP" "$text"
expect "inside of the release" "RefCounted|ObjectAccount" "$text"
expect "and can go on" "done 0" "$text"
exit $failed
