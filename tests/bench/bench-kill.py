#!/usr/bin/env python3
"""Kills handful-cli (signal 9) at random moments and looks for what is lost.

    bench-kill.py CLI [--kills 200] [--seed N] [--only NAME]

In turns, each with a share of the kills:

labelling   label set, clear, import and undo: what had ended with 0 is there,
            what was killed is there whole or not at all, the project is sound
making      project new and add-source: no project, or one that opens
embedding   predict and evaluate over a cold cache, alone and two at once: the
            cache is sound, keeps its rows, and the next run goes on from them
training    train over an old bundle, alone and two at once: the old bytes or
            the new ones, and verify passes
export      label export over an old list, and into a new folder: old or new
watching    watch, with and without --move, its reader going away too: each
            picture judged, each verdict read (again only if it was killed just
            then), each file in one place

Half of the moments are drawn evenly over the time the command takes, the other
half come as soon as it has begun to write. Only kills that met a running
process count. Prints a line of JSON for each; ends with status 1 if anything
was lost. Standard library only; ten minutes for 200 kills on two cores.
"""
import argparse
import csv
import hashlib
import importlib.util
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
LONGEST_SECONDS = 120
# A verdict that was read so long before a kill must not come again.
SETTLED_SECONDS = 2


class Lost(Exception):
    """What was promised does not hold."""


def expect(condition, text, *values):
    if not condition:
        raise Lost(text % values)


def read(path):
    with open(path, "rb") as f:
        return f.read()


def make_pictures(folder, count, first=0):
    spec = importlib.util.spec_from_file_location("make_pictures", os.path.join(HERE, "make-pictures.py"))
    maker = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(maker)
    os.makedirs(folder, exist_ok=True)
    for i in range(first, first + count):
        kind = maker.CLASSES[i % len(maker.CLASSES)]
        with open(os.path.join(folder, "%s__%05d.png" % (kind, i)), "wb") as f:
            f.write(maker.draw(random.Random(i), kind))


def write_list(path, pictures, class_of):
    with open(path, "w", newline="") as f:
        table = csv.writer(f)
        table.writerow(("path", "label"))
        for picture in pictures:
            table.writerow((picture, class_of(picture)))


def copy_if_there(source, target):
    """Other programs work with the same cache."""
    try:
        shutil.copy2(source, target)
    except FileNotFoundError:
        pass


class Place:
    """A folder with a cache and a state of its own, and the program."""

    def __init__(self, cli, folder, rng):
        self.cli, self.folder, self.rng = os.path.abspath(cli), folder, rng
        self.kills = 0
        self.environment = dict(os.environ, LC_ALL="C", XDG_CACHE_HOME=self.file("cache"),
                                XDG_DATA_HOME=self.file("data"), XDG_STATE_HOME=self.file("state"))
        os.makedirs(folder, exist_ok=True)
        self.copy_kernels()

    def file(self, *names):
        return os.path.join(self.folder, *names)

    def copy_kernels(self):
        """Building them takes a minute; the cache of features is not taken."""
        home = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
        mine = self.file("cache", "handful")
        os.makedirs(mine, exist_ok=True)
        for name in ("pocl", "kernels", "pocl.sums"):
            source, target = os.path.join(home, "handful", name), os.path.join(mine, name)
            if os.path.isdir(source):
                shutil.copytree(source, target, dirs_exist_ok=True, ignore=shutil.ignore_patterns("tempfile_*"),
                                copy_function=copy_if_there)
            elif os.path.exists(source):
                shutil.copy(source, target)

    def start(self, *arguments, out=subprocess.DEVNULL, stdin=b"", no_device=False):
        environment = dict(self.environment)
        if no_device:
            environment["OCL_ICD_VENDORS"] = self.file("no-vendors")
        with tempfile.TemporaryFile() as f:
            f.write(stdin)
            f.seek(0)
            # No pipe for standard error: nobody would read it, and it would fill.
            with open(self.file("complaints"), "wb") as complaints:
                return subprocess.Popen([self.cli, *arguments], stdin=f, stdout=out, stderr=complaints,
                                        env=environment, cwd=self.folder, start_new_session=True)

    def run(self, *arguments, **more):
        """Lets the command end, which must be with 0; its output and seconds."""
        begin = time.monotonic()
        with tempfile.TemporaryFile() as out:
            code = self.start(*arguments, out=out, **more).wait(LONGEST_SECONDS)
            out.seek(0)
            expect(code == 0, "%s ended with %d: %s", " ".join(arguments), code,
                   read(self.file("complaints")).decode(errors="replace"))
            return out.read().decode(), time.monotonic() - begin

    def kill(self, process, seconds, begun=None):
        """Kills within @seconds, or as soon as @begun () says; whether there
        was something to kill."""
        # The first moments of the writing, and some of those behind them.
        extra = self.rng.choice((0, 0, self.rng.uniform(0, 0.01))) if begun else self.rng.uniform(0, seconds)
        end = time.monotonic() + LONGEST_SECONDS
        while begun and not begun() and process.poll() is None and time.monotonic() < end:
            pass
        time.sleep(extra)
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        killed = process.wait() == -signal.SIGKILL
        self.kills += killed
        return killed


