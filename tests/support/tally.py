"""Adds up ctest result files and prints `N passed, N failed`; exits with 1 when something failed.

One ctest entry may stand for many tests: script runners and doctest programs print their own totals, which count
instead. A program that died before its totals counts as one failure.
"""

import re
import sys
import xml.etree.ElementTree as ElementTree

# Last line of the script runner and of the shape checks; doctest's line about test cases.
SCRIPT_TOTALS = re.compile(r"^(\d+) passed, (\d+) failed$", re.MULTILINE)
DOCTEST_TOTALS = re.compile(r"test cases:\s*\d+\s*\|\s*(\d+) passed\s*\|\s*(\d+) failed")


def totals_of(case):
    failed = case.find("failure") is not None or case.get("status") == "fail"
    output = case.findtext("system-out") or ""
    found = SCRIPT_TOTALS.findall(output) or DOCTEST_TOTALS.findall(output)
    if not found:
        return (0, 1) if failed else (1, 0)
    passed_count, failed_count = (int(number) for number in found[-1])
    if failed and failed_count == 0:
        failed_count = 1
    return passed_count, failed_count


def main(paths):
    passed_count = failed_count = 0
    for path in paths:
        for case in ElementTree.parse(path).getroot().iter("testcase"):
            if case.get("status") in ("disabled", "notrun"):
                continue
            passed, failed = totals_of(case)
            passed_count += passed
            failed_count += failed
            if failed:
                print(f"FAILED {case.get('name')} ({path})")
    print(f"{passed_count} passed, {failed_count} failed")
    return 1 if failed_count else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
