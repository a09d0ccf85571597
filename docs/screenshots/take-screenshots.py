#!/usr/bin/env python3
"""Takes the pictures of this folder: every page of the window over the sample
rings, light and dark, wide and narrow, in English and Chinese.

    take-screenshots.py BUILD_FOLDER

Needs what the tests of the window need, ImageMagick, and for Chinese a font
and the locale zh_CN.UTF-8. The pages are reached by their keys, Alt+1 to 4.
"""
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
PAGES = {"label": "alt+1", "prompts": "alt+2", "evaluate": "alt+3", "export": "alt+4"}
SIZES = {"1400x900": (1400, 900), "360x720": (360, 720)}
LANGUAGES = {"": "", "-zh": "zh_CN"}


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
    return project


def find_window():
    for _ in range(120):
        found = subprocess.run(["xdotool", "search", "--onlyvisible", "--class", "handful"],
                               stdout=subprocess.PIPE, check=False).stdout.split()
        if found:
            return found[-1].decode()
        time.sleep(0.5)
    raise SystemExit("The window did not come.")


def shoot(name, window):
    target = HERE / name
    run("import", "-window", window, target)
    # 255 colours are enough for a page and a third of the size.
    run("mogrify", "+dither", "-colors", "255", "-define", "png:compression-level=9", target)


def sitting(build, project, style, size, suffix):
    """The pages of one window, one after another."""
    width, height = SIZES[size]
    program = subprocess.Popen([str(build / "handful"), *([str(project)] if project else [])],
                               stderr=subprocess.DEVNULL)
    try:
        window = find_window()
        # Twice: the window becomes narrow before it can become narrower.
        for _ in range(2):
            run("xdotool", "windowsize", window, width, height)
            time.sleep(1)
        run("xdotool", "windowmove", window, 0, 0, "windowfocus", window)
        time.sleep(10)
        for page, key in PAGES.items() if project else {"welcome": None}.items():
            if key:
                run("xdotool", "key", key)
                time.sleep(6)
            shoot(f"{page}-{style}-{size}{suffix}.png", window)
    finally:
        program.terminate()
        program.wait()


def inside(build, project, style, size, suffix):
    sitting(build, project, style, size, suffix)
    sitting(build, None, style, size, suffix)


def main():
    if len(sys.argv) > 2:
        inside(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), *sys.argv[3:6])
        return
    build = pathlib.Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory() as top:
        project = make_project(build / "handful-cli", pathlib.Path(top))
        for style in ["light", "dark"]:
            for size in SIZES:
                for suffix, language in LANGUAGES.items():
                    # Folders are shown as "~/Pictures/bearings".
                    env = dict(os.environ, HOME=top, ADW_DEBUG_COLOR_SCHEME="prefer-" + style)
                    if language:
                        env.update(LANGUAGE=language, LANG=language + ".UTF-8")
                    else:
                        env.update(LANGUAGE="en", LANG="C.UTF-8")
                    run(sys.executable, DISPLAY, "--size", "1400x900", sys.executable, __file__,
                        build, project, style, size, suffix, env=env)


main()
