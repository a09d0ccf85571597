#!/usr/bin/env python3
"""The last line of ./test counts every subtest once, as what it was, and the
lines before it name what failed and what it said.

    check-count.py COUNT_TESTS
"""
import json
import subprocess
import sys
import tempfile

GOOD = ["ok 1 /a", "ok 2 /b # SKIP no such locale"]
# What meson made of a program, the lines that it printed, what is to be said,
# and the exit status.
CASES = [
    ("OK", GOOD, "1 skipped\n1 passed, 0 failed", 0),
    ("OK", [], "1 passed, 0 failed", 0),
    ("ERROR", GOOD, "unit / x: ERROR\n    ok 1 /a\n    ok 2 /b # SKIP no such locale\n1 skipped\n1 passed, 1 failed", 1),
    ("FAIL", ["not ok 1 /a", "# why a", "not ok 2 /b", "# why b", "ok 3 /c", "# calm"],
     "unit / x: FAIL\n    not ok 1 /a\n    # why a\n    not ok 2 /b\n    # why b\n1 passed, 2 failed", 1),
    ("TIMEOUT", [], "unit / x: TIMEOUT\n0 passed, 1 failed", 1),
    # A program of which nothing could be run was counted as one that failed.
    ("SKIP", GOOD[1:], "1 skipped\n0 passed, 0 failed", 1),
    ("SKIP", [], "1 skipped\n0 passed, 0 failed", 1),
]


def count(result, lines):
    with tempfile.NamedTemporaryFile("w", suffix=".json") as log:
        print(json.dumps({"name": "unit / x", "result": result, "stdout": "\n".join(lines)}), file=log, flush=True)
        return subprocess.run([sys.executable, sys.argv[1], log.name], capture_output=True, text=True, check=False)


status = 0
for result, lines, *wanted in CASES:
    done = count(result, lines)
    if [done.stdout.strip(), done.returncode] != wanted:
        print(f"{result} {lines}: {done.stdout.strip()!r}, {done.returncode}")
        status = 1
sys.exit(status)
