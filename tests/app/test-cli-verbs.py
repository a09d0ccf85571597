"""Usage, help, statuses and output of handful-cli."""
import json
import os
import pty
import re
import signal
import subprocess
import time

from tap import CLI, PATIENCE_S, PICTURES, ROOT, Home, main, read_safetensors

VERBS = ["bakeoff", "bench", "classify", "devices", "doctor", "doubt", "embed", "evaluate", "models",
         "predict", "proof", "suggest", "tokens", "train", "verify", "watch"]


def version(home):
    assert re.fullmatch(r"handful-cli \d+\.\d+\.\d+\n", home.run("--version").expect(0).out)


def help_names_every_verb_and_has_an_example_for_each(home):
    text = home.run("--help").expect(0).out
    for verb in VERBS:
        assert "  %s " % verb in text
        own = home.run(verb, "--help").expect(0).out
        assert "Example:\n  handful-cli " + verb in own, own
    for verb in ("list", "info", "add", "remove", "get"):
        assert "Example:\n  handful-cli models " + verb in home.run("models", verb, "--help").expect(0).out


def wrong_usage_is_one_sentence_and_status_2(home):
    for args in ([], ["nonsense"], ["tokens"], ["tokens", "--nonsense", "x"], ["embed"], ["embed", "x.png"],
                 ["embed", "-o", "out"], ["embed", "-o", "out", "--precision", "f64", "x.png"],
                 ["embed", "-o", "out", "--framing", "circle", "x.png"],
                 ["embed", "-o", "out", "--framing", "tiles:2x2", "x.png"], ["classify", "x.png"],
                 ["classify", "--class", "a"], ["classify", "--class", "", "--class", "b", "x.png"],
                 ["embed", "-o", "", "x.png"], ["bench", "8"], ["doctor", "x"], ["devices", ""],
                 ["models", "list", "x"], ["bench", "--threads", "100000"], ["bench", "--seconds", "nan"],
                 ["models", "get", "m", "--retries", "-1"],
                 ["classify", "--class", "a", "--class", "a", "x.png"],
                 ["classify", "--class", "a", "--template", "no place", "x.png"],
                 ["bench", "--batch", "0"], ["bench", "--batch", "many"], ["bench", "--threads", "-1"],
                 ["models"], ["models", "nonsense"], ["models", "add"], ["models", "get"], ["models", "remove"],
                 ["models", "info"], ["models", "info", "a", "b"], ["devices", "--jsn"]):
        r = home.run(*args).expect(2)
        assert r.out == "" and r.err.count("\n") == 1 and r.err.startswith("handful-cli: "), (args, r.err)


def two_dashes_end_the_options(home):
    assert json.loads(home.run("tokens", "--json", "--", "--json", "-x").expect(0).out)[1][1] == 268


def long_texts_are_cut_with_a_warning(home):
    text = "1 " * 80
    r = home.run("tokens", "--json", text, "short").expect(0, "82 tokens", "1 1 1")
    ids = json.loads(r.out)[0]
    assert len(ids) == 77 and ids[-1] == 49407
    assert r.err.count("\n") == 1
    r = home.run("tokens", "--strict", text).expect(2, "82 tokens")
    assert r.out == ""
    picture = os.path.join(PICTURES, "good.jpg")
    home.run("embed", "--text", text, "-o", "out", picture).expect(0, "82 tokens")
    os.remove(home.file("out"))
    home.run("embed", "--strict", "--text", text, "-o", "out", picture).expect(2, "82 tokens")
    assert not os.path.exists(home.file("out"))
    home.run("classify", "--class", text, "--class", "b", picture).expect(0, "tokens")
    home.run("classify", "--strict", "--class", text, "--class", "b", picture).expect(2, "tokens")


def devices(home):
    listed = json.loads(home.run("devices", "--json").expect(0).out)
    assert sum(d["chosen"] for d in listed) == 1
    for d in listed:
        assert d["type"] in ("cpu", "gpu", "accelerator") and d["memory_bytes"] > 0 and d["reason"]
        assert d["precisions"] == [p for p in ("f32", "f16", "bf16", "int8") if p in d["precisions"]]
        assert d["precisions"][:2] == ["f32", "f16"]
    assert listed[0]["name"] in home.run("devices").expect(0).out


