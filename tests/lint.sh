#!/usr/bin/env bash
# clang-tidy over the sources of the libraries, with the checks of .clang-tidy.
#
#   tests/lint.sh [FILE...]
#
# Findings are remembered for each file (tests/shape/tidy.py), so that only the first run is slow: about half a minute of
# one core for each file.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/support/bootstrap.sh"

require_packages "${vestige_build_packages[@]}" clang-tidy python3
mkdir -p "$vestige_root/build"
exec python3 -B "$vestige_root/tests/shape/tidy.py" --root "$vestige_root" --cache "$vestige_root/build/tidy" --jobs "$(nproc)" "$@"
