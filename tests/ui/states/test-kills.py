"""A window in which somebody labels is killed at random moments: what it had
shown as stored is there when it opens again, and nothing else."""
import os
import random
import shutil
import subprocess
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "..", "app"))
from tap import CLI, PATIENCE_S, ROOT, main  # noqa: E402

STAGE = os.path.abspath(sys.argv[3])
KILLS = int(os.environ.get("HANDFUL_KILLS", "20"))


def cli(*args):
    r = subprocess.run([CLI, *args], stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
    assert r.returncode == 0, r.stderr.decode()


def make_project(home):
    """Ten rings, two classes, no label."""
    folder, project = home.file("rings"), home.file("rings.handful")
    os.mkdir(folder)
    source = os.path.join(ROOT, "tests", "pictures", "rings", "good")
    for i, name in enumerate(sorted(os.listdir(source))[:10]):
        shutil.copy(os.path.join(source, name), os.path.join(folder, "%d.jpg" % i))
    cli("project", "new", project, folder)
    for name in ("good", "rusty"):
        cli("label", "set", "-P", project, name, os.path.join(folder, "0.jpg"))
    cli("label", "clear", "-P", project, os.path.join(folder, "0.jpg"))
    return project


class Sitting:
    """One life of the window, and what it said."""

    def __init__(self, project, seed):
        self.lines, self.came = [], threading.Condition()
        self.process = subprocess.Popen([STAGE, project, str(seed)], stdout=subprocess.PIPE)
        self.reader = threading.Thread(target=self.read)
        self.reader.start()

    def read(self):
        for line in self.process.stdout:
            with self.came:
                self.lines.append(line.decode().rstrip("\n"))
                self.came.notify_all()

    def wait(self, n_stored):
        """Until it is open and has stored so many labels."""
        with self.came:
            assert self.came.wait_for(lambda: self.lines and self.lines.count("stored") >= n_stored,
                                      PATIENCE_S), self.lines

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.reader.join()

    def labels(self):
        """Those it opened with, or None."""
        if not self.lines or not self.lines[0].startswith("have "):
            return None
        return dict(pair.split("=") for pair in self.lines[0].split()[1:])

    def states(self):
        """All that may be on disk now: what was stored, and of what was asked
        for then any beginning."""
        asked = [line.split()[1].split("=") for line in self.lines if line.startswith("ask ")]
        stored = self.lines.count("stored")
        state, states = dict(self.labels()), []
        for i in range(len(asked) + 1):
            if i >= stored:
                states.append(dict(state))
            if i < len(asked):
                state[asked[i][0]] = asked[i][1]
        return states, stored


def what_the_window_had_stored_outlives_a_kill(home):
    project = make_project(home)
    rng = random.Random(9)
    possible, stored, kills = None, 0, 0
    for i in range(KILLS + 1):
        sitting = Sitting(project, i)
        last = i == KILLS
        try:
            # One in five dies while it opens, the others in the middle of it.
            if last or rng.random() > 0.2:
                sitting.wait(0 if last else rng.randrange(8))
                time.sleep(rng.uniform(0, 0.02))
            else:
                time.sleep(rng.uniform(0, 0.5))
        finally:
            sitting.kill()
        kills += 1
        labels = sitting.labels()
        if labels is None:
            assert not last
            continue
        assert possible is None or labels in possible, "life %d: %s is none of %s" % (i, labels, possible)
        possible, n = sitting.states()
        stored += n
    cli("project", "check", project)
    print("# %d kills, %d labels stored" % (kills, stored), flush=True)
    assert stored > KILLS, stored


main(what_the_window_had_stored_outlives_a_kill)