class Trial:
    """One kind of work; each strike is one command that is killed and looked at."""

    def __init__(self, place):
        self.place, self.rng, self.figures = place, place.rng, {}
        self.prepare()

    def count(self, name, n=1):
        self.figures[name] = self.figures.get(name, 0) + n

    def prepare(self):
        pass

    def finish(self):
        pass


class Labelling(Trial):
    CLASSES = ("good", "scratched", "rusty", "a class, with \"signs\"")

    def prepare(self):
        place = self.place
        make_pictures(place.file("parts"), 40)
        self.pictures = sorted(os.listdir(place.file("parts")))
        self.project = place.file("p.handful")
        place.run("project", "new", self.project, place.file("parts"))
        self.states = [{}]  # what is undone comes off the end
        self.seconds = self.act(self.draw())[1]

    def draw(self):
        """A command that changes something, and the state behind it."""
        now = self.states[-1]
        kind = self.rng.choice(("set", "set", "many", "import", "clear", "undo"))
        if kind == "clear" and now:
            picture = self.rng.choice(sorted(now))
            after = {p: c for p, c in now.items() if p != picture}
            return ("label", "clear", "--project", self.project, "parts/" + picture), b"", after
        if kind == "undo" and len(self.states) > 1:
            return ("label", "undo", "--project", self.project), b"", self.states[-2]
        if kind == "import":
            after = {p: self.rng.choice(self.CLASSES) for p in self.pictures}
            write_list(self.place.file("list.csv"), ["parts/" + p for p in self.pictures],
                       lambda p: after[os.path.basename(p)])
            return ("label", "import", "--project", self.project, "list.csv"), b"", after
        some = self.pictures if kind == "many" else [self.rng.choice(self.pictures)]
        name = self.rng.choice([c for c in self.CLASSES if any(now.get(p) != c for p in some)])
        lines = "".join("parts/%s\n" % p for p in some).encode()
        return ("label", "set", "--project", self.project, name, "-"), lines, dict(now, **{p: name for p in some})

    def push(self, after):
        if len(self.states) > 1 and after == self.states[-2]:
            self.states.pop()
        else:
            self.states.append(after)

    def act(self, drawn):
        arguments, lines, after = drawn
        result = self.place.run(*arguments, stdin=lines)
        if arguments[1] == "undo":
            self.states.pop()
        elif after != self.states[-1]:
            self.states.append(after)
        return result

    def labels(self):
        self.place.run("label", "export", "--project", self.project, "-o", "now.csv")
        with open(self.place.file("now.csv"), newline="") as f:
            return {os.path.basename(row["path"]): row["label"] for row in csv.DictReader(f)}

    def strike(self, in_write):
        for _ in range(self.rng.randrange(4)):
            self.act(self.draw())
            self.count("done")
        arguments, lines, after = self.draw()
        process = self.place.start(*arguments, stdin=lines)
        journal = self.project + "-journal"
        killed = self.place.kill(process, 1.2 * self.seconds, (lambda: os.path.exists(journal)) if in_write else None)
        self.count("in the middle of a write", os.path.exists(journal))
        self.place.run("project", "check", self.project)
        now, before = self.labels(), self.states[-1]
        expect(now == before or now == after, "labels after %s: %s of %s as before, %s as after", arguments,
               sum(now.get(p) == before.get(p) for p in self.pictures), len(self.pictures),
               sum(now.get(p) == after.get(p) for p in self.pictures))
        expect(killed or process.returncode == 0, "%s ended with %d", arguments, process.returncode)
        expect(killed or now == after, "%s had ended with 0 and is not there", arguments)
        if now == after and now != before:
            self.count("whole")
            self.states.pop() if arguments[1] == "undo" else self.states.append(after)


