"""What it takes to tell ten million survivors over 4,096 call stacks, and to classify ten million that hold thirty million
references; compare.sh --survivors is the command for people.

For each way to report: CPU seconds from the end of main to the end of the process (the heap is released then too), the
peak of the process above what it held when main ended (the heap and its records), and the size of the report. A MB is
2^20 bytes.
"""

import argparse
import os
import pathlib
import re
import subprocess
import sys
import threading

SCRIPT = pathlib.Path(__file__).parent / "survivors.das"
GRAPH = pathlib.Path(__file__).parent / "graph.das"
LOST, REACHABLE = [], ["--", "reachable"]
# What people read of it, flags before the script, words behind it.
REPORTS = [
    ("leak profiler", ["--das-profiler-leaks"], LOST),
    ("leak profiler, extended", ["--das-profiler-leaks", "--leak-extended"], LOST),
    ("the same, all reachable", ["--das-profiler-leaks", "--leak-extended"], REACHABLE),
    ("leak profiler, a row for each", ["--das-profiler-leaks", "--leak-ungrouped"], LOST),
    ("cycles: one of everything", ["--das-profiler-leaks", "--leak-extended"], ["--", "one"]),
    ("cycles: five million pairs", ["--das-profiler-leaks", "--leak-extended"], ["--", "pairs"]),
    ("cycles: reachable", ["--das-profiler-leaks", "--leak-extended"], ["--", "reachable_graph"]),
    ("heap report, untracked", ["-heap-report"], LOST),
    ("heap report, a row for each", ["-track-allocations", "-heap-report"], LOST),
]


def resident_mb(pid):
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+) kB", status).group(1)) / 1024


def cpu_seconds(pid):
    # utime and stime; the name before them may hold anything but the last parenthesis.
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def script_of(words):
    """Lists of plain objects, or a graph of objects with three references each."""
    return GRAPH if words[1:] in (["one"], ["pairs"], ["reachable_graph"]) else SCRIPT


def measure(engine, flags, words):
    """Seconds, MB above what was there, MB that were there, bytes of text and the first line of one report."""
    # In its folder: every frame tells the script's path as it was given.
    script = script_of(words)
    process = subprocess.Popen(
        [engine, *flags, script.name, *words], cwd=script.parent, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    found = {"bytes": 0, "first": b""}

    def read_report():
        while piece := os.read(process.stdout.fileno(), 1 << 20):
            found["bytes"] += len(piece)
            if len(found["first"]) < 200:
                found["first"] += piece[:200]

    reader = threading.Thread(target=read_report)
    reader.start()
    lines = iter(process.stderr.readline, b"")
    before_mb = before_seconds = None
    for line in lines:
        if line == b"born\n":
            before_mb = resident_mb(process.pid)
            before_seconds = cpu_seconds(process.pid)
        elif line != b"report\n":
            sys.exit(f"survivors: {line.decode(errors='replace')}")
    reader.join()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0 or before_mb is None or found["bytes"] == 0:
        sys.exit(f"survivors: exit code {process.returncode}: {found['first'].decode(errors='replace')}")
    first = found["first"].decode(errors="replace").splitlines()[0]
    seconds = usage.ru_utime + usage.ru_stime - before_seconds
    return seconds, usage.ru_maxrss / 1024 - before_mb, before_mb, found["bytes"], first


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--engine", required=True, type=lambda path: str(pathlib.Path(path).resolve()))
    parser.add_argument("--only", default="", help="only reports whose name holds this word")
    arguments = parser.parse_args()
    print(f"{'report':<32}{'seconds':>9}{'extra MB':>10}{'of MB':>8}{'text MB':>9}   first line")
    for name, flags, words in REPORTS:
        if arguments.only not in name:
            continue
        seconds, extra_mb, before_mb, size, first = measure(arguments.engine, flags, words)
        print(f"{name:<32}{seconds:>9.2f}{extra_mb:>10.1f}{before_mb:>8.0f}{size / 2**20:>9.2f}   {first}", flush=True)


if __name__ == "__main__":
    main()
