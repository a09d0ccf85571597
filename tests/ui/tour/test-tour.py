"""The whole job in the real window, by keyboard: open a folder, label ten a
class, undo, be killed, come back, export; and all of it agrees with
handful-cli to the digit."""
import json
import os
import shutil
import signal
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "..", "app"))
from tap import CLI, ROOT, main  # noqa: E402

STAGE = os.path.abspath(sys.argv[3])
DISPLAY = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "with-display.py")
CLASSES = ["cracked", "good", "rusty"]


def cli(*args):
    r = subprocess.run([CLI, *args], stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
    assert r.returncode == 0, r.stderr.decode()
    return r.stdout.decode()


def stage(*args):
    """What a sitting printed, and how it ended."""
    r = subprocess.run([sys.executable, DISPLAY, STAGE, *args], stdout=subprocess.PIPE,
                       stderr=subprocess.PIPE, check=False, timeout=400)
    lines = [line for line in r.stdout.decode().splitlines() if line.startswith("{")]
    assert len(lines) == 1, (r.returncode, r.stdout.decode()[-500:], r.stderr.decode()[-4000:])
    return json.loads(lines[0]), r.returncode


def make_folder(top):
    """36 rings, by class in the order of their names, from three lots."""
    folder = os.path.join(top, "rings")
    os.mkdir(folder)
    for name in CLASSES:
        source = os.path.join(ROOT, "tests", "pictures", "rings", name)
        pictures = sorted(os.listdir(source))
        # The last two, which stay without a label, are of one lot.
        for i, picture in enumerate(pictures):
            lot = picture.split("__")[0]
            shutil.copy(os.path.join(source, picture),
                        os.path.join(folder, f"{name}{i:02}_{lot}.jpg"))
    return folder


def same_rate(shown, told):
    assert (shown["k"], shown["n"]) == (told["k"], told["n"]), (shown, told)
    for key in ("low", "high"):
        # handful-cli prints nine digits.
        assert abs(shown[key] - told[key]) < 1e-8, (shown, told)


def the_whole_job_by_keyboard_agrees_with_the_command_line(home):
    top = home.path
    folder = make_folder(top)
    project = os.path.join(folder, "rings.handful")
    bundle = os.path.join(top, "rings.probe")

    before, code = stage("label", folder)
    assert code == 128 + signal.SIGKILL, code
    assert "36 pictures, 30 labelled" in cli("project", "info", project)
    told = json.loads(cli("evaluate", "--project", project, "--probe", "gda", "--probe",
                          "zero-shot", "--json"))
    assert told["groups"] == 3, told["groups"]
    for name in ("accuracy", "escape_rate", "overkill"):
        same_rate(before[name], told["probes"]["gda"][name])
    same_rate(before["zero_shot"], told["probes"]["zero-shot"]["accuracy"])

    after, code = stage("export", folder, bundle)
    assert code == 0, code
    predictions = after.pop("predictions")
    assert after == before, (after, before)
    assert len(predictions) == 36
    for line in cli("predict", bundle, "--json", folder).splitlines():
        said = json.loads(line)
        tile = predictions[said["path"]]
        assert tile["class"] == said["class"], (tile, said)
        assert abs(tile["probability"] - said["probability"]) < 1e-6, (tile, said)
    cli("verify", bundle)


main(the_whole_job_by_keyboard_agrees_with_the_command_line)
