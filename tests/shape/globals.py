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

# What dependencies' headers bring into every object: the stream set-up and the exception tables' pointers.
FOREIGN = re.compile(r"^(std::__ioinit|DW\.ref\..*)$")
HARMLESS_AT_START = {"std::ios_base::Init::Init()", "std::ios_base::Init::~Init()", "__dso_handle", "__cxa_atexit", ".bss"}


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
        if not found or int(found.group("size"), 16) == 0 or FOREIGN.match(found.group("name")):
            continue
        name = found.group("name")
        if name in names["global"]:
            names["global"][name] = True
        else:
            yield f"{archive.name}({member}): mutable global {name}"
    for member in objects_with_work_before_main(archive):
        if member in names["initializer"]:
            names["initializer"][member] = True
        else:
            yield f"{archive.name}({member}): work before main"


def objects_with_work_before_main(archive):
    """The objects whose start-up code refers to more than the stream set-up that <iostream> brings along."""
    code = subprocess.run(["objdump", "-C", "-dr", "-j", ".text.startup", str(archive)], capture_output=True, text=True)
    found, member = set(), ""
    for line in code.stdout.splitlines():
        file_line = re.match(r"^(\S+):\s+file format", line)
        if file_line:
            member = file_line.group(1)
        relocation = re.search(r"R_X86_64_\w+\s+(.+?)(?:[-+]0x[0-9a-f]+)?$", line)
        if relocation and relocation.group(1) not in HARMLESS_AT_START:
            found.add(member)
    return sorted(found)


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
