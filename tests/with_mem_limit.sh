#!/usr/bin/env bash
# with_mem_limit.sh MB -- COMMAND...: runs the command with at most MB MiB of address space (ulimit -v), and ends with its
# exit code. Processes that it starts have the same limit each.
set -eu

usage() {
  echo "usage: with_mem_limit.sh MB -- COMMAND..." >&2
  exit 2
}

[ $# -ge 3 ] && [ "$2" = "--" ] || usage
[[ $1 =~ ^[1-9][0-9]*$ ]] || usage
ulimit -v $(($1 * 1024))
shift 2
exec "$@"
