#!/usr/bin/env python3
"""Runs a command with a display, a session bus and an accessibility bus of its
own, in fresh XDG folders, and ends them after it.

    with-display.py [--size 1400x900] [--bare] COMMAND [ARGUMENT...]

Needs xvfb, dbus, at-spi2-core and openbox; without a window manager focus is
not given and keys are lost. --bare leaves out the window manager and the
accessibility bus, for tests that need neither. Exits with 77 (skipped) where
one of the programs is missing.
"""
import argparse
import contextlib
import ctypes
import os
import shutil
import signal
import subprocess
import sys
import tempfile

LAUNCHERS = ["/usr/libexec/at-spi-bus-launcher", "/usr/lib/at-spi2-core/at-spi-bus-launcher"]
PR_SET_CHILD_SUBREAPER = 36
SETTINGS = "[Settings]\ngtk-hint-font-metrics=true\ngtk-enable-animations=false\n"


def fresh_folders(home):
    for name in ["run", "config", "cache", "data", "state"]:
        os.mkdir(os.path.join(home, name), 0o700)
    os.mkdir(os.path.join(home, "config", "gtk-4.0"))
    with open(os.path.join(home, "config", "gtk-4.0", "settings.ini"), "w", encoding="utf-8") as out:
        out.write(SETTINGS)


def environment(home):
    env = dict(os.environ)
    env.update(XDG_RUNTIME_DIR=home + "/run", XDG_CONFIG_HOME=home + "/config",
               XDG_DATA_HOME=home + "/data", XDG_STATE_HOME=home + "/state",
               GDK_BACKEND="x11", GSK_RENDERER="cairo", GTK_A11Y="atspi",
               GSETTINGS_BACKEND="memory", ADW_DISABLE_PORTAL="1", GTK_USE_PORTAL="0",
               NO_AT_BRIDGE="0",
               # Where GVfs is installed it would warn about these folders, and a warning ends a test.
               GIO_USE_VFS="local", GIO_USE_VOLUME_MONITOR="unix")
    # Compiled kernels are worth keeping between tests.
    env.setdefault("XDG_CACHE_HOME", home + "/cache")
    return env


def inside(command, bare, home, out):
    """The part that runs on the display; @out is where the command writes."""
    env = environment(home)
    helpers = []
    if not bare:
        launcher = next((path for path in LAUNCHERS if os.path.exists(path)), None)
        if launcher:
            helpers.append(subprocess.Popen([launcher, "--launch-immediately"], env=env,
                                            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
        helpers.append(subprocess.Popen(["openbox"], env=env,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
    try:
        code = subprocess.run(command, env=env, stdout=out, check=False).returncode
        # As a shell says that a signal ended it.
        return code if code >= 0 else 128 - code
    finally:
        for helper in helpers:
            helper.terminate()
            helper.wait()


@contextlib.contextmanager
def display(size):
    """A server on a display that it finds itself, so that any number of tests
    may start at once."""
    read_end, write_end = os.pipe()
    server = subprocess.Popen(["Xvfb", "-displayfd", str(write_end), "-screen", "0", size + "x24",
                               "-nolisten", "tcp", "-noreset", "-r"], pass_fds=[write_end],
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    os.close(write_end)
    try:
        with os.fdopen(read_end, encoding="ascii") as pipe:
            yield int(pipe.readline())
    finally:
        server.terminate()
        server.wait()


def run(command, env, out):
    """The exit status of @command. Orphans are ours meanwhile and must not stay
    as zombies: a test may wait until a program that a bus has started is gone.
    What such a program says is no part of what goes to @out."""
    process = subprocess.Popen(command, env=env, stdout=sys.stderr, pass_fds=[out])
    pid = status = None
    while pid != process.pid:
        pid, status = os.waitpid(-1, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return process.returncode


def end_orphans():
    """What the buses have started outlives them by a moment, or for good, and
    holds the output of the test open: whoever reads that would wait."""
    path = f"/proc/self/task/{os.getpid()}/children"
    while os.path.exists(path):
        with open(path, encoding="ascii") as children:
            pids = [int(pid) for pid in children.read().split()]
        if not pids:
            return
        for pid in pids:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", default="1400x900")
    parser.add_argument("--bare", action="store_true")
    parser.add_argument("--inside", help=argparse.SUPPRESS)
    parser.add_argument("--out", type=int, default=os.dup(1), help=argparse.SUPPRESS)
    parser.add_argument("command", nargs=argparse.REMAINDER)
    arguments = parser.parse_args()
    if arguments.inside:
        return inside(arguments.command, arguments.bare, arguments.inside, arguments.out)
    needed = ["Xvfb", "dbus-run-session"] + ([] if arguments.bare else ["openbox"])
    missing = [name for name in needed if not shutil.which(name)]
    if missing:
        print("1..0 # SKIP " + ", ".join(missing) + " not installed")
        return 77
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    with tempfile.TemporaryDirectory(prefix="handful-display-") as home:
        fresh_folders(home)
        again = [sys.executable, os.path.abspath(__file__), "--inside", home, "--out", str(arguments.out)]
        if arguments.bare:
            again.append("--bare")
        with display(arguments.size) as number:
            code = run(["dbus-run-session", "--", *again, *arguments.command],
                       {**os.environ, "DISPLAY": f":{number}"}, arguments.out)
        end_orphans()
        return code


sys.exit(main())
