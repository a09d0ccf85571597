"""The session bus starts the program, as desktops and file managers ask it to:
Activate shows a window, Open a folder, and quit ends it."""
import os
import re
import shutil
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "..", "app"))
from tap import CLI, PATIENCE_S, ROOT, main  # noqa: E402

DISPLAY = os.path.join(HERE, "..", "with-display.py")
ID = "io.github.handful_app.Handful"
OBJECT = "/io/github/handful_app/Handful"


def call(dest, path, method, *arguments):
    r = subprocess.run(["gdbus", "call", "--session", "--timeout", str(PATIENCE_S), "--dest", dest, "--object-path",
                        path, "--method", method, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
    assert r.returncode == 0, r.stderr.decode()
    return r.stdout.decode().strip()


def is_running():
    return call("org.freedesktop.DBus", "/", "org.freedesktop.DBus.NameHasOwner", ID) == "(true,)"


def get_process():
    answer = call("org.freedesktop.DBus", "/", "org.freedesktop.DBus.GetConnectionUnixProcessID", ID)
    return "/proc/" + re.search(r"(\d+),", answer).group(1)


def has_window(name):
    return subprocess.run(["xdotool", "search", "--onlyvisible", "--name", "^" + name + "$"], stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL, check=False).returncode == 0


def wait(what, *arguments, wanted=True):
    end = time.monotonic() + PATIENCE_S
    while what(*arguments) != wanted:
        assert time.monotonic() < end, (what.__name__, arguments)
        time.sleep(0.05)


def on_the_bus(folder):
    assert not is_running()
    call(ID, OBJECT, "org.freedesktop.Application.Activate", "{}")
    wait(has_window, "Handful")
    call(ID, OBJECT, "org.freedesktop.Application.Open", "['file://%s']" % folder, "{}")
    wait(has_window, os.path.basename(folder))
    # The welcome page was taken for it.
    assert not has_window("Handful")
    assert os.path.exists(os.path.join(folder, "parts.handful"))
    process = get_process()
    call(ID, OBJECT, "org.gtk.Actions.Activate", "quit", "[]", "{}")
    wait(is_running, wanted=False)
    wait(os.path.exists, process, wanted=False)


def the_session_bus_starts_it_and_it_ends(home):
    data = os.path.join(home.path, "share")
    services = os.path.join(data, "dbus-1", "services")
    folder = os.path.join(home.path, "parts")
    os.makedirs(services)
    os.mkdir(folder)
    with open(os.path.join(ROOT, "data", "desktop", ID + ".service.in"), encoding="utf-8") as f:
        service = f.read().replace("@bindir@", os.path.dirname(CLI))
    with open(os.path.join(services, ID + ".service"), "w", encoding="utf-8") as f:
        f.write(service)
    rings = os.path.join(ROOT, "tests", "pictures", "rings", "good")
    for name in sorted(os.listdir(rings))[:3]:
        shutil.copy(os.path.join(rings, name), folder)
    known = os.environ.get("XDG_DATA_DIRS", "/usr/local/share:/usr/share")
    env = dict(os.environ, XDG_DATA_DIRS=data + ":" + known)
    # No pipe: whoever waited for its end would wait for a program that hangs.
    with open(home.file("said"), "w+b") as said:
        r = subprocess.run([sys.executable, DISPLAY, sys.executable, os.path.abspath(__file__), "--inside", folder],
                           env=env, stdout=said, stderr=subprocess.STDOUT, check=False)
        said.seek(0)
        assert r.returncode == 0, said.read().decode()[-2000:]


if sys.argv[1] == "--inside":
    on_the_bus(sys.argv[2])
else:
    main(the_session_bus_starts_it_and_it_ends)