class Making(Trial):
    def prepare(self):
        make_pictures(self.place.file("many"), 300)
        self.project = self.place.file("m.handful")
        self.seconds = self.place.run("project", "new", self.project, self.place.file("many"))[1]
        os.remove(self.project)

    def writing(self):
        return any(name.startswith(".handful-") or name.endswith("-journal") for name in os.listdir(self.place.folder))

    def count_pictures(self):
        info = json.loads(self.place.run("project", "info", "--json", self.project)[0])
        return sum(source["images"] for source in info["sources"])

    def strike(self, in_write):
        for name in os.listdir(self.place.folder):
            if name.startswith(".handful-"):
                os.remove(self.place.file(name))
                self.count("temporary files left")
        process = self.place.start("project", "new", self.project, self.place.file("many"))
        self.place.kill(process, 1.2 * self.seconds, self.writing if in_write else None)
        if not os.path.exists(self.project):
            self.count("not there")
            return
        n = self.count_pictures()
        expect(n in (0, 300), "%d of 300 pictures", n)
        self.count("with pictures" if n else "without pictures")
        self.place.run("project", "add-source", self.project, self.place.file("many"))
        expect(self.count_pictures() == 300, "the source cannot be added again")
        self.place.run("project", "check", self.project)
        os.remove(self.project)


class Bundles(Trial):
    """Two lists of labels, so that there are two bundles to tell apart."""

    def prepare(self):
        place = self.place
        make_pictures(place.file("lots"), 90)
        pictures = ["lots/" + p for p in sorted(os.listdir(place.file("lots")))]
        self.bytes, self.seconds = {}, 0
        for name, chosen in (("one", pictures[:75]), ("two", pictures[15:])):
            write_list(place.file(name + ".csv"), chosen, lambda p: os.path.basename(p).split("__")[0])
            self.train(name, name + ".probe")
            self.seconds = self.train(name, name + ".probe")[1]
            self.bytes[name] = read(place.file(name + ".probe"))
            place.run("verify", name + ".probe")
        expect(self.bytes["one"] != self.bytes["two"], "both lists gave the same bundle")

    def arguments(self, name, out):
        return "train", "--labels", name + ".csv", "--good", "good", "-o", out

    def train(self, name, out):
        return self.place.run(*self.arguments(name, out))


class Training(Bundles):
    def prepare(self):
        super().prepare()
        os.mkdir(self.place.file("out"))
        shutil.copy(self.place.file("one.probe"), self.place.file("out", "b.probe"))
        self.now = "one"

    def writing(self):
        return len(os.listdir(self.place.file("out"))) > 1

    def strike(self, in_write):
        place, other = self.place, "two" if self.now == "one" else "one"
        twice = self.rng.random() < 0.3
        beside = place.start(*self.arguments(self.now, "out/b.probe")) if twice else None
        process = place.start(*self.arguments(other, "out/b.probe"))
        place.kill(process, 1.2 * self.seconds, self.writing if in_write else None)
        if beside is not None:
            expect(beside.wait(LONGEST_SECONDS) == 0, "train beside a killed one ended with %d", beside.returncode)
            self.count("beside another")
        bundle = place.file("out", "b.probe")
        expect(read(bundle) in self.bytes.values(), "a bundle that is neither the old nor the new one")
        place.run("verify", bundle)
        before, self.now = self.now, "one" if read(bundle) == self.bytes["one"] else "two"
        self.count("new" if self.now != before else "old")
        for name in os.listdir(place.file("out")):
            if name != "b.probe":
                os.remove(place.file("out", name))
                self.count("temporary files left")


