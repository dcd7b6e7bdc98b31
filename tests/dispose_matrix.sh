#!/usr/bin/env bash
# What is left of the process when engines are made, run scripts, and are destroyed: nothing, under each allocator.
#
#   tests/dispose_matrix.sh [--small] [HOST]
#
# HOST is vestige_dispose_host; by default that of build/. Prints a table (doc/nothing_left.md shows one) of valgrind's
# "At t-end" (dhat) and "in use at exit" (memcheck); a row that is not zero fails. --small: two rows.
#
# The C++ library's pool for exceptions, 72,704 bytes in one block that it allocates before main and never frees, is not
# of the engine: it is asked to be small enough to need no block (GLIBCXX_TUNABLES), or, where the library does not know
# how, subtracted where it is that very block.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
small=false
if [[ "${1:-}" == --small ]]; then small=true; shift; fi
host=${1:-$here/../build/tests/dispose/vestige_dispose_host}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$here/dispose"
failed=0

library() { ls /usr/lib/*/"$1" 2>/dev/null | head -1; }
declare -A preload=([default]="" [jemalloc]=$(library libjemalloc.so.2) [mimalloc]=$(library libmimalloc.so.2))
declare -A synonym=([default]="" [jemalloc]=--soname-synonyms=somalloc=*jemalloc* [mimalloc]=--soname-synonyms=somalloc=*mimalloc*)

# under TOOL ALLOCATOR FLAG... -- ARGUMENT...: runs the host; valgrind's words are in $work/log.
under() {
  local tool=$1 allocator=$2 flags=()
  shift 2
  while [[ "$1" != -- ]]; do flags+=("$1"); shift; done
  shift
  [[ -z "${synonym[$allocator]}" ]] || flags+=("${synonym[$allocator]}")
  LD_PRELOAD=${preload[$allocator]} GLIBCXX_TUNABLES=glibcxx.eh_pool.obj_count=0 \
    valgrind --tool="$tool" "${flags[@]}" --log-file="$work/log" "$host" "$@" >"$work/out" 2>&1
}

# What dhat says is left, less the exception pool: "BYTES BLOCKS".
left_by_dhat() {
  python3 -B - "$work/dhat.json" <<'END'
import json, sys
data = json.load(open(sys.argv[1]))
left = [(point["eb"], point["ebk"], [data["ftbl"][frame] for frame in point["fs"]]) for point in data["pps"] if point["ebk"]]
ours = [point for point in left if not (point[:2] == (72704, 1) and any("eh_alloc" in f or "pool" in f or "libstdc++" in f for f in point[2]))]
print(sum(point[0] for point in ours), sum(point[1] for point in ours))
for point in ours:
    print(point, file=sys.stderr)
END
}

# row ALLOCATOR MODULES ENGINES THREADS SCRIPT...
row() {
  local allocator=$1 modules=$2 engines=$3 threads=$4 what total dhat memcheck errors
  case "$engines $threads" in
    "1 1") what="one engine" ;;
    *" 1") what="$engines in sequence" ;;
    *) what="$threads at once on threads" ;;
  esac
  under dhat "$allocator" --dhat-out-file="$work/dhat.json" -- "$modules" "$engines" "$threads" "${@:5}" \
    || { cat "$work/out" "$work/log"; die "the host failed"; }
  total=$(sed -nE 's/^==[0-9]+== Total: +([0-9,]+) bytes in ([0-9,]+) blocks/\1 in \2/p' "$work/log")
  dhat=$(left_by_dhat)
  # mimalloc's delete is its free by another name, which memcheck would call a mismatch.
  under memcheck "$allocator" --leak-check=full --show-mismatched-frees=no --error-exitcode=9 -- "$modules" "$engines" "$threads" "${@:5}" \
    || { cat "$work/log"; failed=1; }
  memcheck=$(sed -nE 's/^==[0-9]+== +in use at exit: ([0-9,]+) bytes in ([0-9,]+) blocks/\1 \2/p' "$work/log")
  errors=$(sed -nE 's/^==[0-9]+== ERROR SUMMARY: ([0-9]+) errors.*/\1/p' "$work/log")
  printf '| %s | %s | %s | %s | %s | %s | %s |\n' "$allocator" "$modules" "$what" "$total" \
    "${dhat/ / bytes in } blocks" "${memcheck/ / bytes in } blocks" "$errors"
  [[ "$dhat" == "0 0" && "$memcheck" == "0 0" && "$errors" == 0 ]] || failed=1
}

die() { echo "FAILED: $*"; exit 1; }
[[ -x "$host" ]] || die "no program $host: build vestige_dispose_host"
command -v valgrind >/dev/null || { echo "skipped: valgrind is not installed"; exit 0; }

echo '| allocator | modules | engines | allocated, bytes in blocks | dhat: at t-end | memcheck: in use at exit | errors |'
echo '|---|---|---|---|---|---|---|'
if [[ "$small" == true ]]; then
  row default all 2 1 core.das all.das
  row default core 1 2 core.das
else
  for allocator in default jemalloc mimalloc; do
    if [[ "$allocator" != default && -z "${preload[$allocator]}" ]]; then
      echo "skipped: $allocator is not installed"
      continue
    fi
    for modules in core all; do
      scripts=(core.das)
      [[ "$modules" == core ]] || scripts+=(all.das)
      row "$allocator" "$modules" 1 1 "${scripts[@]}"
      row "$allocator" "$modules" 100 1 "${scripts[@]}"
      row "$allocator" "$modules" 1 4 "${scripts[@]}"
    done
  done
fi
exit $failed