def a_device_that_is_not_there(home):
    """It is told before anything is looked at, whatever is remembered."""
    picture = os.path.join(PICTURES, "good.jpg")
    rings = os.path.join(ROOT, "tests", "pictures", "rings")
    home.run("project", "new", "p.handful", rings).expect(0)
    home.run("label", "import", "-P", "p.handful", rings).expect(0)
    classes = ("classify", "--class", "a", "--class", "b", picture)
    home.run(*classes).expect(0)
    for verb in (classes, ("embed", "-o", "out", picture), ("bench",), ("models", "add", "nowhere"),
                 ("models", "get", "nothing"), ("predict", "no.probe", picture), ("verify", "no.probe"),
                 ("watch", "no.probe", "nowhere"), ("train", "-P", "p.handful", "-o", "p.probe"),
                 ("evaluate", "-P", "p.handful"), ("report", "-P", "p.handful", "-o", "r.html"),
                 ("suggest", "-P", "p.handful"), ("doubt", "-P", "p.handful"),
                 ("bakeoff", "-P", "p.handful", "-m", "starter")):
        r = home.run(*verb, "--device", "no such device").expect(2, "no such device", "devices")
        assert r.err.count("\n") == 1 and not r.out, verb
    assert sorted(os.listdir(home.path)) == ["p.handful"]
    home.run(*classes, "--device", "").expect(0)


def no_device_is_said_to_be_faster_than_one_that_is_not_there(home):
    listed = json.loads(home.run("devices", "--json", env={"HANDFUL_DEVICE": "no such device"}).expect(0).out)
    for d in listed:
        assert not d["chosen"]
        assert not d["usable"] or d["reason"] == "HANDFUL_DEVICE asks for another."


def doctor(home):
    text = home.run("doctor").expect(0).out
    for line in text.splitlines():
        assert not line or line[0] in "\u2713\u2717 H", line
    assert "\u2713 The starter model computes" in text


def doctor_without_the_starter(home):
    os.mkdir(home.file("empty"))
    r = home.run("doctor", env={"HANDFUL_DATA_DIR": home.file("empty")}).expect(1)
    assert "\u2717 The starter model does not compute" in r.out and "HANDFUL_DATA_DIR" in r.out


def doctor_with_a_read_only_cache(home):
    with open(home.file("file"), "w"):
        pass
    r = home.run("doctor", env={"XDG_CACHE_HOME": home.file("file")}).expect(0)
    assert "cannot be written" in r.out and "XDG_CACHE_HOME" in r.out


def bench(home):
    r = json.loads(home.run("bench", "--json", "--seconds", "0", "--batch", "2", "--batch", "1",
                            "--precision", "f32", "--threads", "1").expect(0).out)
    assert r["threads"] == 1 and r["device"]
    assert [(x["what"], x["batch"]) for x in r["results"]] == [("image", 2), ("image", 1), ("text", 2), ("text", 1)]
    for x in r["results"]:
        assert x["precision"] == "f32"
        assert "profile" not in x
        assert 0 < x["per_second"]["min"] <= x["per_second"]["median"] <= x["per_second"]["max"]


def bench_profile(home):
    r = json.loads(home.run("bench", "--json", "--profile", "--seconds", "0", "--batch", "1").expect(0).out)
    for x in r["results"]:
        seconds = [k["seconds"] for k in x["profile"]]
        assert seconds == sorted(seconds, reverse=True) and seconds[-1] >= 0 and len(seconds) > 2
        assert all(k["launches"] % 3 == 0 for k in x["profile"])
    assert " launches " in home.run("bench", "--profile", "--seconds", "0", "--batch", "1").expect(0).out


def a_full_stdout_is_a_failure(home):
    with open("/dev/full", "wb") as full:
        r = subprocess.run([CLI, "tokens", "x"], stdout=full, stderr=subprocess.PIPE, env=home.environment())
    assert r.returncode == 1 and b"could not be written" in r.stderr