class Embedding(Bundles):
    COUNT = 600

    def prepare(self):
        super().prepare()
        place = self.place
        make_pictures(place.file("cold"), self.COUNT, first=1000)
        os.mkdir(place.file("sorted"))
        for name in sorted(os.listdir(place.file("cold")))[::4]:
            kind = place.file("sorted", name.split("__")[0])
            os.makedirs(kind, exist_ok=True)
            os.link(place.file("cold", name), os.path.join(kind, name))
        self.wanted, self.seconds = self.predict()
        self.forget()

    def database(self):
        return self.place.file("cache", "handful", "features.db")

    def forget(self):
        for end in ("", "-wal", "-shm"):
            if os.path.exists(self.database() + end):
                os.remove(self.database() + end)
        self.rows = 0

    def parse(self, text):
        found = {}
        for line in text.splitlines():
            entry = json.loads(line)
            found[entry["path"]] = (entry["class"], entry["verdict"], entry["probability"], entry["image_sha256"])
        return found

    def predict(self, **more):
        text, seconds = self.place.run("predict", "--json", "one.probe", "cold", **more)
        return self.parse(text), seconds

    def look(self):
        """Rows in the cache, which must be sound."""
        if not os.path.exists(self.database()):
            return 0
        db = sqlite3.connect(self.database())
        try:
            expect(db.execute("PRAGMA integrity_check").fetchall() == [("ok",)], "the cache is damaged")
            table = db.execute("SELECT count (*) FROM sqlite_schema WHERE name = 'rows'").fetchone()[0]
            return db.execute("SELECT count (*) FROM rows").fetchone()[0] if table else 0
        finally:
            db.close()

    def strike(self, in_write):
        place = self.place
        if self.rows > self.COUNT:
            self.forget()
        twice, evaluates = self.rng.random() < 0.3, self.rng.random() < 0.3
        arguments = ("evaluate", "--labels", "sorted", "--json") if evaluates else \
            ("predict", "--json", "one.probe", "cold")
        with open(place.file("lines"), "wb") as lines, open(place.file("beside"), "wb") as out:
            beside = place.start("predict", "--json", "one.probe", "cold", out=out) if twice else None
            process = place.start(*arguments, out=lines)
            rows = self.rows
            killed = place.kill(process, self.seconds, (lambda: self.has_grown(rows)) if in_write else None)
            if beside is not None:
                expect(beside.wait(LONGEST_SECONDS) == 0, "predict beside a killed one ended with %d",
                       beside.returncode)
        if beside is not None:
            expect(self.parse(read(place.file("beside")).decode()) == self.wanted, "other verdicts beside a kill")
            self.count("beside another")
        expect(killed or process.returncode == 0, "%s ended with %d", arguments[0], process.returncode)
        if not evaluates:
            # The last line may be cut by the kill; those before it are whole.
            whole = read(place.file("lines")).decode().rpartition("\n")[0]
            for path, line in self.parse(whole).items():
                expect(self.wanted.get(path) == line, "another verdict for %s", path)
        rows = self.look()
        expect(rows >= self.rows, "the cache had %d rows and has %d", self.rows, rows)
        self.count("strikes that added rows", rows > self.rows)
        self.rows = rows

    def has_grown(self, rows):
        try:
            return os.path.getsize(self.database() + "-wal") > 0
        except OSError:
            return False

    def finish(self):
        expect(self.predict()[0] == self.wanted, "other verdicts from the cache than without it")
        expect(self.predict(no_device=True)[0] == self.wanted, "other verdicts without a device")


