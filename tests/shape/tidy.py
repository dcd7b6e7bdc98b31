"""clang-tidy over the library sources with .clang-tidy; shape.tidy is the test.

    tidy.py --root ROOT --cache FOLDER [--jobs N] [FILE...]

The findings of a file are kept in the cache under a hash of everything they depend on: the file, what it includes of
this project, .clang-tidy, and the tool's version. A second run looks only at what has changed. Findings in a header
are told once.
"""

import argparse
import concurrent.futures
import hashlib
import pathlib
import re
import subprocess
import sys

INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"', re.MULTILINE)
FINDING = re.compile(r"^(\S+?):(\d+):(\d+): (?:warning|error): (.*)$")
FLAGS = ["-xc++", "-std=c++20", "-Wno-everything", "-DDAS_TRACK_ALLOCATIONS=1", '-DVESTIGE_VERSION="0"']


class Sources:
    """Texts of the project's files and what they include, each read once."""

    def __init__(self, root):
        self.root = root
        self.folders = [root / "src", root / "include"]
        self.texts = {}
        self.direct = {}

    def text(self, path):
        if path not in self.texts:
            self.texts[path] = path.read_bytes()
        return self.texts[path]

    def includes(self, path):
        if path not in self.direct:
            found = []
            for name in INCLUDE.findall(self.text(path).decode()):
                candidates = [folder / name for folder in (path.parent, *self.folders)]
                found += [candidate for candidate in candidates if candidate.is_file()][:1]
            self.direct[path] = found
        return self.direct[path]

    def reached(self, path):
        seen, todo = {path}, [path]
        while todo:
            for other in self.includes(todo.pop()):
                if other not in seen:
                    seen.add(other)
                    todo.append(other)
        return sorted(seen)

    def key(self, path, salt):
        digest = hashlib.sha256(salt)
        for other in self.reached(path):
            digest.update(str(other.relative_to(self.root)).encode() + b"\0" + self.text(other) + b"\0")
        return digest.hexdigest()


def run_tidy(root, path):
    command = ["clang-tidy", "--quiet", str(path), "--", *FLAGS, f"-I{root / 'src'}", f"-I{root / 'include'}"]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    lines = [line for line in done.stdout.splitlines() if FINDING.match(line)]
    if done.returncode != 0 and not lines:
        lines = [f"{path}:1:1: error: clang-tidy: {done.stderr.strip()[-2000:]}"]
    return [line.replace(f"{root}/", "") for line in lines]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--root", required=True, type=pathlib.Path)
    parser.add_argument("--cache", required=True, type=pathlib.Path)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("files", nargs="*", type=pathlib.Path)
    arguments = parser.parse_args()
    root = arguments.root.resolve()
    files = [file.resolve() for file in arguments.files] or sorted((root / "src").rglob("*.cpp"))
    version = subprocess.run(["clang-tidy", "--version"], capture_output=True, check=True).stdout
    salt = version + (root / ".clang-tidy").read_bytes() + " ".join(FLAGS).encode()
    sources = Sources(root)
    arguments.cache.mkdir(parents=True, exist_ok=True)

    def look_at(file):
        kept = arguments.cache / sources.key(file, salt)
        if not kept.exists():
            kept.write_text("\n".join(run_tidy(root, file)))
        return kept.read_text().splitlines()

    found = {}
    with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
        for lines in pool.map(look_at, files):
            found.update(dict.fromkeys(lines))
    for line in found:
        print(line)
    print(f"{len(files)} files, {len(found)} findings")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