def closed_streams_are_no_files(home):
    """What is opened next must not become stderr, or messages land in it."""
    def close_all():
        for fd in (0, 1, 2):
            os.close(fd)
    picture = os.path.join(PICTURES, "good.jpg")
    home.run("embed", "-o", "out", "none.png", picture, preexec=close_all).expect(3)
    read_safetensors(home.file("out"))
    home.run("tokens", "x", preexec=lambda: os.close(1)).expect(1, "could not be written")
    home.run("embed", "-o", "out", "-", preexec=lambda: os.close(0)).expect(1, "cannot be read")


def a_closed_pipe_ends_it_quietly(home):
    p = subprocess.Popen([CLI, "tokens"] + ["a photo of a cat"] * 20000, stdout=subprocess.PIPE,
                         stderr=subprocess.PIPE, env=home.environment())
    p.stdout.readline()
    p.stdout.close()
    assert p.stderr.read() == b""
    assert p.wait() == -signal.SIGPIPE


def names_stay_utf8_in_any_locale(home):
    for locale in ("C", "de_DE.UTF-8", "tr_TR.UTF-8"):
        r = home.run("classify", "--json", "--class", "\u00e4\u03b1", "--class", "b",
                     os.path.join(PICTURES, "good.jpg"), env={"LC_ALL": locale}).expect(0)
        assert "\u00e4\u03b1" in r.out and 0 < r.lines()[0]["probabilities"]["b"] < 1


def wait_for(condition):
    end = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.02)


def ctrl_c_leaves_no_file(home):
    """Stopped while it waits for work: the list of pictures is a pipe."""
    many = [os.path.join(PICTURES, "good.jpg")] * 20000
    p = subprocess.Popen([CLI, "embed", "--no-cache", "-o", home.file("out"), "-"], stdin=subprocess.PIPE,
                         stderr=subprocess.PIPE, env=home.environment())
    p.stdin.write("\n".join(many).encode())
    p.stdin.close()
    # It is at work once it has threads that decode.
    wait_for(lambda: len(os.listdir("/proc/%d/task" % p.pid)) > 4)
    p.send_signal(signal.SIGINT)
    assert p.wait(PATIENCE_S) == 130
    assert p.stderr.read() == b""
    assert os.listdir(home.path) == []


def on_terminal(home, *args):
    """What a terminal of 100 columns shows of stderr; None where there is none
    to be had (a container without /dev/pts)."""
    try:
        master, slave = pty.openpty()
    except OSError:
        return None
    p = subprocess.Popen([CLI, *args], stdout=subprocess.DEVNULL, stderr=slave,
                         env=home.environment(COLUMNS="100", TERM="xterm"), cwd=home.path)
    os.close(slave)
    shown = b""
    while True:
        try:
            part = os.read(master, 65536)
        except OSError:
            break
        if not part:
            break
        shown += part
    os.close(master)
    assert p.wait() == 0
    return shown.decode()


def a_terminal_shows_progress_and_a_pipe_does_not(home):
    args = ("embed", "-o", "out") + (os.path.join(PICTURES, "good.jpg"),) * 40
    shown = on_terminal(home, *args)
    if shown is None:
        return "no pseudo-terminal here"
    assert re.search(r"Embedding \[[#.]+\] \d+ of 40", shown), shown
    assert shown.endswith("\r\x1b[K"), "the bar stays on the terminal"
    assert all(len(part) < 110 for part in shown.split("\r"))
    assert home.run(*args).expect(0).err == ""


main(version, help_names_every_verb_and_has_an_example_for_each, wrong_usage_is_one_sentence_and_status_2,
     two_dashes_end_the_options, long_texts_are_cut_with_a_warning, devices, a_device_that_is_not_there, doctor,
     doctor_without_the_starter, doctor_with_a_read_only_cache, bench, bench_profile, a_full_stdout_is_a_failure,
     closed_streams_are_no_files, no_device_is_said_to_be_faster_than_one_that_is_not_there,
     a_closed_pipe_ends_it_quietly, names_stay_utf8_in_any_locale, ctrl_c_leaves_no_file,
     a_terminal_shows_progress_and_a_pipe_does_not)
