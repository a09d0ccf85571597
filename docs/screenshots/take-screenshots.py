#!/usr/bin/env python3
"""Takes the pictures of this folder: every page of the window over the sample
rings, the viewer of Label and the windows Framing, Models and Devices and
Preferences, light and dark, wide and narrow, in English and Chinese; Evaluate and Framing with text of twice the size
as well. And what is seen on other days (state-*.png): nothing there, work under
way, faults.

    take-screenshots.py BUILD_FOLDER [states | NAME...]

With "states" only those are taken; with names ("label models") only these, of
the pages and windows in light and dark.

Needs what the tests of the window need, ImageMagick, xprop, xcompmgr, and for Chinese a font
and the locale zh_CN.UTF-8. The pages are reached by their keys, Alt+1 to 4,
the viewer by F, the windows by F10 and a letter.
"""
import concurrent.futures
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
DISPLAY = ROOT / "tests" / "ui" / "with-display.py"
PAGES = {"label": "alt+1", "viewer": "alt+1 f", "prompts": "alt+2", "evaluate": "alt+3", "export": "alt+4"}
# By the letter in the main menu.
WINDOWS = {"framing": "f", "models": "m", "preferences": "p"}
# They have this size where there is room for more.
OWN_SIZES = {"preferences": (560, 760)}
SIZES = {"1400x900": (1400, 900), "360x720": (360, 720)}
LANGUAGES = {"": "", "-zh": "zh_CN"}
LARGE = "-200"
STATES = "states"
# Where things are in a window of 1400 x 900.
UNREADABLE = (80, 311)
JOBS = (1222, 23)
# Dots per inch, twice the usual.
LARGE_TEXT = "Xft.dpi:\t192\n"


def run(*command, **more):
    return subprocess.run([str(part) for part in command], check=True, stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, **more).stdout.decode()


def make_project(cli, folder):
    """Half of the sample's rings labelled, some left for suggestions."""
    parts = folder / "Pictures" / "bearings"
    shutil.copytree(ROOT / "data" / "sample", parts)
    project = parts / "bearings.handful"
    labels = parts / "half.csv"
    head, *rows = (parts / "truth.csv").read_text(encoding="utf-8").splitlines()
    labels.write_text("\n".join([head] + rows[::2]) + "\n", encoding="utf-8")
    run(cli, "project", "new", project, parts / "rings")
    run(cli, "label", "import", "-P", project, "--good", "good", "--groups", "^(.*)__", labels)
    run(cli, "project", "template", project, "a photo of a {class} bearing ring",
        "a close-up of a {class} metal ring")
    # Kernels are compiled and pictures looked at before the first window opens.
    # One of the pictures is damaged, which is no success.
    subprocess.run([cli, "suggest", "-P", project], stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL, check=False)
    return project


def find_window():
    for _ in range(120):
        found = subprocess.run(["xdotool", "search", "--onlyvisible", "--class", "handful"],
                               stdout=subprocess.PIPE, check=False).stdout.split()
        if found:
            return found[-1].decode()
        time.sleep(0.5)
    raise SystemExit("The window did not come.")


def active_window():
    return run("xdotool", "getactivewindow").strip()


def resize(window, width, height):
    # Twice: a window becomes narrow before it can become narrower.
    for _ in range(2):
        run("xdotool", "windowsize", window, width, height)
        time.sleep(1)
    run("xdotool", "windowmove", window, 0, 0, "windowfocus", window)


def shoot(name, window, colours):
    target = HERE / name
    run("import", "-window", window, target)
    # So many colours are enough for a page and make a third of the size; at a lesser depth its plain ground is tinted by
    # the pictures on it.
    run("mogrify", "+dither", "-treedepth", "8", "-colors", colours, "-define", "png:compression-level=9", target)


def shoot_over(name, ending, window, width, height):
    """The window @name, which the main menu has under a letter."""
    width, height = min((width, height), OWN_SIZES.get(name, (width, height)))
    run("xdotool", "key", "F10")
    time.sleep(1)
    run("xdotool", "key", WINDOWS[name])
    for _ in range(30):
        time.sleep(0.5)
        over = active_window()
        if over != window:
            break
    else:
        raise SystemExit(f"{name} did not come.")
    resize(over, width, height)
    if name == "models" and not (pathlib.Path(os.environ["XDG_CACHE_HOME"]) / "handful" / "speeds.ini").exists():
        # The starter's speed, in precisions whose kernels are compiled first.
        run("xdotool", "key", "alt+m")
        time.sleep(45)
    time.sleep(2)
    # A large grey part needs no more, and half the size again.
    shoot(f"{name}{ending}", over, 40)
    run("xdotool", "key", "Escape")
    time.sleep(1)


