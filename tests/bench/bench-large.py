#!/usr/bin/env python3
"""A large folder from nothing to verdicts: seconds and peak memory of each step.

    bench-large.py CLI [--work FOLDER] [--labels 200] COUNT...

For each COUNT, in a cache of its own: pictures by make-pictures.py (kept in
FOLDER for the next time), project new, add-source, label import, evaluate,
train, predict over all of them, and what is asked of them again: predict
without any OpenCL device, suggest, add-source. One JSON line a step, with the
load of the machine. Ends with status 1 if a step fails, a verdict is missing
or differs the second time, 10,000 known pictures take more than 10 s, or
memory grows by more than 8 KiB a picture between two COUNTs. Peaks below those
of this program itself, some 50 MiB, do not show. Standard library only; 100,000
take a quarter of an hour on two cores.
"""
import argparse
import csv
import itertools
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
# The rows themselves are 4 * (512 + 400) bytes or fewer; the rest are paths.
KIB_A_PICTURE = 8
SECONDS_A_10000 = 10


class Bench:
    def __init__(self, cli, folder, count, n_labels):
        self.cli = os.path.abspath(cli)
        self.count, self.n_labels = count, n_labels
        self.pictures = os.path.join(folder, "pictures-%d" % count)
        self.dir = tempfile.mkdtemp(prefix="run-", dir=folder)
        self.environment = dict(os.environ, XDG_CACHE_HOME=os.path.join(self.dir, "cache"),
                                XDG_DATA_HOME=os.path.join(self.dir, "data"), LC_ALL="C")
        self.failures, self.peaks = [], {}

    def file(self, name):
        return os.path.join(self.dir, name)

    def fail(self, text):
        self.failures.append(text)
        print("%d pictures: %s" % (self.count, text), file=sys.stderr, flush=True)

    def make_pictures(self):
        done = os.path.join(self.pictures, ".made")
        if not os.path.exists(done):
            subprocess.run([sys.executable, os.path.join(HERE, "make-pictures.py"), self.pictures, str(self.count)],
                           check=True)
            open(done, "w").close()

    def write_labels(self):
        """The first pictures of each class, as many of each, over all lots."""
        classes = sorted(os.listdir(self.pictures))
        classes = [c for c in classes if not c.startswith(".")]
        each = -(-self.n_labels // len(classes))
        with open(os.path.join(self.pictures, "..", "labels-%d.csv" % self.count), "w", newline="") as f:
            table = csv.writer(f)
            table.writerow(("path", "label"))
            for name in classes:
                files = sorted(os.listdir(os.path.join(self.pictures, name)))
                for i in range(each):
                    picture = files[i * len(files) // each]
                    table.writerow((os.path.join("pictures-%d" % self.count, name, picture), name))
        return f.name

    def step(self, name, *arguments, out=None, no_device=False):
        """Runs the program, prints the line and remembers the peak."""
        environment = dict(self.environment)
        if no_device:
            environment["OCL_ICD_VENDORS"] = self.file("no-vendors")
        load = os.getloadavg()[0]
        begin = time.monotonic()
        with open(out or self.file("out"), "wb") as stdout:
            process = subprocess.Popen([self.cli, *arguments], stdout=stdout, env=environment)
            _, status, usage = os.wait4(process.pid, 0)
        seconds = time.monotonic() - begin
        process.returncode = os.waitstatus_to_exitcode(status)
        self.peaks[name] = usage.ru_maxrss / 1024
        print(json.dumps({"pictures": self.count, "step": name, "seconds": round(seconds, 2),
                          "cpu_seconds": round(usage.ru_utime + usage.ru_stime, 2),
                          "peak_mib": round(usage.ru_maxrss / 1024, 1), "load": round(load, 1),
                          "status": process.returncode}), flush=True)
        if process.returncode != 0:
            self.fail("%s ended with %d" % (name, process.returncode))
        return seconds

    def compare_verdicts(self, first, second):
        """Line by line, without what depends on the clock: what this program
        holds would count as memory of the next one that it starts."""
        n = 0
        with open(first) as f, open(second) as g:
            for one, two in itertools.zip_longest(map(json.loads, f), map(json.loads, g), fillvalue={}):
                one.pop("ms", None), two.pop("ms", None)
                n += 1
                if one != two:
                    return self.fail("another verdict the second time, line %d" % n)
        if n != self.count:
            self.fail("%d verdicts" % n)

    def run(self):
        self.make_pictures()
        labels = self.write_labels()
        project, bundle = self.file("p.handful"), self.file("p.probe")
        self.step("project new", "project", "new", project, "--groups", "^(.*)__")
        self.step("add-source", "project", "add-source", project, self.pictures)
        self.step("label import", "label", "import", "--project", project, "--good", "good", labels)
        self.step("evaluate", "evaluate", "--project", project, "--json")
        # Both blocks, where auto may choose the one that needs no model.
        self.step("train", "train", "--project", project, "--features", "clip+classic", "-o", bundle)
        self.step("predict", "predict", "--json", bundle, self.pictures, out=self.file("first"))
        again = self.step("predict again", "predict", "--json", bundle, self.pictures, out=self.file("second"),
                          no_device=True)
        if again > SECONDS_A_10000 * max(1, self.count / 10000):
            self.fail("known pictures took %.1f s" % again)
        self.compare_verdicts(self.file("first"), self.file("second"))
        self.step("suggest", "suggest", "--project", project, "-n", "20", "--json")
        self.step("doubt", "doubt", "--project", project, "-n", "20", "--json")
        self.step("add-source again", "project", "add-source", project, self.pictures)
        self.step("train again", "train", "--project", project, "-o", bundle)
        print(json.dumps({"pictures": self.count, "cache_mib": round(
            os.path.getsize(os.path.join(self.dir, "cache", "handful", "features.db")) / 2**20, 1)}), flush=True)

    def clear(self):
        shutil.rmtree(self.dir)


def compare(few, many):
    """Memory may grow by the rows of the pictures, not by the pictures."""
    for name in many.peaks:
        kib = (many.peaks[name] - few.peaks[name]) * 1024 / (many.count - few.count)
        print(json.dumps({"step": name, "kib_a_picture": round(kib, 2)}))
        if kib > KIB_A_PICTURE:
            many.fail("%s takes %.1f KiB a picture" % (name, kib))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("cli")
    parser.add_argument("counts", metavar="COUNT", type=int, nargs="+")
    parser.add_argument("--work", metavar="FOLDER", help="where pictures are kept (default: made and removed)")
    parser.add_argument("--labels", type=int, default=200)
    options = parser.parse_args()
    work = options.work or tempfile.mkdtemp(prefix="bench-large-")
    os.makedirs(work, exist_ok=True)
    runs = []
    for count in sorted(options.counts):
        bench = Bench(options.cli, work, count, options.labels)
        bench.run()
        bench.clear()
        runs.append(bench)
    for few, many in zip(runs, runs[1:]):
        compare(few, many)
    if options.work is None:
        shutil.rmtree(work)
    sys.exit(1 if any(bench.failures for bench in runs) else 0)


if __name__ == "__main__":
    main()
