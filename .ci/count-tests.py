#!/usr/bin/env python3
"""Counts the tests of a run of `meson test`, each subtest by itself.

    count-tests.py testlog.json

The last line is "N passed, M failed"; exit status 1 if M is not 0 or nothing
ran. A program that did not end well counts as one failure at least."""
import json
import re
import sys

passed = failed = skipped = 0
with open(sys.argv[1], encoding="utf-8") as log:
    for line in log:
        test = json.loads(line)
        lines = re.findall(r"^(ok|not ok)\b(.*)$", test.get("stdout") or "", re.M)
        bad = sum(word == "not ok" for word, _ in lines)
        skips = sum(word == "ok" and "# SKIP" in rest.upper() for word, rest in lines)
        if test["result"] == "SKIP" and not lines:
            skips = 1
        elif test["result"] in ("OK", "EXPECTEDFAIL", "SKIP"):
            passed += max(len(lines) - bad - skips, 0 if lines else 1)
        else:
            passed += len(lines) - bad - skips
            bad = max(bad, 1)
        failed += bad
        skipped += skips
if skipped:
    print("%d skipped" % skipped)
print("%d passed, %d failed" % (passed, failed))
sys.exit(1 if failed or not passed else 0)
