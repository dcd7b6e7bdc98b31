"""Looks at the machine code of operations: hot bodies hold inline work only.

Disassembles the given object files and judges every function that has the signature of an operation. One that is not in a
cold section may not touch the native stack (push, pop, a change of rsp), may not call or return, and must end in
an indirect jump to the next operation. Bodies whose work is a call of the run-time library are on the list below; they
still have to leave by a jump, or the native stack would grow. So have slow paths, which may do anything else.
"""

import argparse
import collections
import re
import subprocess
import sys

SIGNATURE = "(vestige::exec::Word const*, char*, vestige::exec::Context*, unsigned long, double)"

# Bodies that call the library by nature. Each needs a reason.
ALLOWED_TO_CALL = {
    "FloatModulo": "fmod",
    "VectorBinary": "fmod, in its % rows",
    "CopyBytes": "memmove",
    "ZeroBytes": "memset",
    "CompareBytes": "memcmp",
    "CallNative": "natives are C++ functions",
    "TryBegin": "the try stack may grow",
    "Library": "one call of the run-time library each",
    "IteratorNext": "iterators are C++ objects",
    "CallFromHeap": "arguments are copied to the stack",
    "TableFind": "the search takes more registers than are free",
    "TableInsert": "the search takes more registers than are free",
    "SwizzleComponents": "four components at once take more registers than clang leaves free",
    "TableNextSlot": "the search takes more registers than are free",
}
# What ends a dispatch loop.
ALLOWED_TO_RETURN = {"LeaveLoop", "Unwind"}

HEADER = re.compile(r"^[0-9a-f]+ <(.*)>:$")
INSTRUCTION = re.compile(r"^\s*[0-9a-f]+:\s+(\S+)\s*(.*)$")


def functions(path):
    """Yields (section, demangled name, [(mnemonic, operands)]) of each function of an object file."""
    text = subprocess.run(["objdump", "-d", "-C", "--no-show-raw-insn", path], check=True, capture_output=True,
                          text=True).stdout
    section, name, body = "", None, []
    for line in text.splitlines():
        if line.startswith("Disassembly of section "):
            if name:
                yield section, name, body
            section, name = line.removeprefix("Disassembly of section ").rstrip(":"), None
            continue
        header = HEADER.match(line)
        if header:
            if name:
                yield section, name, body
            name, body = header.group(1), []
            continue
        instruction = INSTRUCTION.match(line)
        if instruction and name:
            body.append((instruction.group(1), instruction.group(2)))
    if name:
        yield section, name, body


def base_name(name):
    """`Binary` of `void vestige::exec::(anonymous namespace)::Binary<int, ...>(...)`."""
    head = name[:name.index(SIGNATURE)]
    depth, cut = 0, len(head)
    for index, character in enumerate(head):
        if character == "<" and depth == 0 and head[:index][-1:].isalnum():
            cut = index
            break
    return head[:cut].split("::")[-1].split(" ")[-1]


def faults(name, body, is_cold):
    called, found, jumps = False, [], False
    for mnemonic, operands in body:
        if mnemonic.startswith("call"):
            called = True
        elif mnemonic.startswith(("push", "pop")) or re.match(r".*,%rsp$", operands):
            called = called or mnemonic.startswith(("push", "pop", "sub", "add", "lea"))
        elif mnemonic.startswith("ret") and name not in ALLOWED_TO_RETURN:
            found.append("returns")
        elif mnemonic.startswith("jmp") and operands.startswith("*"):
            jumps = True
        elif mnemonic.startswith("jmp") and "+0x" not in operands:
            jumps = True  # to a slow path or a body shared with another operation
    if called and not is_cold and name not in ALLOWED_TO_CALL:
        found.append("uses the native stack")
    if not jumps and not is_cold and name not in ALLOWED_TO_RETURN:
        found.append("has no jump to the next operation")
    return found


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("objects", nargs="+")
    parser.add_argument("--minimum", type=int, default=800, help="fewer operations than this means nothing was checked")
    arguments = parser.parse_args()
    checked, failed, lengths = 0, 0, collections.Counter()
    for path in arguments.objects:
        for section, name, body in functions(path):
            if not name.endswith(SIGNATURE):
                continue
            is_cold = "unlikely" in section
            checked += 1
            lengths[len([i for i in body if not i[0].startswith(("nop", "data16", "xchg", "cs"))])] += 1
            for fault in faults(base_name(name), body, is_cold):
                failed += 1
                print(f"{path.rsplit('/', 1)[-1]}: {name.split(SIGNATURE)[0]}: {fault}")
    median = sorted(lengths.elements())[checked // 2] if checked else 0
    print(f"{checked} operations, median {median} instructions, {failed} faults")
    return 1 if failed or checked < arguments.minimum else 0


if __name__ == "__main__":
    sys.exit(main())