def sitting(build, project, style, size, suffix, pages, windows):
    """@pages of one window, one after another, then @windows over it."""
    width, height = SIZES[size]
    program = subprocess.Popen([str(build / "handful"), *([str(project)] if project else [])],
                               stderr=subprocess.DEVNULL)
    try:
        window = find_window()
        resize(window, width, height)
        time.sleep(10)
        for page, key in pages.items():
            if key:
                run("xdotool", "key", *key.split())
                # All probes are compared before Evaluate is whole.
                time.sleep(16 if page == "evaluate" else 6)
            # A large photograph takes the colours of small signs beside it.
            shoot(f"{page}-{style}-{size}{suffix}.png", window, 256 if page == "viewer" else 128)
        for name in windows:
            shoot_over(name, f"-{style}-{size}{suffix}.png", window, width, height)
    finally:
        program.terminate()
        program.wait()


def press(window, place):
    run("xdotool", "mousemove", "--window", window, *place, "click", "1")


def take_state(build, name, argument, act=None, **more):
    """The window of @argument after @act, with @more in its environment."""
    program = subprocess.Popen([str(build / "handful"), str(argument)], env=dict(os.environ, **more),
                               stderr=subprocess.DEVNULL)
    try:
        window = find_window()
        resize(window, 1400, 900)
        time.sleep(4)
        if act:
            act(window)
            time.sleep(2)
        shoot(f"state-{name}.png", "root", 64)
    finally:
        program.terminate()
        program.wait()


def make_many(cli, folder):
    """A project that is busy for a while: of each picture ten that differ in a byte after their end."""
    parts = folder / "many"
    parts.mkdir()
    for path in sorted((ROOT / "data" / "sample" / "rings").rglob("*.jpg")):
        for i in range(10):
            (parts / f"{path.stem}-{i}.jpg").write_bytes(path.read_bytes() + bytes([i]))
    run(cli, "project", "new", folder / "many.handful", parts)
    return folder / "many.handful"


def take_states(build, project):
    with tempfile.TemporaryDirectory() as top:
        folder = pathlib.Path(top)
        for name in ["empty", "vendors", "cache"]:
            (folder / name).mkdir()
        no_project = folder / "line 3.handful"
        no_project.write_text("This is no project.\n", encoding="utf-8")
        take_state(build, "empty", folder / "empty")
        take_state(build, "error", no_project)
        take_state(build, "unreadable", project, lambda window: press(window, UNREADABLE))
        take_state(build, "progress", make_many(build / "handful-cli", folder), lambda window: press(window, JOBS))
        # With rows in the cache little is missing without a device.
        take_state(build, "no-device", project, lambda window: run("xdotool", "key", PAGES["prompts"]),
                   OCL_ICD_VENDORS=str(folder / "vendors"), XDG_CACHE_HOME=str(folder / "cache"))


def inside(build, project, style, size, suffix, wanted):
    if suffix == STATES:
        # Without it what is round a popover is black.
        compositor = subprocess.Popen(["xcompmgr", "-n"], stderr=subprocess.DEVNULL)
        take_states(build, project)
        compositor.terminate()
        return
    if suffix == LARGE:
        # What the server says goes before settings.ini.
        run("xprop", "-root", "-f", "RESOURCE_MANAGER", "8s", "-set", "RESOURCE_MANAGER",
            LARGE_TEXT)
        sitting(build, project, style, size, suffix, {"evaluate": PAGES["evaluate"]}, ["framing"])
        return
    pages = {name: key for name, key in PAGES.items() if name in wanted or not wanted}
    windows = [name for name in WINDOWS if name in wanted or not wanted]
    if pages or windows:
        sitting(build, project, style, size, suffix, pages, windows)
    if "welcome" in wanted or not wanted:
        sitting(build, None, style, size, suffix, {"welcome": None}, [])


def sittings():
    yield "light", "1400x900", STATES, ""
    for style in ["light", "dark"]:
        for size in SIZES:
            for suffix, language in LANGUAGES.items():
                yield style, size, suffix, language
    for size in SIZES:
        yield "light", size, LARGE, ""


def show(build, project, top, names, style, size, suffix, language):
    """One of sittings(), on a display of its own."""
    # Folders are shown as "~/Pictures/bearings".
    env = dict(os.environ, HOME=top, TAKING="1", ADW_DEBUG_COLOR_SCHEME="prefer-" + style)
    if language:
        env.update(LANGUAGE=language, LANG=language + ".UTF-8")
    else:
        env.update(LANGUAGE="en", LANG="C.UTF-8")
    run(sys.executable, DISPLAY, "--size", "1400x900", sys.executable, __file__,
        build, project, style, size, suffix, *names, env=env)


def main():
    if os.environ.get("TAKING"):
        inside(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), *sys.argv[3:6], sys.argv[6:])
        return
    build = pathlib.Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory() as top:
        os.environ["XDG_CACHE_HOME"] = top + "/cache"
        project = make_project(build / "handful-cli", pathlib.Path(top))
        names = [name for name in sys.argv[2:] if name != STATES]
        wanted = [which for which in sittings()
                  if not sys.argv[2:] or (which[2] not in (STATES, LARGE) if names else which[2] == STATES)]
        # Two at a time, for most of it is waiting.
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            list(pool.map(lambda which: show(build, project, top, names, *which), wanted))


main()
