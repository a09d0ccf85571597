#!/usr/bin/env python3
"""Counts the tests of a run of `meson test`, each subtest by itself.

    count-tests.py testlog.json

What failed is named first, with what it said, since the log is long and its
end is what is read. The last line is "N passed, M failed"; exit status 1 if M
is not 0 or nothing ran. A program that did not end well counts as one failure
at least."""
import json
import re
import sys

SHOWN_LINES, SHOWN_CHARACTERS = 40, 400


def last_words(test):
    """What the failed subtests said, or else the last that the program did."""
    said = re.findall(r"^not ok\b.*\n(?:(?!ok |not ok ).*\n?)*", test.get("stdout") or "", re.M)
    rest = [] if said else (test.get("stdout") or "").splitlines()[-SHOWN_LINES // 2:]
    rest += (test.get("stderr") or "").splitlines()[-SHOWN_LINES // 2:]
    lines = [line for block in said for line in block.splitlines()[-SHOWN_LINES:]] + rest
    return [line[:SHOWN_CHARACTERS] for line in lines if line.strip()]


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
            print("%s: %s" % (test.get("name"), test["result"]))
            print("".join("    %s\n" % words for words in last_words(test)), end="")
        failed += bad
        skipped += skips
if skipped:
    print("%d skipped" % skipped)
print("%d passed, %d failed" % (passed, failed))
sys.exit(1 if failed or not passed else 0)
