"""What --dhat-heap and --dhat-ad-hoc write, figure by figure, and that valgrind's own viewer shows it.

Without chromium or the viewer, which valgrind brings along, that part is skipped with a message.
"""

import argparse
import json
import pathlib
import re
import subprocess
import sys
import tempfile

import viewer

HERE = pathlib.Path(__file__).resolve().parent
failures = []


def check(claim, holds, detail=""):
    print(f"{'ok' if holds else 'FAILED'}: {claim}")
    if not holds:
        failures.append(claim)
        print(detail)


def same(claim, wanted, found):
    check(claim, wanted == found, f"  wanted {wanted}\n  found  {found}")


def profile(engine, flag, script, folder, *more):
    """Runs the script; the file it leaves, parsed."""
    path = folder / f"{script.stem}.{flag}.json"
    subprocess.run([engine, f"--{flag}={path}", *more, script], timeout=300, check=True, stdout=subprocess.DEVNULL)
    return path, json.loads(path.read_text(encoding="utf-8"))


def points(data, *wanted):
    """The wanted fields of each point, by its frames."""
    return {tuple(data["ftbl"][frame].replace(f"{HERE}/", "") for frame in point["fs"]): [point[key] for key in wanted]
            for point in data["pps"]}


def sums(data, *keys):
    return [sum(point[key] for point in data["pps"]) for key in keys]


def shown(claim, path, *texts):
    if viewer.viewer_folder() is None or viewer.browser() is None:
        print(f"skipped: the viewer shows {claim}: needs valgrind and chromium")
        return
    text = viewer.show(path)
    for wanted in texts:
        check(f"the viewer shows {claim}: {wanted}", wanted in text, text)
    total = re.search(r"total:([\d.,]+)ms", text)
    check(f"the viewer is quick with {claim}", total is not None and float(total.group(1).replace(",", "")) < 20000,
          total and total.group(0))


# Three levels of functions that call each other: `width` to the third power call paths to one `new`.
def many_paths(folder, width):
    lines = ["options gen2", "struct Leaf {", "    value : int", "}", "var kept : array<Leaf?>"]
    lines += ["def level0_0() {", "    kept |> push(new Leaf(value = 1))", "}"]
    for level in range(1, 4):
        for number in range(width if level < 3 else 1):
            callees = range(width)
            lines.append(f"def level{level}_{number}() {{")
            lines += [f"    level{level - 1}_{0 if level == 1 else callee}()" for callee in callees]
            lines.append("}")
    lines += ["[export]", "def main() {", "    kept |> reserve(100000)", "    level3_0()",
              "    unsafe {", "        delete kept", "    }", "}"]
    path = folder / f"paths_{width}.das"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--engine", required=True)
    engine = str(pathlib.Path(parser.parse_args().engine).resolve())
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)

        path, data = profile(engine, "dhat-heap", HERE / "nothing.das", folder)
        same("a script that allocates nothing has no points", [], data["pps"])
        same("and its time stands still", [0, 0], [data["te"], data["tg"]])
        shown("a profile without points", path, "Times {", "Total:     0 bytes")

        path, data = profile(engine, "dhat-heap", HERE / "one_of_each.das", folder)
        same("points, lifetimes, peaks and ends", {
            ("make_node (one_of_each.das:9:11)", "freed (one_of_each.das:19:16)", "main (one_of_each.das:29:4)"):
                # Ten nodes of 16 bytes that die together, behind the birth of the last: 0 + 16 + ... + 144.
                [160, 10, 720, 160, 10, 160, 10, 0, 0],
            ("make_node (one_of_each.das:9:11)", "freed (one_of_each.das:19:16)", "main (one_of_each.das:30:4)"):
                [48, 3, 48, 48, 3, 0, 0, 0, 0],
            ("make_node (one_of_each.das:9:11)", "kept (one_of_each.das:13:11)", "main (one_of_each.das:31:12)"):
                [16, 1, 0, 16, 1, 0, 0, 16, 1],
        }, points(data, "tb", "tbk", "tl", "mb", "mbk", "gb", "gbk", "eb", "ebk"))
        same("the peak's time and the end's", [160, 224], [data["tg"], data["te"]])
        shown("a small profile", path, "t-gmax: 160 bytes allocated", "At t-end:  16 bytes (100%) in 1 blocks",
              "#1: make_node", "one_of_each.das:9:11)")

        path, data = profile(engine, "dhat-ad-hoc", HERE / "events.das", folder)
        events = points(data, "tb", "tbk")
        same("events of the script", [[10, 1], [3, 1], [250000000000, 1]],
             [counts for frames, counts in events.items() if frames[0] == "builtin`ad_hoc_event (native)"])
        same("the context", [1, 1], events[("[context]", "[outside of scripts]")])
        same("lambdas", [[4, 4]], [counts for frames, counts in events.items() if frames[0].startswith("[environment")])
        same("calls of a lambda", [[4, 4]],
             [counts for frames, counts in events.items() if re.match(r"\[call of _lambda.*`function\]", frames[0])])
        same("their finalizers", [[4, 4]],
             [counts for frames, counts in events.items() if re.match(r"\[call of _lambda.*`finalizer\]", frames[0])])
        shown("a profile of events", path, "Occurred at {", "[call of")

        path, data = profile(engine, "dhat-heap", many_paths(folder, 22), folder)
        check("ten thousand call paths are as many points", 22**3 <= len(data["pps"]) <= 22**3 + 5, len(data["pps"]))
        shown("ten thousand points", path, "in 10,64")

        path, data = profile(engine, "dhat-heap", many_paths(folder, 28), folder)
        same("of more than twenty thousand the tail is folded", 20000, len(data["pps"]))
        same("into one point", [[28**3 + 1 - 19999]],
             [points(data, "tbk")[frames] for frames in points(data, "tbk") if frames[0].endswith("smaller points]")])
        same("and no block is lost", [28**3 + 1, 0], sums(data, "tbk", "ebk"))
    sys.exit(bool(failures))


main()
