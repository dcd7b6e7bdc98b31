"""Side by side measurements; compare.sh is the command for people.

Every round runs each program once in every language, one after the other, so that a slow moment of the machine hits
all of them; medians over the rounds are compared. Times are the CPU seconds (user and system) of the whole process,
start-up included. Outputs are compared too: a program that prints something else counts as failed.
"""

import argparse
import math
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
PROGRAMS = HERE / "programs"
# Programs whose time is spent in making and freeing; all others compute.
ALLOCATION = {"array_churn", "binary_trees", "lambda_churn", "linked_list", "string_build", "string_split"}
TRACKING_FLAGS = ["--das-profiler", "--das-profiler-leaks"]


class Run:
    """One finished process: CPU seconds, wall seconds, output, exit code."""

    def __init__(self, command, keep_output=True, timeout=120):
        begun = time.perf_counter()
        with tempfile.TemporaryFile() as output:
            target = output if keep_output else subprocess.DEVNULL
            process = subprocess.Popen([str(word) for word in command], stdout=target, stderr=subprocess.STDOUT)
            deadline = begun + timeout
            while True:
                pid, status, usage = os.wait4(process.pid, os.WNOHANG if timeout else 0)
                if pid:
                    break
                if time.perf_counter() > deadline:
                    process.kill()
                time.sleep(0.0005)
            process.returncode = os.waitstatus_to_exitcode(status)
            self.wall = time.perf_counter() - begun
            self.cpu = usage.ru_utime + usage.ru_stime
            self.exit_code = process.returncode
            output.seek(0)
            self.output = output.read().decode(errors="replace") if keep_output else ""


def peak_mb(command):
    """Peak memory of a process. The kernel counts a child's peak from its parent's size on, so a small parent helps."""
    with tempfile.NamedTemporaryFile("r") as report:
        Run(["/usr/bin/time", "-f", "%M", "-o", report.name, *command])
        return int(report.read()) / 1024


def names(word):
    return [path.stem for path in sorted(PROGRAMS.glob("*.das")) if word in path.stem]


def geometric_mean(values):
    return math.exp(statistics.fmean(math.log(value) for value in values)) if values else float("nan")


def measure(commands, rounds, check=True, summary=statistics.median):
    """Medians (or another summary) of CPU seconds by label, or an error text. `commands` maps labels to commands."""
    times = {label: [] for label in commands}
    outputs = {}
    for _ in range(rounds):
        for label, command in commands.items():
            run = Run(command, keep_output=check)
            if run.exit_code != 0:
                return f"{label}: exit code {run.exit_code}: {run.output.strip()[:160]}"
            times[label].append(max(run.cpu, 1e-4))
            outputs[label] = run.output
    if check and len(set(outputs.values())) > 1:
        return "outputs differ: " + ", ".join(f"{label} {text.strip()!r}" for label, text in outputs.items())
    return {label: summary(values) for label, values in times.items()}


def print_groups(ratios, title):
    for group in ("compute", "allocation"):
        chosen = [r for name, r in ratios.items() if (name in ALLOCATION) == (group == "allocation")]
        if not chosen:
            continue
        for index, label in enumerate(title):
            column = [ratio[index] for ratio in chosen]
            print(f"{group:<11} {label}: geometric mean {geometric_mean(column):.2f}, "
                  f"lowest {min(column):.2f}, highest {max(column):.2f}, {len(column)} programs")  # fmt: skip


def compare_speed(engine, rounds, word):
    print(f"{'program':<18}{'vestige':>9}{'lua5.4':>9}{'luajit':>9}   lua5.4/vestige  luajit/vestige")
    ratios, failed = {}, 0
    for name in names(word):
        commands = {
            "vestige": [engine, PROGRAMS / f"{name}.das"],
            "lua5.4": ["lua5.4", PROGRAMS / f"{name}.lua"],
            "luajit": ["luajit", "-joff", PROGRAMS / f"{name}.lua"],
        }
        medians = measure(commands, rounds)
        if isinstance(medians, str):
            failed += 1
            print(f"{name:<18}{medians}")
            continue
        mine = medians["vestige"]
        ratios[name] = (medians["lua5.4"] / mine, medians["luajit"] / mine)
        print(f"{name:<18}{mine:>9.3f}{medians['lua5.4']:>9.3f}{medians['luajit']:>9.3f}"
              f"{ratios[name][0]:>13.2f}{ratios[name][1]:>16.2f}", flush=True)  # fmt: skip
    print_groups(ratios, ("lua5.4/vestige", "luajit/vestige"))
    return failed


def compare_pair(commands, ratio, rounds, word, **how):
    """Each program run in two ways: `commands` maps their labels to what stands before the script; `ratio` names one
    divided by the other, as `a/b`. `how` goes to measure()."""
    above, below = ratio.split("/")
    first, second = commands
    print(f"{'program':<18}{first:>10}{second:>10}   {ratio}")
    ratios, failed = {}, 0
    for name in names(word):
        script = PROGRAMS / f"{name}.das"
        times = measure({label: [*command, script] for label, command in commands.items()}, rounds, **how)
        if isinstance(times, str):
            failed += 1
            print(f"{name:<18}{times}")
            continue
        ratios[name] = (times[above] / times[below],)
        print(f"{name:<18}{times[first]:>10.3f}{times[second]:>10.3f}{ratios[name][0]:>14.2f}", flush=True)
    print_groups(ratios, (ratio,))
    return failed


