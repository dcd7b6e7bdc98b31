"""No mutable globals and no work before main in the engine's own libraries.

`globals.py --root FOLDER --build FOLDER` reads the symbol tables of the static libraries of a build. Writable data is
what lies in .data, .bss and their thread-local twins; constants that only need relocation lie elsewhere. The few
globals the design names are in exceptions.txt.
"""

import argparse
import pathlib
import re
import subprocess
import sys

SYMBOL = re.compile(r"^[0-9a-f]+ \S?.{6} ?(?P<kind>[OFfd ]?)\s*(?P<section>\.t?(?:data|bss)(?:\.(?!rel\.ro)\S+)?)\s+"
                    r"(?P<size>[0-9a-f]+)\s+(?:\.hidden )?(?P<name>.+)$")  # fmt: skip


def allowed(root):
    entries = [line.split("#")[0].split(None, 1) for line in (root / "tests/shape/exceptions.txt").read_text().splitlines()]
    names = {"global": {}, "initializer": {}}
    for entry in entries:
        if len(entry) == 2 and entry[0] in names:
            names[entry[0]][entry[1].strip()] = False
    return names


def offences(archive, names):
    listing = subprocess.run(["objdump", "-C", "-t", str(archive)], capture_output=True, text=True, check=True).stdout
    member = ""
    for line in listing.splitlines():
        found = re.match(r"^(\S+):\s+file format", line)
        if found:
            member = found.group(1)
            continue
        found = SYMBOL.match(line)
        if not found or int(found.group("size"), 16) == 0 or found.group("kind") == "d":
            continue
        name = found.group("name")
        if name in names["global"]:
            names["global"][name] = True
        else:
            yield f"{archive.name}({member}): mutable global {name}"
    headers = subprocess.run(["objdump", "-h", str(archive)], capture_output=True, text=True, check=True).stdout
    for line in headers.splitlines():
        found = re.match(r"^(\S+):\s+file format", line)
        if found:
            member = found.group(1)
        elif re.match(r"^\s*\d+\s+\.(init_array|ctors)", line):
            if member in names["initializer"]:
                names["initializer"][member] = True
            else:
                yield f"{archive.name}({member}): work before main"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--root", type=pathlib.Path, required=True)
    parser.add_argument("--build", type=pathlib.Path, required=True)
    arguments = parser.parse_args()
    names = allowed(arguments.root)
    found = []
    for archive in sorted((arguments.build / "src").rglob("libvestige_*.a")):
        found += offences(archive, names)
    for kind, entries in names.items():
        found += [f"exceptions.txt: no longer needed: {kind} {name}" for name, used in entries.items() if not used]
    for line in found:
        print(line)
    print(f"{0 if found else 1} passed, {len(found)} failed")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