class Export(Trial):
    def prepare(self):
        place = self.place
        make_pictures(place.file("parts"), 60)
        self.project = place.file("e.handful")
        place.run("project", "new", self.project, place.file("parts"))
        self.change("good")
        self.seconds = self.export("list.csv")

    def change(self, name):
        lines = "".join("parts/%s\n" % p for p in sorted(os.listdir(self.place.file("parts")))).encode()
        self.place.run("label", "set", "--project", self.project, name, "-", stdin=lines)

    def export(self, out):
        return self.place.run("label", "export", "--project", self.project, "-o", out)[1]

    def writing(self):
        return any(name.startswith(".handful-") for name in os.listdir(self.place.folder))

    def strike(self, in_write):
        place = self.place
        old = read(place.file("list.csv"))
        as_folder = self.rng.random() < 0.5
        self.change("rusty" if b"good" in old else "good")
        process = place.start("label", "export", "--project", self.project, "-o", "out" if as_folder else "list.csv")
        place.kill(process, 1.2 * self.seconds, self.writing if in_write else None)
        now = read(place.file("list.csv"))
        self.export("list.csv")
        expect(now in (old, read(place.file("list.csv"))), "half a list")
        n = sum(len(files) for _, _, files in os.walk(place.file("out")))
        expect(not os.path.exists(place.file("out")) or n == 60, "an exported folder with %d of 60 pictures", n)
        shutil.rmtree(place.file("out"), ignore_errors=True)
        for name in os.listdir(place.folder):
            if name.startswith(".handful-"):
                path = place.file(name)
                shutil.rmtree(path) if os.path.isdir(path) else os.remove(path)
                self.count("temporary files left")


class Reader:
    """Takes what comes out of a pipe as it comes."""

    def __init__(self, pipe):
        self.pipe, self.text, self.times = pipe, b"", []
        self.thread = threading.Thread(target=self.take)
        self.thread.start()

    def take(self):
        with os.fdopen(self.pipe, "rb", buffering=0) as f:
            for part in iter(lambda: f.read(1 << 16), b""):
                self.text += part
                self.times.append((time.monotonic(), len(self.text)))

    def end(self):
        self.thread.join()
        return self.text

    def until(self, moment):
        """What had been read by then."""
        return self.text[:max((n for at, n in self.times if at <= moment), default=0)]


