"""Runs the scripts of a checkout of the language's own repository and tells which pass, by folder, and why others do not.

Which files: those of --list, or every *.das below tests/ and tutorials/language whose path has no part that begins with
'_' or '.'. What passing means depends on what a file has:

  expect       the compiler reports exactly the expected codes      (kind "negative")
  [test]       every test in it passes                              (kind "test")
  [benchmark]  it compiles                                          (kind "benchmark")
  main         it runs to its end with exit code 0                  (kind "program")

A file that has none of them is a module for others and is not counted. A file that requires a module that does not
exist here is told apart from failures.
"""

import argparse
import collections
import concurrent.futures
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

EXPECT = re.compile(r"^\s*expect\s+\d", re.M)
TEST = re.compile(r"^\s*\[[^\]\n]*\btest\b", re.M)
BENCHMARK = re.compile(r"^\s*\[[^\]\n]*\bbenchmark\b", re.M)
MAIN = re.compile(r"^\s*def\s+(public\s+)?main\b", re.M)
MISSING = re.compile(r"missing prerequisite '([^']*)'; file not found")
FOLDERS = ("tests", "tutorials/language")


def without_comments(text):
    return re.sub(r"//[^\n]*|/\*.*?\*/", "", text, flags=re.S)


def kind_of(path):
    text = without_comments(path.read_text(encoding="utf-8", errors="replace"))
    if EXPECT.search(text):
        return "negative"
    if TEST.search(text):
        return "test"
    if BENCHMARK.search(text):
        return "benchmark"
    return "program" if MAIN.search(text) else None


def listed_files(root, list_file):
    for line in pathlib.Path(list_file).read_text().splitlines():
        if line.strip() and not line.startswith("#"):
            yield root / line.strip()


def found_files(root):
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*.das")):
            if not any(part.startswith(("_", ".")) for part in path.relative_to(root).parts):
                yield path


def corpus_of(root, path):
    parts = path.relative_to(root).parts
    return "/".join(parts[:2]) if len(parts) > 2 else parts[0]


class Outcome:
    """How one file did: passed, or why not."""

    def __init__(self, passed, reason="", tests=0, tests_passed=0):
        self.passed, self.reason, self.tests, self.tests_passed = passed, reason, tests, tests_passed
        missing = MISSING.search(reason)
        self.missing = missing.group(1) if missing else None


def first_line(text):
    lines = [line for line in text.splitlines() if line.strip()]
    # The place that a message of a test starts with differs for each file; what is said is what can be counted.
    return re.sub(r"^\S+\.das:\d+: ", "", lines[0].strip()) if lines else ""


def outcome_of_tests(rows, needs_rows=True):
    failed = [row for row in rows if not row["passed"] and not row["skipped"]]
    reason = next((message for row in failed for message in row["messages"]), "")
    whole = "\n".join(message for row in failed for message in row["messages"])
    missing = MISSING.search(whole)
    if failed and not reason:
        reason = "leaks" if failed[0].get("leaks") else f"test {failed[0]['name']} failed"
    return Outcome(not failed and (bool(rows) or not needs_rows), missing.group(0) if missing else first_line(reason),
                   len(rows), sum(row["passed"] for row in rows))


def run_tests(args, root, files, compile_only=False):
    """One run of `vestige test` over files that it understands; {path: Outcome}."""
    if not files:
        return {}
    with tempfile.TemporaryDirectory() as folder:
        result = os.path.join(folder, "result.json")
        command = [args.engine, "test", "--failures-only", "--timeout", str(args.timeout), "--json-file", result]
        if args.jobs:
            command += ["--jobs", str(args.jobs)]
        if compile_only:
            command.append("--compile-only")
        command += args.engine_option
        for path in files:
            command += ["--test", os.path.relpath(path, root)]
        subprocess.run(command, cwd=root, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL, check=False)
        with open(result, encoding="utf-8") as text:
            report = json.load(text)
    rows = collections.defaultdict(list)
    for row in report["tests"]:
        rows[row["file"]].append(row)
    return {path: outcome_of_tests(rows.get(os.path.relpath(path, root), []), not compile_only)
            for path in files}


