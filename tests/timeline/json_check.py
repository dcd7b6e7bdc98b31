"""read_json and write_json against Python's: json_check.py ENGINE

Values at random go through both and come back equal. Texts that were damaged are read or refused, one answer each, and
whatever is read is written as a text that Python reads.
"""

import json
import pathlib
import random
import subprocess
import sys
import tempfile

SCRIPT = pathlib.Path(__file__).with_name("json_lines.das")
SPECIAL = ["", "\"", "\\", "\u0001", "é", "€", "😀", "/", "\t", "null", "\u007f", "\ud7ff", "\uffff"]


def value(rng, depth):
    kind = rng.randrange(8 if depth < 6 else 6)
    if kind == 0:
        return rng.choice([True, False, None])
    if kind in (1, 2):
        return rng.randrange(-2**63, 2**63) if rng.random() < 0.3 else rng.randrange(-100, 100)
    if kind == 3:
        return rng.uniform(-1, 1) * 10 ** rng.randrange(-300, 300)
    if kind in (4, 5):
        return "".join(rng.choice(SPECIAL + ["a", "b"]) for _ in range(rng.randrange(6)))
    if kind == 6:
        return [value(rng, depth + 1) for _ in range(rng.randrange(5))]
    return {f"{i}{rng.choice(SPECIAL)}": value(rng, depth + 1) for i in range(rng.randrange(5))}


def damaged(rng, text):
    data = bytearray(text.encode("utf-8", "surrogatepass"))
    for _ in range(rng.randrange(1, 4)):
        at = rng.randrange(len(data) + 1)
        data[at : at + rng.randrange(3)] = rng.choice([b"", b"\"", b"\\u", b"{", b"]", b"\xff", b"\xed\xa0", b"1e9", b","])
    return bytes(data).replace(b"\n", b" ").replace(b"\0", b" ")


def run(engine, lines):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "lines"
        path.write_bytes(b"\n".join(lines))
        done = subprocess.run([engine, str(SCRIPT), "--", str(path)], capture_output=True, check=True, timeout=100)
    answers = done.stdout.decode("utf-8").split("\n")[:-1]
    assert len(answers) == len(lines), (len(answers), len(lines))
    return answers


def close(a, b):
    if isinstance(a, float) or isinstance(b, float):
        return abs(a - b) <= 1e-12 * max(abs(a), abs(b))
    if isinstance(a, list):
        return len(a) == len(b) and all(close(x, y) for x, y in zip(a, b))
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(close(a[k], b[k]) for k in a)
    return type(a) is type(b) and a == b


def main():
    rng = random.Random(7)
    made = [value(rng, 0) for _ in range(1500)]
    texts = [json.dumps(one, ensure_ascii=rng.random() < 0.5) for one in made]
    for one, text, answer in zip(made, texts, run(sys.argv[1], [text.encode() for text in texts])):
        assert close(one, json.loads(answer)), (text, answer)
    refused = 0
    lines = [damaged(rng, rng.choice(texts)) for _ in range(1500)]
    for line, answer in zip(lines, run(sys.argv[1], lines)):
        if answer.startswith("! "):
            refused += 1
        else:
            json.loads(answer)
    assert 300 < refused < 1500, refused
    print(f"1500 values are the same, {refused} of 1500 damaged texts are refused")


main()
