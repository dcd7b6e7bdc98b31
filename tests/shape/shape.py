"""Checks of the source tree: `shape.py CHECK --root FOLDER`. Prints each offence, then `N passed, N failed`.

  floors         a library includes only libraries on lower floors; the command line and modules only include/vestige
  sizes          files and functions stay short
  comments       every declaration in include/vestige has a comment
  top_level      the names at the root of the repository
  machine_paths  no tracked file names a folder of somebody's machine
  diagnostics    every error code is provoked by a script
  format         sources are as clang-format leaves them (skipped without clang-format)

What exceptions.txt lists is allowed, up to the figure it gives. An entry that is no longer needed is an offence: the
list can only shrink.
"""

import argparse
import pathlib
import re
import shutil
import subprocess
import sys

import source_text

FLOORS = {
    "base": 0,
    "ledger": 1, "diag": 1,
    "memory": 2, "audit": 2, "types": 2, "syntax": 2, "ast": 2,
    "jobs": 3, "runtime": 3, "sema": 3,
    "exec": 4,
    "lower": 5, "builtins": 5,
    "engine": 6,
    "cli": 7,
}  # fmt: skip
TOP_LEVEL = {"CMakeLists.txt", "LICENSE", "README.md", "doc", "examples", "include", "modules", "skills", "src", "tests"}
MAX_FILE_LINES = 400
MAX_FUNCTION_LINES = 80
CPP = {".cpp", ".h", ".def"}
EXTERNAL = {"absl", "benchmark", "doctest", "fmt", "rapidjson"}


class Tree:
    """The tracked files of the repository (all files when it is not one), and the list of exceptions."""

    def __init__(self, root):
        self.root = root
        listing = subprocess.run(
            ["git", "-C", str(root), "ls-files", "--cached", "--others", "--exclude-standard"],
            capture_output=True, text=True,
        )  # fmt: skip
        if listing.returncode == 0:
            self.paths = [name for name in listing.stdout.splitlines() if (root / name).is_file()]
        else:
            self.paths = [
                str(path.relative_to(root))
                for path in root.rglob("*")
                if path.is_file() and not path.relative_to(root).parts[0].startswith("build")
            ]
        self.exceptions = []
        for line in (root / "tests/shape/exceptions.txt").read_text().splitlines():
            words = line.split("#")[0].split()
            if words:
                self.exceptions.append(words)
        self.used = set()

    def text(self, name):
        return (self.root / name).read_bytes().decode("utf-8", errors="replace")

    def sources(self, *folders):
        return [n for n in self.paths if n.startswith(folders) and pathlib.PurePath(n).suffix in CPP]

    def excepted(self, *words):
        """The entry that begins with `words`, or None; a found entry counts as needed."""
        for entry in self.exceptions:
            if tuple(entry[: len(words)]) == words:
                self.used.add(tuple(entry))
                return entry
        return None

    def limit(self, default, *words):
        entry = self.excepted(*words)
        return int(entry[len(words)]) if entry else default

    def stale(self, kinds):
        return [e for e in self.exceptions if e[0] in kinds and tuple(e) not in self.used]


def check_floors(tree):
    for name in tree.sources("src/", "modules/"):
        parts = name.split("/")
        library = parts[1] if parts[0] == "src" else None
        if library is not None and library not in FLOORS:
            yield f"{name}: library {library} has no floor"
            continue
        for line, include in enumerate(tree.text(name).splitlines(), 1):
            found = re.match(r'\s*#\s*include\s+"([^"]+)"', include)
            if not found:
                continue
            target = found.group(1).split("/")[0]
            own = parts[1] if library is None else library
            if target == own or target == "vestige" or target in EXTERNAL:
                continue
            if library in (None, "cli"):
                if not tree.excepted("include", library or parts[0], target):
                    yield f"{name}:{line}: includes {found.group(1)}; only include/vestige is open to it"
            elif target not in FLOORS:
                yield f"{name}:{line}: {found.group(1)} is in no library"
            elif FLOORS[target] >= FLOORS[library] and not tree.excepted("include", library, target):
                yield f"{name}:{line}: {library} (floor {FLOORS[library]}) includes {target} (floor {FLOORS[target]})"


def check_sizes(tree):
    for name in tree.sources("src/", "include/", "tests/", "modules/"):
        text = tree.text(name)
        lines = text.count("\n")
        if lines > MAX_FILE_LINES and lines > tree.limit(MAX_FILE_LINES, "size", name):
            yield f"{name}: {lines} lines, at most {MAX_FILE_LINES}"
        if name.endswith(".def"):
            continue
        for function, first, count in source_text.functions(text):
            if count > MAX_FUNCTION_LINES and count > tree.limit(MAX_FUNCTION_LINES, "function", name, function):
                yield f"{name}:{first}: {function} has {count} lines, at most {MAX_FUNCTION_LINES}"
    for name in tree.paths:
        if name.startswith(("tests/", "examples/", "modules/")) and name.endswith((".das", ".sh", ".py")):
            lines = tree.text(name).count("\n")
            if lines > MAX_FILE_LINES:
                yield f"{name}: {lines} lines, at most {MAX_FILE_LINES}"


