"""Timelines are what viewers read: timeline_check.py ENGINE

Each file parses as strict UTF-8 JSON; spans lie within the session and have the fields of the trace event format; no lane
has more events than its ring, and what did not fit is counted.
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile

SCRIPT = pathlib.Path(__file__).with_name("storm.das")


def record(engine, path, events, jobs):
    environment = dict(os.environ, JOBQUE_PROFILING="1")
    words = [engine, str(SCRIPT), "--", str(path), str(events), str(jobs)]
    subprocess.run(words, check=True, timeout=60, env=environment)
    return json.loads(path.read_text(encoding="utf-8"))


def check(trace, capacity, jobs):
    profile = trace["jobqueProfile"]
    names = {category["id"]: category["name"] for category in profile["categories"]}
    assert names == {1: 'quote " back \\ line \n bad \ufffd end', 2: "empty"}, names
    assert [marker["name"] for marker in profile["markers"]] == ["\t\ufffd"], profile["markers"]
    lanes = {}
    found = {"fifo_job": 0, "\t\ufffd": 0}
    for event in trace["traceEvents"]:
        assert event["pid"] == 0 and 0 <= event["tid"] < profile["lanes"], event
        if event["ph"] == "M":
            assert event["name"] == "thread_name" and event["args"]["name"], event
            continue
        lanes[event["tid"]] = lanes.get(event["tid"], 0) + 1
        found[event["name"]] = found.get(event["name"], 0) + 1
        assert event["ts"] >= 0, event
        assert event["ph"] == "X" and event["dur"] >= 0 or event["ph"] == "i" and event["s"] == "g", event
    assert max(lanes.values()) <= capacity, lanes
    total = found["fifo_job"] + found["\t\ufffd"]
    if profile["missed"] == 0:
        assert total == 2 * jobs, found
    else:
        assert total < 2 * jobs and max(lanes.values()) == capacity, (found, lanes)
    return profile["missed"]


def main():
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "trace.json"
        assert check(record(sys.argv[1], path, 100000, 5000), 100000, 5000) == 0
        assert check(record(sys.argv[1], path, 1, 5000), 1024, 5000) > 0
    print("timelines are well formed")


main()
