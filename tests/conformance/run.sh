#!/usr/bin/env bash
# Measures the engine against a checkout of the language's own tests: run.sh PATH [options]. See doc/conformance.md.
exec python3 -B "$(dirname "$0")/conformance.py" "$@"