class Watching(Bundles):
    def prepare(self):
        super().prepare()
        self.n = 0
        self.begin()

    def begin(self):
        """A folder of its own for some strikes, with or without --move."""
        self.camera = "camera%d" % self.n
        self.move = self.rng.random() < 0.5
        os.mkdir(self.place.file(self.camera))
        self.put, self.seen, self.settled, self.times = {}, {}, set(), 0

    def feed(self, count):
        make_pictures(self.place.file("next"), count, first=5000 + self.n)
        self.n += count
        for name in os.listdir(self.place.file("next")):
            path = self.place.file("next", name)
            self.put[name] = hashlib.sha256(read(path)).hexdigest()
            os.rename(path, self.place.file(self.camera, name))

    def start(self):
        """The watcher, and the end of a pipe to read from."""
        reader, writer = os.pipe()
        process = self.place.start("watch", "--json", *(["--move"] if self.move else []), "one.probe", self.camera,
                                   out=writer)
        os.close(writer)
        return process, reader

    def note(self, text):
        """The whole lines of what was read."""
        for line in text.rpartition(b"\n")[0].splitlines():
            entry = json.loads(line)
            name = os.path.basename(entry["path"])
            expect(self.put.get(name) == entry["image_sha256"], "a verdict for another picture than %s", name)
            expect(name not in self.settled, "the verdict for %s came again long after it was read", name)
            self.count("verdicts")
            self.count("verdicts that came twice", name in self.seen)
            self.seen[name] = entry

    def strike(self, in_write):
        self.feed(self.rng.randrange(12))
        process, pipe = self.start()
        if self.rng.random() < 0.25:
            self.leave(process, pipe)
        else:
            reader = Reader(pipe)
            self.feed(self.rng.randrange(12))
            self.place.kill(process, 2 * self.seconds + 4, (lambda: reader.text) if in_write else None)
            now = time.monotonic()
            self.note(reader.end())
            self.settled.update(name for name in self.put if name.encode() in reader.until(now - SETTLED_SECONDS))
        self.times += 1
        if self.times == 5:
            self.settle()
            self.begin()

    def leave(self, process, pipe):
        """The reader takes some bytes and dies; the watcher is killed later."""
        text = os.read(pipe, self.rng.randrange(1, 4000)) if self.put else b""
        os.close(pipe)
        self.note(text)
        self.count("readers gone")
        self.feed(3)
        self.place.kill(process, self.seconds)

    def settle(self):
        """Nothing more comes; what is owed is told, and no file is lost."""
        process, pipe = self.start()
        reader, end = Reader(pipe), time.monotonic() + LONGEST_SECONDS
        while self.missing(reader.text) and time.monotonic() < end and process.poll() is None:
            time.sleep(0.02)
        time.sleep(0.3)
        process.terminate()
        process.wait(LONGEST_SECONDS)
        self.note(reader.end())
        missing = self.missing(b"")
        expect(not missing, "no verdict for %d of %d pictures: %s; %s", len(missing), len(self.put), missing[:3],
               read(self.place.file("complaints")))
        self.check_files()

    def missing(self, text):
        return [name for name in self.put if name not in self.seen and name.encode() not in text]

    def check_files(self):
        here = {}
        for folder, _, files in os.walk(self.place.file(self.camera)):
            for name in files:
                sha256 = hashlib.sha256(read(os.path.join(folder, name))).hexdigest()
                here.setdefault(sha256, []).append((name, os.path.basename(folder)))
        for name, sha256 in self.put.items():
            places = here.get(sha256, [])
            expect(len(places) == 1, "%s is in %d places", name, len(places))
            expect(places[0][1] == (self.seen[name]["verdict"] if self.move else self.camera),
                   "%s is in %s, and its verdict is %s", name, places[0][1], self.seen[name]["verdict"])

    def finish(self):
        self.settle()


TRIALS = {"labelling": (Labelling, 0.35), "making": (Making, 0.1), "embedding": (Embedding, 0.2),
          "training": (Training, 0.15), "export": (Export, 0.05), "watching": (Watching, 0.15)}


def run_trial(name, cli, folder, kills, seed):
    """@kills kills of trial @name in @folder; what it found. Lost is raised."""
    place = Place(cli, folder, random.Random("%s %d" % (name, seed)))
    begin = time.monotonic()
    trial = TRIALS[name][0](place)
    strikes = 0
    # Some strikes come too late to meet a process.
    while place.kills < kills and strikes < 4 * kills + 10:
        trial.strike(strikes % 2 == 1)
        strikes += 1
    trial.finish()
    return dict({"trial": name, "kills": place.kills, "strikes": strikes}, **trial.figures,
                seconds=round(time.monotonic() - begin, 1), load=round(os.getloadavg()[0], 1))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("cli")
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", choices=sorted(TRIALS))
    options = parser.parse_args()
    folder = tempfile.mkdtemp(prefix="bench-kill-")
    total, lost = 0, False
    for name in [options.only] if options.only else TRIALS:
        share = 1 if options.only else TRIALS[name][1]
        try:
            result = run_trial(name, options.cli, os.path.join(folder, name), round(options.kills * share), options.seed)
            total += result["kills"]
            print(json.dumps(result), flush=True)
        except Lost as e:
            lost = True
            print(json.dumps({"trial": name, "lost": str(e)}), flush=True)
    print(json.dumps({"kills": total, "lost": lost}))
    if lost:
        print("%s is kept." % folder, file=sys.stderr)
    else:
        shutil.rmtree(folder)
    sys.exit(1 if lost or total < options.kills else 0)


if __name__ == "__main__":
    main()
