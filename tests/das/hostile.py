"""Scripts made to break the front end: too deep, too long, cut off anywhere.

`hostile.py ENGINE` makes each one in a temporary folder and runs it. Whatever the engine says, it must say it in time:
no crash, exit code 0 or 1, and with 1 at least one error or exception in its output. Ends with `N passed, N failed`.
"""

import pathlib
import subprocess
import sys
import tempfile

HEAD = "options gen2\n"
DEPTH = 100_000
TIMEOUT_SECONDS = 60

# A script with something of everything; it is cut off at many places.
WHOLE = """options gen2
require math
struct S { a : int = 1; list : array<int>; def m(x : int) : int { return x + a } }
enum E : uint8 { one, two = 5 }
bitfield B { x, y }
tuple P { first : int; second : string }
var table_of : table<string; int>
let { A = 1; C = "text {1 + 2:05d} \\u0041" }
def f(a, b : int; s : string = "x") : tuple<q : int; r : int> {
    let c = a > b ? a / (b + 1) : int(1.5e3) << 2
    for (i, k in range(c), count()) { continue if (i == k) }
    return (q = c, r = b)
} finally { pass }
[export]
def main() {
    var s = S(a = 2, list <- [1, 2, 3])
    var p = new S()
    try { print("{s} {p?.a ?? 0} {f(1, 2).q}\\n") } recover { panic("no") }
    let g <- @ capture(= s) (x : int) : int => x + 1
    s.list |> push(g(1))
    unsafe { delete p }
}
"""


def in_main(code):
    return f"{HEAD}[export]\ndef main() {{\n{code}\n}}\n"


def deep(opening, middle, closing):
    return opening * DEPTH + middle + closing * DEPTH


def scripts():
    yield "parentheses", in_main("let a = " + deep("(", "1", ")"))
    yield "open_parentheses", in_main("let a = " + "(" * DEPTH)
    yield "brackets", in_main("let a <- " + deep("[", "1", "]"))
    yield "braces", in_main(deep("{\n", "pass\n", "}\n"))
    yield "open_braces", HEAD + "def main() " + "{" * DEPTH
    yield "minus_signs", in_main("let a = " + "- " * DEPTH + "1")
    yield "negations", in_main("let a = " + "!" * DEPTH + "true")
    yield "long_sum", in_main("let a = " + "1 + " * DEPTH + "1")
    yield "long_concatenation", in_main('let a = ' + '"x" + ' * 20_000 + '"x"')
    yield "ternaries", in_main("let a = " + "true ? 1 : " * DEPTH + "1")
    yield "nested_ifs", in_main("if (true) {\n" * 20_000 + "pass\n" + "}\n" * 20_000)
    yield "elifs", in_main("if (false) { pass } " + "elif (false) { pass } " * 20_000)
    yield "types", HEAD + "var a : " + deep("array<", "int", ">") + "\n"
    yield "pointers", HEAD + "var a : int" + "?" * DEPTH + "\n"
    yield "dimensions", HEAD + "var a : int" + "[2]" * 200 + "\n"
    yield "interpolations", in_main("let a = " + deep('"{', "1", '}"'))
    yield "comments", HEAD + "/*" * DEPTH + "*/" * DEPTH + "\n[export]\ndef main() {\n}\n"
    yield "open_comment", HEAD + "/* " + "x" * 1000
    yield "open_string", in_main('let a = "' + "x" * 1000)
    yield "lambdas", in_main("let a <- " + "@() => " * 2_000 + "1")
    yield "calls", in_main("let a = " + deep("int(", "1", ")"))
    yield "fields", in_main("let a = 1" + ".x" * DEPTH)
    yield "pipes", in_main("let a = 1" + " |> int" * 20_000)
    yield "long_identifier", in_main("let " + "a" * 1_000_000 + " = 1")
    yield "long_number", in_main("let a = " + "9" * 1_000_000)
    yield "long_line", HEAD + "let a = \"" + "x" * 50_000_000 + "\"\n[export]\ndef main() {\n}\n"
    yield "long_line_of_noise", HEAD + "$ ) ( % " * 6_000_000
    yield "many_errors", HEAD + "let = 1\n" * 20_000
    yield "many_functions", HEAD + "".join(f"def f{n} {{\n    pass\n}}\n" for n in range(20_000)) + "[export]\ndef main() {\n}\n"
    yield "zero_bytes", HEAD + "\0" * 1000
    yield "high_bytes", HEAD + "\u00ff" * 1000
    for place in range(0, len(WHOLE), 7):
        yield f"cut_at_{place}", WHOLE[:place]


def complaint(engine, path):
    """What is wrong with the engine's answer to the script, or None."""
    try:
        run = subprocess.run([engine, path.name], cwd=path.parent, capture_output=True, timeout=TIMEOUT_SECONDS)
    except subprocess.TimeoutExpired:
        return f"no answer in {TIMEOUT_SECONDS} s"
    if run.returncode not in (0, 1):
        return f"exit code {run.returncode}: {run.stderr[-600:].decode(errors='replace')}"
    said = run.stdout + run.stderr
    told = any(word in said for word in (b"error[", b"EXCEPTION", b"not found", b"error:"))
    if run.returncode == 1 and not told:
        return f"exit code 1 without a reason: {said[:200]!r}"
    if len(said) > 64_000_000:
        return f"{len(said)} bytes of output"
    return None


def main(engine):
    engine = str(pathlib.Path(engine).absolute())
    passed_count = failed_count = 0
    with tempfile.TemporaryDirectory() as folder:
        for name, text in scripts():
            path = pathlib.Path(folder) / f"{name}.das"
            path.write_text(text)
            problem = complaint(engine, path)
            path.unlink()
            if problem:
                failed_count += 1
                print(f"FAILED {name}: {problem}", flush=True)
            else:
                passed_count += 1
    print(f"{passed_count} passed, {failed_count} failed")
    return 1 if failed_count else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
