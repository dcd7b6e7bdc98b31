#!/usr/bin/env python3
"""Random programs with smart pointers, against a model of who holds what.

Each script keeps a few objects in globals, locals, fields, tuples, fixed arrays, arrays, tables, captures of lambdas and
of generators, clones them, moves them, swaps, sorts, grows and shrinks the containers, and loses some. After every step
it prints the count and the holders of every living object (`smart_ptr_holders`, with holders tracked); this program
knows what both have to be. At the end the report must explain each survivor's count by the same holders.

usage: holders_fuzz.py ENGINE [--scripts N] [--steps N] [--seed N] [--keep DIR]
"""
import argparse
import os
import random
import re
import subprocess
import sys
import tempfile

import holders_script


def report_of(output):
    """The holders of each survivor, by the report."""
    survivors = []
    for line in output.splitlines():
        row = re.match(r"0x[0-9a-f]+ \(rc=(\d+), id=[0-9a-f]+\)", line)
        if row:
            survivors.append((int(row.group(1)), []))
        elif line.startswith("  held by "):
            survivors[-1][1].append(line[len("  held by "):])
    for count, names in survivors:
        if count != len(names):
            return f"a count of {count} is explained by {names}"
    return sorted(sorted(names) for _, names in survivors)


def run(engine, seed, steps, folder):
    script = holders_script.Script(random.Random(seed), steps)
    path = os.path.join(folder, f"holders_{seed}.das")
    with open(path, "w") as file:
        file.write(script.text())
    done = subprocess.run([engine, "--track-holders", path], capture_output=True, text=True, timeout=120)
    told = [line for line in done.stdout.splitlines() if re.match(r"\d+ \d+ \d+ ", line)]
    for expected, found in zip(script.expected, told):
        if expected != found:
            step = int(expected.split()[0])
            return f"{path}: after `{script.lines[2 * step].strip()}`\n  expected: {expected}\n  told:     {found}"
    if len(told) != len(script.expected):
        return f"{path}: {len(told)} lines instead of {len(script.expected)}\n{done.stdout[-800:]}{done.stderr[-800:]}"
    if done.stderr:
        return f"{path}: {done.stderr[:400]}"
    survivors = report_of(done.stdout)
    if survivors != script.survivors():
        return f"{path}: the report\n  expected: {script.survivors()}\n  told:     {survivors}"
    return None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("engine")
    parser.add_argument("--scripts", type=int, default=20)
    parser.add_argument("--steps", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep")
    arguments = parser.parse_args()
    failures = 0
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(arguments.seed, arguments.seed + arguments.scripts):
            failure = run(arguments.engine, seed, arguments.steps, arguments.keep or folder)
            if failure:
                failures += 1
                print(failure)
                if failures >= 5:
                    break
    print(f"{arguments.scripts} scripts of {arguments.steps} steps, {failures} failures")
    return failures != 0


if __name__ == "__main__":
    sys.exit(main())
