"""Compares what programs print with what they say that they print.

A program of the language's tutorials ends in a comment that begins with the line `// output:`; every line behind it is a
line of standard output. Compared are the files of --list, or all *.das below tutorials/language, that have such an end:
their output has to be the same, byte for byte but for blanks at the ends of lines, which comments do not show.
"""

import argparse
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


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkout", type=pathlib.Path)
    parser.add_argument("--engine", required=True)
    parser.add_argument("--list", type=pathlib.Path)
    parser.add_argument("--timeout", type=float, default=20)
    options = parser.parse_args()
    if options.list is not None:
        names = [line.strip() for line in options.list.read_text().splitlines()]
        paths = [options.checkout / name for name in names if name and not name.startswith("#")]
    else:
        paths = sorted((options.checkout / "tutorials/language").rglob("*.das"))
    compared = same = 0
    for path in paths:
        expected = expected_output(path)
        if expected is None:
            continue
        compared += 1
        try:
            run = subprocess.run([options.engine, str(path)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                                 timeout=options.timeout)
            printed = run.stdout.decode("utf-8", errors="replace")
        except subprocess.TimeoutExpired:
            printed = "(timeout)\n"
        wanted, got = ([line.rstrip() for line in text.rstrip().split("\n")] for text in (expected, printed))
        if wanted == got:
            same += 1
            continue
        print(f"{path.relative_to(options.checkout)}:")
        for i in range(max(len(wanted), len(got))):
            left = wanted[i] if i < len(wanted) else "(end)"
            right = got[i] if i < len(got) else "(end)"
            if left != right:
                print(f"  line {i + 1}: expected {left!r}\n  line {i + 1}:  printed {right!r}")
                break
    print(f"{same} of {compared} programs print what they say")
    return 0 if same == compared else 1


if __name__ == "__main__":
    sys.exit(main())
