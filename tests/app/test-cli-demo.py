"""The demo that ./run shows without a display: it does what it says, twice, and
ends with 0 only if every step went well."""
import csv
import os
import subprocess

from tap import CLI, ROOT, main

DEMO = os.path.join(ROOT, ".ci", "demo.sh")
SAMPLE = os.path.join(ROOT, "data", "sample")


def demo(home, cli=CLI, out="demo", env=None):
    return subprocess.run(["bash", DEMO, cli, SAMPLE, home.file(out)], stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=500,
                          env=env or home.environment(), check=False)


def read(home, name):
    with open(home.file("demo", name), encoding="utf-8", newline="") as f:
        return f.read()


def stand_in(home, lines):
    """A handful-cli that does something else where a line of shell says so."""
    path = home.file("stand-in")
    with open(path, "w", encoding="utf-8") as f:
        f.write('#!/bin/sh\n%s\nexec "%s" "$@"\n' % (lines, CLI))
    os.chmod(path, 0o755)
    return path


def it_tells_the_story_and_can_be_repeated(home):
    first = demo(home)
    assert first.returncode == 0, first.stderr.decode()[-2000:]
    text = first.stdout.decode()
    for word in ("escape rate", "overkill", "words only", "10 a class", "no ring are unknown"):
        assert word in text, text
    rows = list(csv.DictReader(read(home, "labels.csv").splitlines()))
    truth = {r["path"]: r["label"] for r in csv.DictReader(read(home, "truth.csv").splitlines())}
    assert len(rows) == 40
    assert sum(truth[r["path"]] != r["label"] for r in rows) == 2
    verdicts = list(csv.DictReader(read(home, "verdicts.csv").splitlines()))
    assert len(verdicts) == len(truth) - 40 - 1
    said = dict((r["path"], r["verdict"]) for r in verdicts)
    escapes = sum(said[p] == "pass" for p in said if truth[p] not in ("", "good"))
    assert "%d of %d defects pass as good." % (
        escapes, sum(truth[p] not in ("", "good") for p in said)) in text, text
    verdict = read(home, "verdicts.csv")
    second = demo(home)
    assert second.returncode == 0, second.stderr.decode()[-2000:]
    strip = [[f for k, f in r.items() if k in ("path", "class", "verdict")] for r in verdicts]
    again = list(csv.DictReader(read(home, "verdicts.csv").splitlines()))
    assert strip == [[f for k, f in r.items() if k in ("path", "class", "verdict")] for r in again], verdict[:300]


def a_step_that_fails_fails_the_demo(home):
    for lines, word in (('[ "$1" = verify ] && exit 1', "verify"),
                        ('[ "$1" = embed ] && exit 0', "embed"),
                        ('[ "$1" = evaluate ] && exit 0', "escape rate"),
                        ('[ "$1" = predict ] && { echo path,verdict; exit 3; }', "verdict")):
        done = demo(home, stand_in(home, lines))
        assert done.returncode == 1, (lines, done.returncode)
        assert "The demo stopped" in done.stderr.decode() and word in done.stderr.decode(), done.stderr


def it_empties_no_folder_of_others(home):
    os.mkdir(home.file("demo"))
    with open(home.file("demo", "thesis.txt"), "w", encoding="utf-8") as f:
        f.write("mine")
    done = demo(home)
    assert done.returncode == 1 and "was not made by the demo" in done.stderr.decode()
    assert os.listdir(home.file("demo")) == ["thesis.txt"]


main(it_tells_the_story_and_can_be_repeated, a_step_that_fails_fails_the_demo, it_empties_no_folder_of_others)
