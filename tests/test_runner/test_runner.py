"""Runs the command of each case and compares what it prints. With --update rewrites the cases: review the difference.

A case is a file: the command line after `$ `, then `exit CODE`, then the output, with times as (TIME). Words like
NAME=value before `vestige` set the environment; `> FILE` at the end shows the file the command wrote as well.
`mask-numbers` in a line of its own before the command makes every number N (measurements).
"""

import argparse
import os
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent


def masked(text, numbers):
    text = re.sub(r"\(\d+\.\d{6}s\)", "(TIME)", text)
    # Lines of modules of the executable, which change whenever those do.
    text = re.sub(r"(<modules>/\S+\.das):\d+", r"\1:LINE", text)
    text = re.sub(r'"(time|time_usec)":\d+', r'"\1":TIME', text)
    text = re.sub(r"peak memory of (\S+): [1-9]\d* KiB", r"peak memory of \1: SIZE", text)
    return re.sub(r"\d+(\.\d+)?", "N", re.sub(r" +", " ", text)) if numbers else text


def run(engine, case):
    lines = case.read_text(encoding="utf-8").splitlines()
    numbers = lines[0] == "mask-numbers"
    command_line = next(line for line in lines if line.startswith("$ "))
    words = shlex.split(command_line[2:])
    environment = {name: value for name, value in os.environ.items() if name not in ("TEST_FILTER", "NO_COLOR")}
    # A crash is a crash, also where a sanitizer would tell of it in its own way.
    environment["ASAN_OPTIONS"] = environment.get("ASAN_OPTIONS", "") + ":handle_segv=0"
    while "=" in words[0]:
        name, value = words.pop(0).split("=", 1)
        environment[name] = value
    assert words[0] == "vestige", command_line
    with tempfile.TemporaryDirectory() as folder:
        written = None
        if len(words) > 2 and words[-2] == ">":
            written = os.path.join(folder, words[-1])
            words = [word.replace(words[-1], written) for word in words[:-2]]
        done = subprocess.run([engine, *words[1:]], cwd=HERE / "suites", env=environment, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=120, check=False)
        output = done.stdout.decode("utf-8", errors="replace")
        if written:
            output += f"--- {os.path.basename(written)}\n" + pathlib.Path(written).read_text(encoding="utf-8")
    head = (["mask-numbers"] if numbers else []) + [command_line, f"exit {done.returncode}"]
    return "\n".join(head) + "\n" + masked(output, numbers)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("engine")
    parser.add_argument("--update", action="store_true")
    args = parser.parse_args()
    failures = 0
    cases = sorted((HERE / "cases").glob("*.case"))
    for case in cases:
        actual = run(os.path.abspath(args.engine), case)
        if actual == case.read_text(encoding="utf-8"):
            continue
        if args.update:
            case.write_text(actual, encoding="utf-8")
            continue
        failures += 1
        print(f"{case.name}: is not what the command prints now:\n{actual}")
    print(f"{len(cases) - failures} passed, {failures} failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
