"""Runs what the documentation shows and compares: what a page prints below a command is what the command prints.

A shown run is a block between ``` lines that begins with `$ vestige ...`, perhaps with NAME=value before `vestige`. It runs in
a copy of examples/; further lines `$ vestige ...` follow in the same folder. The rest of the block is the standard output of
the last (with `2>&1` at the end of the command, everything), in which a line `...` stands for any number of lines. What differs
from run to run counts as equal: addresses, what the system says of the memory of a process, and bytes of strings, among which
are the words of the command line.
"""

import argparse
import itertools
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]


def shown_runs(page):
    """(line number, commands, expected lines) of each run that the page shows."""
    lines = page.read_text(encoding="utf-8").splitlines()
    at = 0
    while at < len(lines):
        if lines[at].startswith("```"):
            end = next(i for i in range(at + 1, len(lines)) if lines[i].startswith("```"))
            block = lines[at + 1 : end]
            commands = [line[2:] for line in itertools.takewhile(re.compile(r"\$ (\w+=\S+ )*vestige ").match, block)]
            if commands:
                yield at + 2, commands, block[len(commands) :]
            at = end
        at += 1


def run(engine, command, folder):
    words = shlex.split(command)
    both = words[-1] == "2>&1"
    if both:
        words.pop()
    environment = dict(os.environ)
    while "=" in words[0] and not words[0].startswith("vestige"):
        name, value = words.pop(0).split("=", 1)
        environment[name] = value
    result = subprocess.run([engine, *words[1:]], cwd=folder, env=environment, text=True, timeout=60,
                            stdout=subprocess.PIPE, stderr=subprocess.STDOUT if both else subprocess.DEVNULL, check=False)
    return result.stdout.splitlines()


def masked(line):
    line = re.sub(r"mem=[\d.]+MB \(VMS: [\d.]+MB\)( (total_)?delta=[+-][\d.]+MB)?", "MEMORY", line)
    line = re.sub(r"strings=\d+", "strings=BYTES", line)
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
        for number, commands, expected in shown_runs(page):
            with tempfile.TemporaryDirectory() as folder:
                shutil.copytree(ROOT / "examples", folder, dirs_exist_ok=True)
                printed = [run(arguments.engine, command, folder) for command in commands][-1]
            if matches(expected, printed):
                passed += 1
                continue
            failed += 1
            print(f"{page.relative_to(ROOT)}:{number}: `{commands[-1]}` prints something else now:")
            print("\n".join("  " + line for line in printed))
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
