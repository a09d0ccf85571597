"""Tests of handful-cli as a whole: runs it, and prints the Test Anything
Protocol. Standard library only."""
import json
import os
import shutil
import struct
import subprocess
import sys
import tempfile
import traceback

CLI = os.path.abspath(sys.argv[1]) if len(sys.argv) > 1 else ""
ROOT = os.path.abspath(sys.argv[2]) if len(sys.argv) > 2 else ""
STARTER = os.path.join(ROOT, "data", "models", "starter")
PICTURES = os.path.join(ROOT, "tests", "golden", "starter", "sample")
# Only for what never comes, as tests/patience.h has it.
PATIENCE_S = 1800 if "ASAN_OPTIONS" in os.environ else 240


class Result:
    def __init__(self, code, out, err):
        self.code, self.raw, self.err_raw = code, out, err
        self.out = out.decode("utf-8")
        self.err = err.decode("utf-8")

    def lines(self):
        return [json.loads(line) for line in self.out.splitlines()]

    def expect(self, code, *words):
        """The exit status, and words that stderr must hold, in any order."""
        assert self.code == code, "exit %s, wanted %s: %s" % (self.code, code, self.err)
        for word in words:
            assert word in self.err, "%r is not in %r" % (word, self.err)
        return self


class Home:
    """An empty home, so that a test sees no model of the user's."""

    def __init__(self):
        self.path = tempfile.mkdtemp(prefix="handful-test-")
        self.store = os.path.join(self.path, "data", "handful", "models")

    def file(self, *names):
        return os.path.join(self.path, *names)

    def environment(self, **more):
        env = dict(os.environ, HOME=self.path, LC_ALL="C",
                   XDG_DATA_HOME=self.file("data"), no_proxy="127.0.0.1")
        # The kernels' cache is shared: building them takes a minute.
        env.setdefault("XDG_CACHE_HOME", os.path.join(os.path.expanduser("~"), ".cache"))
        env.update(more)
        return env

    def run(self, *args, stdin=b"", env=None, preexec=None, cwd=None):
        r = subprocess.run([CLI, *args], input=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                           env=self.environment(**(env or {})), timeout=PATIENCE_S, preexec_fn=preexec,
                           cwd=cwd or self.path)
        return Result(r.returncode, r.stdout, r.stderr)

    def stored(self):
        """All entries of the store, hidden ones too."""
        return sorted(os.listdir(self.store)) if os.path.isdir(self.store) else []


def read_safetensors(path):
    """({name: rows}, metadata) of the F32 matrices in @path."""
    with open(path, "rb") as f:
        raw = f.read()
    n = struct.unpack("<Q", raw[:8])[0]
    head = json.loads(raw[8:8 + n])
    out = {}
    for name, t in head.items():
        if name == "__metadata__":
            continue
        rows, cols = t["shape"]
        a, b = t["data_offsets"]
        assert t["dtype"] == "F32" and b - a == rows * cols * 4
        v = struct.unpack("<%df" % (rows * cols), raw[8 + n + a:8 + n + b])
        out[name] = [v[k * cols:(k + 1) * cols] for k in range(rows)]
    return out, head.get("__metadata__", {})


def dot(a, b):
    return sum(x * y for x, y in zip(a, b))


def main(*tests):
    """Each test is a function that takes a Home; its name is its sentence."""
    failed = 0
    print("1..%d" % len(tests), flush=True)
    for number, test in enumerate(tests, 1):
        home = Home()
        name = test.__name__.replace("_", "-")
        try:
            reason = test(home)
        except Exception:
            failed += 1
            print("not ok %d %s" % (number, name))
            print("# " + traceback.format_exc().strip().replace("\n", "\n# "), flush=True)
        else:
            print("ok %d %s%s" % (number, name, " # SKIP " + reason if reason else ""), flush=True)
        finally:
            shutil.rmtree(home.path, ignore_errors=True)
    sys.exit(1 if failed else 0)
