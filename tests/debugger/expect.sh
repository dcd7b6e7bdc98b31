# Sourced by the scripts beside it: what they check with, and whether gdb can be used.
#
# `failed` is 1 as soon as something was not as expected; a script ends with it.
failed=0

expect() {  # expect WHAT PATTERN TEXT
  if grep -qE -- "$2" <<<"$3"; then
    echo "ok: $1"
  else
    printf 'FAILED: %s\n  no line matches: %s\n  in:\n%s\n' "$1" "$2" "$3"
    failed=1
  fi
}

# Ends the script when gdb may not trace processes here: as skipped (77), unless something has failed already.
require_gdb() {
  gdb -batch -ex run -ex quit --args /bin/true >/dev/null 2>&1 && return
  echo "gdb cannot trace processes here"
  exit $((failed == 0 ? 77 : 1))
}
