#!/usr/bin/env bash
# Programs with jobs at random, for ten minutes: panics, exits, cancels, timeouts, signals, things left behind. Each has to
# end as it must, tell exactly what it leaves, and leave no process; a host that runs many in turn keeps no thread and
# no memory of them.
#
#   jobs.sh [--seconds N] [--seed N] [--build FOLDER]
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
seconds=600
seed=$RANDOM
build=$here/../../build
while [[ $# -gt 0 ]]; do
  case $1 in
    --seconds) seconds=$2 ;;
    --seed) seed=$2 ;;
    --build) build=$2 ;;
    *) echo "unknown: $1" >&2; exit 2 ;;
  esac
  shift 2
done
exec python3 -B "$here/soak.py" "$build/src/cli/vestige" "$build/tests/soak/vestige_soak_host" "$seconds" "$seed"