def compare_tracking(engine, rounds, word):
    commands = {"untracked": [engine], "tracked": [engine, *TRACKING_FLAGS]}
    return compare_pair(commands, "tracked/untracked", rounds, word, check=False)


def compare_profiling(engine, rounds, word):
    """The heap profile for DHAT's viewer against no tracking; then what DHAT itself takes for the same work in C++."""
    commands = {"untracked": [engine], "profiled": [engine, "--dhat-heap=/dev/null"]}
    failed = compare_pair(commands, "profiled/untracked", rounds, word, check=False)
    return failed + compare_native_profiling(rounds, word)


def compare_native_profiling(rounds, word):
    sources = [path for path in sorted(PROGRAMS.glob("*.cpp")) if word in path.stem]
    if sources:
        print(f"\n{'C++':<18}{'native':>10}{'DHAT':>10}   DHAT/native")
    failed = 0
    for source in sources:
        with tempfile.TemporaryDirectory() as folder:
            program = pathlib.Path(folder) / source.stem
            subprocess.run(["c++", "-std=c++20", "-O2", "-o", program, source], check=True)
            dhat = ["valgrind", "-q", "--tool=dhat", "--dhat-out-file=/dev/null", program]
            times = measure({"native": [program], "DHAT": dhat}, rounds, check=False)
        if isinstance(times, str):
            failed += 1
            print(f"{source.stem:<18}{times}")
            continue
        native, profiled = times["native"], times["DHAT"]
        print(f"{source.stem:<18}{native:>10.3f}{profiled:>10.3f}{profiled / native:>14.1f}", flush=True)
    return failed


def compare_builds(engine, other, rounds, word):
    """This engine against another build of it. The quickest run of each counts: both can only be slowed down."""
    return compare_pair({"this": [engine], "other": [other]}, "this/other", rounds, word, summary=min)


def measure_startup(engine, rounds):
    with tempfile.TemporaryDirectory() as folder:
        das, lua = pathlib.Path(folder) / "hello.das", pathlib.Path(folder) / "hello.lua"
        das.write_text('options gen2\n[export]\ndef main() {\n    print("hello\\n")\n}\n')
        lua.write_text('print("hello")\n')
        commands = {"vestige": [engine, das], "lua5.4": ["lua5.4", lua]}
        walls = {label: [] for label in commands}
        peaks = {label: [] for label in commands}
        for _ in range(max(rounds, 1) * 20):
            for label, command in commands.items():
                run = Run(command)
                if run.output != "hello\n":
                    print(f"{label}: printed {run.output.strip()[:200]!r}")
                    return 1
                walls[label].append(run.wall * 1000)
                peaks[label].append(peak_mb(command))
    for label in commands:
        print(f"{label:<10}{statistics.median(walls[label]):>8.2f} ms {statistics.median(peaks[label]):>8.1f} MB peak")
    return 0


def repeat(template, lines, footer=""):
    """The template, numbered, until it makes that many lines."""
    return "".join(template.replace("NN", str(n)) for n in range(1, lines // template.count("\n") + 1)) + footer


def compile_programs(lines):
    """Sources of that many lines by name: simple functions in two languages, and a program rich in types and generics."""
    header, footer = "options gen2\nrequire math\n", '[export]\ndef main() {\n    print("done\\n")\n}\n'
    texts = {path.name: path.read_text() for path in sorted((HERE / "compile").iterdir())}
    return {
        "simple.das": header + repeat(texts["simple.das"], lines, footer),
        "simple.lua": repeat(texts["simple.lua"], lines),
        "rich.das": header + repeat(texts["rich.das"], lines, footer),
    }


def measure_compile(engine, rounds):
    for lines in (50_000, 100_000):
        with tempfile.TemporaryDirectory() as folder:
            commands = {}
            for name, text in compile_programs(lines).items():
                path = pathlib.Path(folder) / name
                path.write_text(text)
                lua = ["lua5.4", "-e", f"assert(loadfile([[{path}]]))"]
                commands[name] = lua if path.suffix == ".lua" else [engine, "-compile-only", path]
            seconds = {label: [] for label in commands}
            for _ in range(rounds):
                for label, command in commands.items():
                    run = Run(command)
                    if run.exit_code != 0:
                        print(f"{label}: exit code {run.exit_code}: {run.output.strip()[:200]}")
                        return 1
                    seconds[label].append(run.cpu)
        for label in commands:
            print(f"{lines:>7} lines {label:<12}{statistics.median(seconds[label]):>8.3f} s")
    return 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--engine", required=True)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", default="", help="only programs whose name holds this word")
    mode = parser.add_mutually_exclusive_group()
    for name in ("tracking", "profiling", "startup", "compile"):
        mode.add_argument(f"--{name}", action="store_true")
    mode.add_argument("--against", metavar="ENGINE", help="another build of the engine to compare with")
    arguments = parser.parse_args()
    if arguments.startup:
        return measure_startup(arguments.engine, arguments.rounds)
    if arguments.compile:
        return measure_compile(arguments.engine, arguments.rounds)
    if arguments.against:
        return 1 if compare_builds(arguments.engine, arguments.against, arguments.rounds, arguments.only) else 0
    if arguments.profiling:
        return 1 if compare_profiling(arguments.engine, arguments.rounds, arguments.only) else 0
    compare = compare_tracking if arguments.tracking else compare_speed
    return 1 if compare(arguments.engine, arguments.rounds, arguments.only) else 0


if __name__ == "__main__":
    sys.exit(main())
