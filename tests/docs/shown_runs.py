"""Runs what the documentation shows and compares: what a page prints below a command is what the command prints.

A shown run is a block between ``` lines that begins with `$ vestige ...`, perhaps with NAME=value before `vestige`. It runs in
examples/. The rest of the block is the standard output (with `2>&1` at the end of the command, everything), in which a line
`...` stands for any number of lines. Addresses of memory, which differ from run to run, count as equal.
"""

import argparse
import os
import pathlib
import re
import shlex
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]


def shown_runs(page):
    """(line number, command, expected lines) of each run that the page shows."""
    lines = page.read_text(encoding="utf-8").splitlines()
    at = 0
    while at < len(lines):
        if lines[at].startswith("```"):
            end = next(i for i in range(at + 1, len(lines)) if lines[i].startswith("```"))
            block = lines[at + 1 : end]
            if block and re.match(r"\$ (\w+=\S+ )*vestige ", block[0]):
                yield at + 2, block[0][2:], block[1:]
            at = end
        at += 1


def run(engine, command):
    words = shlex.split(command)
    both = words[-1] == "2>&1"
    if both:
        words.pop()
    environment = dict(os.environ)
    while "=" in words[0] and not words[0].startswith("vestige"):
        name, value = words.pop(0).split("=", 1)
        environment[name] = value
    result = subprocess.run([engine, *words[1:]], cwd=ROOT / "examples", env=environment, text=True, timeout=60,
                            stdout=subprocess.PIPE, stderr=subprocess.STDOUT if both else subprocess.DEVNULL, check=False)
    return result.stdout.splitlines()


def masked(line):
    return re.sub(r"0x[0-9a-f]{6,}", "ADDRESS", line)


def matches(expected, printed):
    """Whether the lines are equal, `...` being any lines."""
    parts = [[]]
    for line in expected:
        if line.strip() == "...":
            parts.append([])
        else:
            parts[-1].append(masked(line))
    printed = [masked(line) for line in printed]
    if len(parts) == 1:
        return parts[0] == printed
    first, last = parts[0], parts[-1]
    if printed[: len(first)] != first or (last and printed[-len(last) :] != last):
        return False
    at = len(first)
    for part in parts[1:]:
        at = next((i + len(part) for i in range(at, len(printed) - len(part) + 1) if printed[i : i + len(part)] == part),
                  None)
        if at is None:
            return False
    return True


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("engine", type=lambda text: str(pathlib.Path(text).resolve()))
    arguments = parser.parse_args()
    passed = failed = 0
    for page in [ROOT / "README.md", *sorted(ROOT.glob("doc/**/*.md")), *sorted(ROOT.glob("skills/**/*.md"))]:
        for number, command, expected in shown_runs(page):
            printed = run(arguments.engine, command)
            if matches(expected, printed):
                passed += 1
                continue
            failed += 1
            print(f"{page.relative_to(ROOT)}:{number}: `{command}` prints something else now:")
            print("\n".join("  " + line for line in printed))
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