def run_program(args, root, path):
    command = [args.engine, *args.engine_option, os.path.relpath(path, root)]
    try:
        done = subprocess.run(command, cwd=root, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=args.timeout, check=False)
    except subprocess.TimeoutExpired:
        return Outcome(False, f"timed out after {args.timeout}s")
    if done.returncode == 0:
        return Outcome(True)
    text = done.stdout.decode("utf-8", errors="replace")
    if done.returncode < 0:
        return Outcome(False, f"crashed with signal {-done.returncode}")
    missing = MISSING.search(text)
    said = re.search(r"^(error\[|EXCEPTION|function '|WARNING: program).*$", text, re.M)
    return Outcome(False, missing.group(0) if missing else said.group(0) if said else first_line(text))


def table(rows):
    widths = [max(len(str(row[i])) for row in rows) for i in range(len(rows[0]))]
    for row in rows:
        cells = [str(cell).ljust(widths[0]) if i == 0 else str(cell).rjust(widths[i]) for i, cell in enumerate(row)]
        print("  ".join(cells).rstrip())


def tell(args, root, kinds, outcomes):
    corpora = collections.defaultdict(list)
    for path, outcome in outcomes.items():
        corpora[corpus_of(root, path)].append((path, outcome))
    rows = [("corpus", "files", "no module", "pass", "fail", "pass %")]
    total = [0, 0, 0, 0]

    # Percentages are of the files whose modules exist.
    def row(name, files, missing, passed, failed):
        measured = files - missing
        rows.append((name, files, missing, passed, failed, f"{100 * passed / measured:.0f}" if measured else "-"))

    def sums_of(found):
        missing = sum(outcome.missing is not None and not outcome.passed for outcome in found)
        passed = sum(outcome.passed for outcome in found)
        return len(found), missing, passed, len(found) - passed - missing

    for name in sorted(corpora):
        sums = sums_of([outcome for _, outcome in corpora[name]])
        total = [a + b for a, b in zip(total, sums)]
        row(name, *sums)
    for kind in ("test", "negative", "benchmark", "program"):
        row(f"all of kind {kind}", *sums_of([outcome for path, outcome in outcomes.items() if kinds[path] == kind]))
    row("total", *total)
    table(rows)
    tests = sum(outcome.tests for outcome in outcomes.values())
    print(f"\n{sum(outcome.tests_passed for outcome in outcomes.values())} of {tests} tests in them pass")
    if args.reasons:
        count = collections.Counter(outcome.reason for outcome in outcomes.values() if not outcome.passed)
        print("\nreasons, most frequent first:")
        for reason, times in count.most_common():
            print(f"{times:5} {reason[:160]}")
    if not args.no_failures:
        print("\nfailures:")
        for path, outcome in outcomes.items():
            if not outcome.passed:
                print(f"  {path.relative_to(root)}: {outcome.reason[:200]}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("root", help="the checkout")
    parser.add_argument("--engine", default=os.environ.get("VESTIGE", "vestige"), help="the executable to measure")
    parser.add_argument("--list", help="a file of paths below the checkout, one a line, instead of the rule")
    parser.add_argument("--timeout", type=int, default=20, help="seconds for one test or program")
    parser.add_argument("--jobs", type=int, default=0, help="files at a time; by default, one a processor")
    parser.add_argument("--engine-option", action="append", default=[], help="an option for the engine (repeatable)")
    parser.add_argument("--reasons", action="store_true", help="count what failures say first")
    parser.add_argument("--no-failures", action="store_true", help="only the table")
    args = parser.parse_args()
    root = pathlib.Path(args.root).resolve()
    if os.sep in args.engine:
        args.engine = os.path.abspath(args.engine)
    files = list(listed_files(root, args.list) if args.list else found_files(root))
    if not files:
        sys.exit(f"no scripts below {root}")
    kinds = {path: kind_of(path) for path in files}
    outcomes = run_tests(args, root, [path for path in files if kinds[path] in ("test", "negative")])
    outcomes |= run_tests(args, root, [path for path in files if kinds[path] == "benchmark"], compile_only=True)
    programs = [path for path in files if kinds[path] == "program"]
    with concurrent.futures.ThreadPoolExecutor(args.jobs or os.cpu_count()) as pool:
        for path, outcome in zip(programs, pool.map(lambda path: run_program(args, root, path), programs)):
            outcomes[path] = outcome
    tell(args, root, kinds, {path: outcomes[path] for path in files if path in outcomes})


if __name__ == "__main__":
    main()
