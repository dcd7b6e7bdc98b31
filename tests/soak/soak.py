"""Runs programs at random and judges how each ends: soak.py ENGINE HOST SECONDS SEED

Beside the runs of the engine, HOST runs the same programs in one process, engine after engine, and says how many threads
and how much memory are left. The first program that ends in a way it must not is printed with its output.
"""

import os
import pathlib
import random
import re
import resource
import signal
import subprocess
import sys
import tempfile
import time

import programs

LINES = [
    r"begin", r"end", r"EXCEPTION: .+", r"JOB EXCEPTION: .+", r" at \S+:\d+:\d+",
    r"=== (Memory leaks|Strings alive) in context '.+' \(\d+ (allocations|strings), 0x[0-9a-f]+ bytes\) ===",
    r"\[leak\] size=0x[0-9a-f]+ bytes( x\d+ \(0x[0-9a-f]+ bytes\))?", r"  at .+",
    r"  JobStatus #[0-9a-f]+ \(rc=\d+\) \w+ created at \S+", r"  Feature #[0-9a-f]+( owner=#[0-9a-f]+ .+ created at \S+)?",
    r"total \d+ leaked (JobStatus|Feature) objects",
    r"BLOCKED FOR EVER: nobody is left who could wake", r"  \S+ waits in \S+ for .+ since .+",
]
LINE = re.compile("|".join(f"(?:{line})" for line in LINES))
HEADER = re.compile(r"=== (Memory|Strings) .+ in context '.+' \((\d+) \w+, 0x([0-9a-f]+) bytes\) ===")
ROW = re.compile(r"\[leak\] size=0x([0-9a-f]+) bytes(?: x(\d+) \(0x([0-9a-f]+) bytes\))?")
TOTAL = re.compile(r"total (\d+) leaked (JobStatus|Feature) objects")


class Wrong(Exception):
    pass


def need(condition, *what):
    if not condition:
        raise Wrong(" ".join(str(part) for part in what))


def leaks_of(output):
    """Blocks, statuses and features that a report tells; its rows have to add up to its headers and totals."""
    found = {"Memory": 0, "JobStatus": 0, "Feature": 0}
    open_blocks = open_bytes = 0
    for line in output.splitlines():
        need(LINE.fullmatch(line), "a line that no report has:", repr(line))
        if match := HEADER.fullmatch(line):
            need(open_blocks == 0 and open_bytes == 0, open_blocks, "blocks have no row before", line)
            open_blocks, open_bytes = int(match[2]), int(match[3], 16)
            found["Memory"] += open_blocks if match[1] == "Memory" else 0
        if match := ROW.fullmatch(line):
            open_blocks -= int(match[2] or 1)
            open_bytes -= int(match[3] or match[1], 16)
        if match := TOTAL.fullmatch(line):
            found[match[2]] += int(match[1])
            told = len(re.findall(rf"^  {match[2]} #", output, re.M))
            need(told == int(match[1]), told, "rows of", match[2], "but a total of", match[1])
    need(open_blocks == 0 and open_bytes == 0, open_blocks, "blocks and", open_bytes, "bytes have no row")
    return tuple(found.values())


def start(words):
    return subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)


def finish(process, seconds):
    try:
        out, err = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        out, err = process.communicate()
        raise Wrong(f"no end after {seconds} s:\n{out.decode(errors='replace')}") from None
    try:
        os.killpg(process.pid, 0)
        raise Wrong("a process is left")
    except ProcessLookupError:
        pass
    need(process.returncode >= 0, "killed by signal", -process.returncode, err.decode(errors="replace"))
    need(err == b"", "on the error output:", err.decode(errors="replace"))
    return process.returncode, out.decode("utf-8")


class Soak:
    def __init__(self, engine, host, folder, rng):
        self.engine, self.host, self.folder, self.rng = engine, host, folder, rng
        self.path = folder / "program.das"
        self.runs = {"clean": 0, "leaking": 0, "signal": 0}
        self.text = ""

    def flags(self):
        flags = ["--das-profiler-leaks", "--job-threads", str(self.rng.choice([1, 2, 3, 8, 16]))]
        return flags + self.rng.choice([[], ["--leak-ungrouped"], ["--leak-full-recursion"]])

    def write(self, text):
        self.text = text
        self.path.write_text(text, encoding="utf-8")

    def run_to_its_end(self, clean):
        text, scenes = programs.make(self.rng, clean)
        self.write(text)
        code, out = finish(start([self.engine, *self.flags(), str(self.path)]), 30)
        last = scenes[-1].exit
        # Whatever failed is told by the exit code, whatever it was to be.
        expected = 1 if any(scene.fails for scene in scenes) else last or 0
        need(code == expected, "exit code", code, "instead of", expected, "\n" + out)
        need(("BLOCKED" in out) == any(scene.blocks for scene in scenes), "blocked or not:\n" + out)
        need(("\nend\n" in out) == (last is None), "the end of main:\n" + out)
        left = [sum(getattr(scene, kind) for scene in scenes) for kind in ("nodes", "statuses", "features")]
        # The shared list.
        left[0] += 1
        need(leaks_of(out) == tuple(left), "told", leaks_of(out), "left", left, "\n" + out)
        self.runs["clean" if clean else "leaking"] += 1

    def run_until_a_signal(self):
        self.write(programs.make_endless(self.rng))
        process = start([self.engine, *self.flags(), str(self.path)])
        # Not before the engine has its handlers.
        process.stdout.peek(1)
        time.sleep(self.rng.random() * 0.1)
        signals = self.rng.choice([[signal.SIGINT], [signal.SIGTERM], [signal.SIGTERM, signal.SIGINT]])
        for one in signals:
            process.send_signal(one)
        code, out = finish(process, 30)
        need(code in {128 + one for one in signals}, "exit code", code, "\n" + out)
        leaks_of(out)
        self.runs["signal"] += 1

    def run_host(self, seconds):
        paths = []
        for number in range(24):
            text, scenes = programs.make(self.rng, number % 2 == 0)
            if any(scene.blocks for scene in scenes):
                continue
            paths.append(self.folder / f"host_{number}.das")
            paths[-1].write_text(text, encoding="utf-8")
        self.text = f"the host's, {self.host} {seconds:.0f} ..."
        code, out = finish(start([self.host, f"{seconds:.0f}", *map(str, paths)]), seconds + 120)
        need(code == 0, "the host says:\n" + out)
        print(out, end="")


def main():
    engine, host, seconds, seed = sys.argv[1], sys.argv[2], float(sys.argv[3]), int(sys.argv[4])
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        soak = Soak(engine, host, pathlib.Path(folder), random.Random(seed))
        try:
            while time.monotonic() - began < seconds * 0.75:
                kind = soak.rng.random()
                if kind < 0.4:
                    soak.run_to_its_end(True)
                elif kind < 0.8:
                    soak.run_to_its_end(False)
                else:
                    soak.run_until_a_signal()
            soak.run_host(max(seconds - (time.monotonic() - began), 2))
        except Wrong as wrong:
            print(f"FAILED (seed {seed}, runs so far {soak.runs}): {wrong}\n--- the program:\n{soak.text}")
            sys.exit(1)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    print(f"ok: {time.monotonic() - began:.0f} s, seed {seed}, {soak.runs}, largest process {peak} MiB")


main()