def check_comments(tree):
    for name in tree.sources("include/vestige/"):
        if name.endswith(".h"):
            for line, declaration in source_text.undocumented(tree.text(name)):
                yield f"{name}:{line}: no comment says what a caller must know about `{declaration[:60]}`"
    for name in tree.sources("src/", "include/", "tests/", "modules/"):
        # A source file is introduced by its header, a unit test by its cases.
        if name.endswith("_test.cpp") or (tree.root / name).with_suffix(".h").is_file() and name.endswith(".cpp"):
            continue
        if not tree.text(name).lstrip().startswith(("//", "/*")):
            yield f"{name}: does not open with a comment that says what it is for"


def check_top_level(tree):
    seen = {name.split("/")[0] for name in tree.paths}
    for name in sorted(seen - TOP_LEVEL):
        if not name.startswith("."):
            yield f"{name}: does not belong at the top level"
    for name in sorted(TOP_LEVEL - seen):
        yield f"{name}: missing at the top level"


def check_machine_paths(tree):
    # Put together from pieces, so that this file does not offend itself.
    folders = "|".join(("work", "root", "home/[a-z]", "tmp", "Users"))
    pattern = re.compile(r"(?<![\w.$}~*])/(" + folders + r")(/|\b)")
    number = re.compile(r"\b" + "iss" + r"ue\s+#?\d", re.IGNORECASE)
    for name in tree.paths:
        for line, text in enumerate(tree.text(name).splitlines(), 1):
            if pattern.search(text) and not tree.excepted("path", name):
                yield f"{name}:{line}: names a folder of one machine: {text.strip()[:80]}"
            elif number.search(text):
                yield f"{name}:{line}: names a ticket: {text.strip()[:80]}"


def check_diagnostics(tree):
    code = re.compile(r"(?<![\w.])((?!10000)(?:10|20|30|31|40|50)\d{3})(?![\w.])")
    tested = set()
    for name in tree.paths:
        if name.startswith("tests/das/") and name.endswith((".das", ".test", ".expected")):
            tested |= set(re.findall(r"expect-error: (\d+)|error\[(\d+)\]", tree.text(name)))
    tested = {number for pair in tested for number in pair if number}
    raised = {}
    for name in tree.sources("src/sema/", "src/syntax/", "src/engine/"):
        for line, text in enumerate(source_text.without_noise(tree.text(name)).splitlines(), 1):
            for number in code.findall(text):
                raised.setdefault(number, f"{name}:{line}")
    for number, place in sorted(raised.items()):
        if number not in tested and not tree.excepted("diagnostic", number):
            yield f"{place}: no script provokes error {number}"


def check_format(tree):
    tool = shutil.which("clang-format")
    names = [n for n in tree.sources("src/", "include/", "tests/", "modules/") if not n.endswith(".def")]
    if tool is None or not names:
        print("skipped: clang-format is not installed")
        return
    result = subprocess.run([tool, "--dry-run", *names], cwd=tree.root, capture_output=True, text=True)
    if "error:" in result.stderr:
        yield result.stderr.splitlines()[0]
    offending = {}
    for found in re.finditer(r"^([^\s:]+):(\d+):\d+: warning", result.stderr, re.MULTILINE):
        offending.setdefault(found.group(1), found.group(2))
    for name, line in sorted(offending.items()):
        yield f"{name}:{line}: not as clang-format leaves it"


CHECKS = {
    "floors": (check_floors, {"include"}),
    "sizes": (check_sizes, {"size", "function"}),
    "comments": (check_comments, set()),
    "top_level": (check_top_level, set()),
    "machine_paths": (check_machine_paths, {"path"}),
    "diagnostics": (check_diagnostics, {"diagnostic"}),
    "format": (check_format, set()),
}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("check", choices=sorted(CHECKS))
    parser.add_argument("--root", type=pathlib.Path, required=True)
    arguments = parser.parse_args()
    tree = Tree(arguments.root)
    check, exception_kinds = CHECKS[arguments.check]
    offences = list(check(tree))
    offences += [f"exceptions.txt: no longer needed: {' '.join(entry)}" for entry in tree.stale(exception_kinds)]
    for offence in offences:
        print(offence)
    print(f"{0 if offences else 1} passed, {len(offences)} failed")
    return 1 if offences else 0


if __name__ == "__main__":
    sys.exit(main())
