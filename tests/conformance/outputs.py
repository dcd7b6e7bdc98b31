"""Compares what programs print with what they say that they print.

A program of the language's tutorials ends in a comment that begins with the line `// output:`; every line behind it is a
line of standard output. Compared are the files of --list, or all *.das below tutorials/language, that have such an end:
their output has to be the same, byte for byte but for blanks at the ends of lines, which comments do not show.

With --reference PROGRAM the comments do not count: both programs run every file, and standard output and exit code have
to be the same, byte for byte.
"""

import argparse
import os
import pathlib
import re
import subprocess
import sys

MARK = re.compile(r"^// ?output:?\s*$", re.I)


def expected_output(path):
    """The lines of the comment at the end of the file, or None."""
    lines = path.read_text(encoding="utf-8").rstrip("\n").split("\n")
    found = []
    for line in reversed(lines):
        if MARK.match(line):
            return "".join(text + "\n" for text in reversed(found))
        if not line.startswith("//"):
            return None
        found.append(line[3:] if line.startswith("// ") else line[2:])
    return None


def run(program, path, options):
    """Standard output and exit code of `program PATH`, run in the checkout."""
    try:
        ended = subprocess.run([program, str(path.relative_to(options.checkout))], cwd=options.checkout,
                               stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=options.timeout)
    except subprocess.TimeoutExpired:
        return b"(timeout)\n", None
    return ended.stdout, ended.returncode


def show_difference(path, wanted, got):
    print(f"{path}:")
    for i in range(max(len(wanted), len(got))):
        left = wanted[i] if i < len(wanted) else "(end)"
        right = got[i] if i < len(got) else "(end)"
        if left != right:
            print(f"  line {i + 1}\n    wanted: {left}\n    got:    {right}")
            break


def compare_with_reference(paths, options):
    """Runs each file in both programs; returns how many were compared and how many are the same."""
    same = 0
    for path in paths:
        wanted, got = run(options.reference, path, options), run(options.engine, path, options)
        if wanted == got:
            same += 1
            continue
        lines = [output.decode("utf-8", errors="replace").split("\n") + [f"(exit code {code})"]
                 for output, code in (wanted, got)]
        show_difference(path.relative_to(options.checkout), *lines)
    return len(paths), same


def compare_with_comments(paths, options):
    """Compares what each file that says it prints; returns how many were compared and how many are the same."""
    compared = same = 0
    for path in paths:
        expected = expected_output(path)
        if expected is None:
            continue
        compared += 1
        printed = run(options.engine, path, options)[0].decode("utf-8", errors="replace")
        wanted, got = ([line.rstrip() for line in text.rstrip().split("\n")] for text in (expected, printed))
        if wanted == got:
            same += 1
        else:
            show_difference(path.relative_to(options.checkout), wanted, got)
    return compared, same


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkout", type=lambda text: pathlib.Path(text).resolve())
    parser.add_argument("--engine", required=True, type=os.path.abspath)
    parser.add_argument("--reference", type=os.path.abspath, metavar="PROGRAM")
    parser.add_argument("--list", type=pathlib.Path)
    parser.add_argument("--timeout", type=float, default=20)
    options = parser.parse_args()
    if options.list is not None:
        names = [line.strip() for line in options.list.read_text().splitlines()]
        paths = [options.checkout / name for name in names if name and not name.startswith("#")]
    else:
        paths = sorted((options.checkout / "tutorials/language").rglob("*.das"))
    compare = compare_with_reference if options.reference else compare_with_comments
    compared, same = compare(paths, options)
    print(f"{same} of {compared} print what they should")
    return 0 if same == compared else 1


if __name__ == "__main__":
    sys.exit(main())
