"""predict, verify and watch with a bundle trained on the sample."""
import csv
import hashlib
import io
import json
import os
import queue
import random
import resource
import shutil
import signal
import struct
import subprocess
import threading
import time
import zipfile

from tap import CLI, PATIENCE_S, ROOT, STARTER, Home, main

RINGS = os.path.join(ROOT, "tests", "pictures", "rings")
PICTURES = sorted(os.path.join(d, f) for d, _, names in os.walk(RINGS) for f in names if f.endswith(".jpg"))
MEMBERS = ["path", "class", "probability", "probabilities", "verdict", "bundle", "image_sha256", "ms"]
shared = Home()


def bundle(*options):
    """A probe on the sample, trained once for each choice of options."""
    path = shared.file("probe%s.probe" % "".join(options).replace("/", "_"))
    if not os.path.exists(path):
        shared.run("train", "--labels", RINGS, "--good", "good", "--groups", "^(.*)__", *options, "-o", path).expect(0)
    return path


def sha256(path):
    with open(path, "rb") as f:
        return hashlib.sha256(f.read()).hexdigest()


def predict_prints_exactly_these_members_in_order(home):
    probe = bundle()
    mixed = PICTURES[3:7] + PICTURES[:2]
    got = home.run("predict", probe, "--json", *mixed).expect(0).lines()
    assert [g["path"] for g in got] == mixed
    for g in got:
        assert list(g) == MEMBERS, list(g)
        assert abs(sum(g["probabilities"].values()) - 1) < 1e-6
        assert g["probability"] == max(g["probabilities"].values()) == g["probabilities"][g["class"]]
        assert g["verdict"] in ("pass", "reject", "unsure", "unknown") and g["ms"] >= 0
        assert g["bundle"] == sha256(probe) and g["image_sha256"] == sha256(g["path"])
    assert set(got[0]["probabilities"]) == set(os.listdir(RINGS))
    # Alone, from a folder, and a second time it is the same.
    whole = home.run("predict", probe, "--json", RINGS).expect(0).lines()
    assert [w["path"] for w in whole] == PICTURES
    again = {w["path"]: w["probabilities"] for w in whole}
    assert all(again[g["path"]] == g["probabilities"] for g in got)
    right = sum(w["class"] == os.path.basename(os.path.dirname(w["path"])) for w in whole)
    assert right > 0.8 * len(whole), right


def predict_as_table_and_as_text(home):
    probe = bundle()
    odd = home.file('a, "b".jpg')
    shutil.copy(PICTURES[0], odd)
    json_line = home.run("predict", probe, "--json", odd).expect(0).lines()[0]
    rows = list(csv.reader(io.StringIO(home.run("predict", probe, "--csv", odd).expect(0).out)))
    assert rows[0][:7] == ["path", "class", "probability", "verdict", "bundle", "image_sha256", "ms"]
    assert rows[1][:2] == [odd, json_line["class"]] and float(rows[1][2]) == json_line["probability"]
    assert [float(x) for x in rows[1][7:]] == list(json_line["probabilities"].values())
    text = home.run("predict", probe, odd).expect(0).out
    assert json_line["verdict"] in text and json_line["class"] in text and odd in text


def predict_names_what_it_refuses(home):
    probe = bundle()
    bad = home.file("bad.jpg")
    with open(bad, "wb") as f:
        f.write(b"no picture")
    r = home.run("predict", probe, "--json", PICTURES[0], bad, home.file("none.jpg"), PICTURES[1])
    r.expect(3, "bad.jpg", "none.jpg")
    assert [g["path"] for g in r.lines()] == [PICTURES[0], PICTURES[1]]
    home.run("predict", probe, "-", stdin=b"\n\n").expect(3, "names no picture")
    home.run("predict", probe, "-", stdin=b"a\0b\n").expect(1, "NUL")


def cut_in_two(weights, folder):
    """The safetensors file `weights` as two files and their index, as transformers writes them."""
    with open(weights, "rb") as f:
        raw = f.read()
    start = 8 + struct.unpack("<Q", raw[:8])[0]
    header = {n: t for n, t in json.loads(raw[8:start]).items() if n != "__metadata__"}
    where = {}
    for k in range(2):
        part, data = {}, b""
        file = "model-0000%d-of-00002.safetensors" % (k + 1)
        for name in sorted(header)[k::2]:
            a, b = header[name]["data_offsets"]
            part[name] = dict(header[name], data_offsets=[len(data), len(data) + b - a])
            data += raw[start + a:start + b]
            where[name] = file
        head = json.dumps(part).encode()
        with open(os.path.join(folder, file), "wb") as f:
            f.write(struct.pack("<Q", len(head)) + head + data)
    with open(os.path.join(folder, "model.safetensors.index.json"), "w") as f:
        json.dump({"metadata": {}, "weight_map": where}, f)


def a_model_in_several_files_goes_inside_whole(home):
    model, probe = home.file("my-model"), home.file("parts.probe")
    os.makedirs(model)
    cut_in_two(os.path.join(STARTER, "open_clip_model.safetensors"), model)
    shutil.copy(os.path.join(STARTER, "open_clip_config.json"), model)
    home.run("train", "--labels", RINGS, "--good", "good", "--groups", "^(.*)__", "--model", model, "--include-model",
             "-o", probe).expect(0)
    with zipfile.ZipFile(probe) as z:
        assert [n for n in z.namelist() if n.startswith("model/")] == [
            "model/" + n for n in sorted(os.listdir(model))], z.namelist()
    wanted = home.run("predict", bundle(), "--json", *PICTURES[:5]).expect(0).lines()
    shutil.rmtree(model)
    os.makedirs(home.file("nothing"))
    elsewhere = {"XDG_DATA_HOME": home.file("nothing"), "HANDFUL_DATA_DIR": home.file("nothing"),
                 "XDG_CACHE_HOME": home.file("cache")}
    got = home.run("predict", probe, "--json", *PICTURES[:5], env=elsewhere).expect(0).lines()
    # The same weights are the same model, however many files they lie in.
    assert [g["probabilities"] for g in got] == [w["probabilities"] for w in wanted]
    home.run("verify", probe, env=elsewhere).expect(0)


def predict_answers_each_path_on_stdin_as_it_comes(home):
    p = subprocess.Popen([CLI, "predict", bundle(), "--json", PICTURES[0], "-", PICTURES[1]], stdin=subprocess.PIPE,
                         stdout=subprocess.PIPE, env=home.environment())
    assert json.loads(p.stdout.readline())["path"] == PICTURES[0]
    for path in PICTURES[5:9]:
        p.stdin.write(path.encode() + b"\n")
        p.stdin.flush()
        assert json.loads(p.stdout.readline())["path"] == path
    # A last line without an end, a folder, and the argument behind it.
    p.stdin.write(os.path.dirname(PICTURES[0]).encode())
    out = p.communicate()[0].splitlines()
    inside = [q for q in PICTURES if os.path.dirname(q) == os.path.dirname(PICTURES[0])]
    assert [json.loads(line)["path"] for line in out] == inside + [PICTURES[1]]
    assert p.returncode == 0


def a_model_inside_is_all_that_is_needed(home):
    """Another machine: no model is installed, not even the starter, and nothing is cached."""
    model = home.file("my-model")
    shutil.copytree(STARTER, model)
    alone, whole = home.file("alone.probe"), home.file("whole.probe")
    learn = ["train", "--labels", RINGS, "--good", "good", "--groups", "^(.*)__", "--model", model]
    home.run(*learn, "-o", alone).expect(0)
    home.run(*learn, "--include-model", "-o", whole).expect(0)
    wanted = home.run("predict", alone, "--json", *PICTURES[:5]).expect(0).lines()
    shutil.rmtree(model)
    os.makedirs(home.file("nothing"))
    elsewhere = {"XDG_DATA_HOME": home.file("nothing"), "HANDFUL_DATA_DIR": home.file("nothing"),
                 "XDG_CACHE_HOME": home.file("cache")}
    home.run("predict", alone, *PICTURES[:5], env=elsewhere).expect(1, "my-model", "is installed")
    got = home.run("predict", whole, "--json", *PICTURES[:5], env=elsewhere).expect(0).lines()
    assert [g["probabilities"] for g in got] == [w["probabilities"] for w in wanted]
    home.run("verify", whole, env=elsewhere).expect(0)
    # Learning further needs nothing else either, and keeps the model's name.
    next_one = home.file("next.probe")
    home.run("train", "--update", whole, "--labels", RINGS, "--good", "good", "--groups", "^(.*)__",
             "--include-model", "-o", next_one, env=elsewhere).expect(0)
    with zipfile.ZipFile(next_one) as z:
        assert json.loads(z.read("manifest.json"))["model"]["name"] == "my-model"
        assert "model/open_clip_model.safetensors" in z.namelist()
    home.run("verify", next_one, env=elsewhere).expect(0)
    classic = home.file("classic.probe")
    home.run("train", "--labels", RINGS, "--features", "classic", "--include-model", "-o", classic).expect(0)
    with zipfile.ZipFile(classic) as z:
        assert not [n for n in z.namelist() if n.startswith("model/")]
        assert any("needs no model" in w for w in json.loads(z.read("manifest.json"))["warnings"])


def wrong_usage(home):
    for args in (["predict"], ["predict", "x.probe"], ["predict", "--json", "--csv", "x.probe", "y"], ["verify"],
                 ["verify", "a", "b"], ["watch"], ["watch", "x.probe"], ["watch", "x.probe", "d", "e"]):
        r = home.run(*args).expect(2)
        assert r.out == "" and r.err.count("\n") == 1, r.err
    for args in (["predict", home.file("no.probe"), "x"], ["verify", RINGS], ["watch", bundle(), home.file("no")]):
        r = home.run(*args).expect(1)
        assert r.out == "" and r.err.count("\n") == 1, r.err


def tiles_have_a_map(home):
    got = home.run("predict", bundle("--framing", "tiles:3x2"), "--json", PICTURES[0]).expect(0).lines()[0]
    assert list(got) == MEMBERS + ["tiles"]
    assert set(got["tiles"]) == set(got["probabilities"])
    for rows in got["tiles"].values():
        assert len(rows) == 2 and all(len(row) == 3 for row in rows)
    for r in range(2):
        for c in range(3):
            assert abs(sum(rows[r][c] for rows in got["tiles"].values()) - 1) < 1e-6


def tamper(path, to, change):
    """Rewrites a bundle with right sums after @change on its {name: bytes}."""
    with zipfile.ZipFile(path) as z:
        members = {i.filename: z.read(i) for i in z.infolist()}
    manifest = json.loads(members["manifest.json"])
    change(members, manifest)
    manifest["members"] = [{"name": n, "size_bytes": len(d), "sha256": hashlib.sha256(d).hexdigest()}
                           for n, d in members.items() if n != "manifest.json"]
    members["manifest.json"] = json.dumps(manifest).encode()
    with zipfile.ZipFile(to, "w") as z:
        for name, data in members.items():
            z.writestr(zipfile.ZipInfo(name), data)
    return to


def verify_says_what_it_saw(home):
    for options in ((), ("--features", "clip+classic", "--views", "4"), ("--framing", "tiles:3x2"),
                    ("--features", "classic", "--background", PICTURES[0])):
        r = home.run("verify", bundle(*options)).expect(0)
        assert "every member is whole" in r.out and "the same numbers" in r.out, r.out
        assert ("starter" in r.out) == ("classic" not in options)


def what_a_killed_verify_left_is_swept(home):
    tmp = home.file("tmp")
    os.makedirs(os.path.join(tmp, ".handful-bundle-left"))
    home.run("verify", bundle(), env={"TMPDIR": tmp}).expect(0)
    assert os.listdir(tmp) == []


def verify_names_what_moved(home):
    def move(members, manifest):
        raw = bytearray(members["golden.safetensors"])
        n = struct.unpack("<Q", raw[:8])[0]
        head = json.loads(raw[8:8 + n])
        # The second picture's features, turned round.
        t = head["clip"]
        row = (t["data_offsets"][1] - t["data_offsets"][0]) // t["shape"][0]
        at = 8 + n + t["data_offsets"][0] + row
        raw[at:at + row] = raw[at:at + row][::-1]
        floats = [max(-1, min(1, i % 7 - 3)) * 0.1 for i in range(row // 4)]
        raw[at:at + row] = struct.pack("<%df" % len(floats), *floats)
        members["golden.safetensors"] = bytes(raw)
        moved.extend(json.loads(head["__metadata__"]["names"]))

    def swap(members, manifest):
        names = sorted(n for n in members if n.startswith("golden/"))
        members[names[0]], members[names[-1]] = members[names[-1]], members[names[0]]
        moved.extend(names)

    def lie(members, manifest):
        manifest["precision"] = "f32"

    moved = []
    home.run("verify", tamper(bundle(), home.file("a.probe"), move)).expect(1, "moved, first")
    r = home.run("verify", home.file("a.probe")).expect(1, moved[1], "1 of ")
    moved.clear()
    tamper(bundle(), home.file("b.probe"), swap)
    home.run("verify", home.file("b.probe")).expect(1, moved[0], "2 of ")
    assert r.out == ""
    home.run("verify", tamper(bundle(), home.file("c.probe"), lie)).expect(1, "precision f32", "made with f16")
    with open(bundle(), "rb") as f:
        raw = bytearray(f.read())
    raw[len(raw) // 2] ^= 4
    with open(home.file("d.probe"), "wb") as f:
        f.write(raw)
    for verb in ("verify", "predict"):
        home.run(verb, home.file("d.probe"), *[PICTURES[0]][:verb == "predict"]).expect(1, "d.probe is refused", "member")


def another_model_is_refused(home):
    other = home.file("other")
    shutil.copytree(STARTER, other)
    weights = os.path.join(other, "open_clip_model.safetensors")
    with open(weights, "r+b") as f:
        f.seek(-4, os.SEEK_END)
        last = f.read(4)
        f.seek(-4, os.SEEK_END)
        f.write(bytes([last[0] ^ 1]) + last[1:])
    for verb, more in (("predict", [PICTURES[0]]), ("verify", []), ("watch", [home.path])):
        r = home.run(verb, bundle(), "--model", other, *more).expect(1, "identity", "trained with")
        assert r.out == "" and r.err.count("\n") == 1, r.err
    home.run("predict", bundle(), "--model", "starter", PICTURES[0]).expect(0)
    # Nowhere to be found: its name and what to do are said.
    empty = home.file("empty")
    os.mkdir(empty)
    home.run("predict", bundle(), PICTURES[0], env={"HANDFUL_DATA_DIR": empty}).expect(1, "starter", "models add")


class Watch:
    """A running watch with its lines as they come."""

    def __init__(self, home, folder, *options, probe=None, **how):
        env = home.environment(XDG_STATE_HOME=home.file("state"))
        self.p = subprocess.Popen([CLI, "watch", probe or bundle(), folder, "--json", *options],
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=env, **how)
        self.lines = queue.Queue()
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()

    def read(self):
        for line in self.p.stdout:
            if line.endswith(b"\n"):
                self.lines.put(json.loads(line))

    def next(self):
        return self.lines.get(timeout=PATIENCE_S)

    def quiet(self, seconds):
        time.sleep(seconds)
        return self.lines.empty()

    def rest(self):
        return [self.lines.get() for _ in range(self.lines.qsize())]

    def end(self, number=signal.SIGTERM):
        self.p.send_signal(number)
        code = self.p.wait(PATIENCE_S)
        self.reader.join(PATIENCE_S)
        return code, self.p.stderr.read().decode()


def new_folder(home, n=0):
    folder = home.file("camera")
    os.mkdir(folder)
    for i in range(n):
        shutil.copy(PICTURES[i], os.path.join(folder, "%03d.jpg" % i))
    return folder


def watch_judges_what_is_complete(home):
    folder = new_folder(home, 1)
    w = Watch(home, folder)
    first = w.next()
    assert list(first) == MEMBERS and first["path"] == os.path.join(folder, "000.jpg")
    with open(PICTURES[9], "rb") as f:
        picture = f.read()
    slowest = 0
    for name, move in (("a.jpg", False), ("B.JPG", True), ("lot/deep/c.jpg", False), ("lot/d.jpg", True)):
        path = os.path.join(folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        where = os.path.join(os.path.dirname(path), ".hidden.jpg") if move else path
        with open(where, "wb") as f:
            f.write(picture)
        assert not move or w.quiet(0.6)
        os.rename(where, path)
        start = time.monotonic()
        assert w.next()["path"] == path
        slowest = max(slowest, time.monotonic() - start)
    # Half of it, for as long as its writer likes; also in two goes.
    for closes in (False, True):
        path = os.path.join(folder, "half%d.jpg" % closes)
        f = open(path, "wb")
        f.write(picture[:len(picture) // 2])
        f.flush()
        if closes:
            f.close()
        assert w.quiet(1.5), w.rest()
        if closes:
            f = open(path, "ab")
        f.write(picture[len(picture) // 2:])
        f.close()
        start = time.monotonic()
        assert w.next()["path"] == path
        slowest = max(slowest, time.monotonic() - start)
    # Written anew it is another picture.
    shutil.copy(PICTURES[20], os.path.join(folder, "a.jpg"))
    assert w.next()["image_sha256"] == sha256(PICTURES[20])
    with open(os.path.join(folder, "notes.txt"), "w") as f:
        f.write("no picture")
    assert w.quiet(1)
    code, err = w.end()
    assert code == 143 and err == "", (code, err)
    # Aim: 1 second. A machine at other work takes longer.
    print("# slowest %.3f s" % slowest)


def watch_judges_each_once_across_restarts(home):
    folder = new_folder(home, 6)
    w = Watch(home, folder)
    assert len({w.next()["path"] for _ in range(6)}) == 6
    second = Watch(home, folder)
    assert second.p.wait(PATIENCE_S) == 1 and b"already watched" in second.p.stderr.read()
    assert w.end()[0] == 143
    shutil.copy(PICTURES[8], os.path.join(folder, "late.jpg"))
    w = Watch(home, folder)
    assert w.next()["path"].endswith("late.jpg")
    assert w.quiet(1)
    w.end()


def watch_refuses_a_damaged_picture_once(home):
    folder = new_folder(home)
    with open(os.path.join(folder, "bad.jpg"), "wb") as f:
        f.write(b"\xff\xd8\xff no picture")
    w = Watch(home, folder)
    assert w.quiet(6)
    code, err = w.end()
    assert code == 143 and err.count("bad.jpg") == 1, err
    w = Watch(home, folder)
    assert w.quiet(5) and w.end()[1] == ""


def a_reader_that_goes_away_loses_nothing(home):
    folder = new_folder(home, 30)
    env = home.environment(XDG_STATE_HOME=home.file("state"))
    p = subprocess.Popen([CLI, "watch", bundle(), folder, "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                         env=env)
    seen = b""
    while seen.count(b"\n") < 2:
        seen += os.read(p.stdout.fileno(), 256)
    time.sleep(3)
    p.stdout.close()
    assert p.wait(PATIENCE_S) == 1 and b"Nobody reads" in p.stderr.read()
    taken = {json.loads(line)["path"] for line in seen.split(b"\n")[:-1]}
    # A picture that was judged and is gone is told of all the same.
    gone = os.path.join(folder, "029.jpg")
    os.remove(gone)
    w = Watch(home, folder)
    got = [w.next()["path"] for _ in range(30 - len(taken))]
    assert w.quiet(1)
    assert len(set(got)) == len(got) and set(got) | taken == {os.path.join(folder, "%03d.jpg" % i) for i in range(30)}
    assert gone in got
    w.end()
    w = Watch(home, folder)
    assert w.quiet(2)
    w.end()


def killed_at_any_moment_nothing_is_lost(home):
    folder = new_folder(home)
    dice = random.Random(5)
    said, n = {}, 0
    for _ in range(14):
        w = Watch(home, folder)
        end = time.monotonic() + dice.uniform(0.05, 1.2)
        while time.monotonic() < end:
            shutil.copy(PICTURES[n % len(PICTURES)], os.path.join(folder, "%04d.jpg" % n))
            n += 1
            time.sleep(dice.uniform(0, 0.05))
        w.end(signal.SIGKILL)
        for line in w.rest():
            said[line["path"]] = said.get(line["path"], 0) + 1
    w = Watch(home, folder)
    # All may have been read before the last kill already, and the last of them not settled: these come again.
    while len(said) < n or not w.quiet(1):
        path = w.next()["path"]
        said[path] = said.get(path, 0) + 1
    w.end()
    assert len(said) == n, (len(said), n)
    # How many were read and not yet settled when a kill came is a matter of the machine's load; once settled, none
    # comes again.
    print("# %d pictures, 14 kills, %d verdicts told twice" % (n, sum(k > 1 for k in said.values())))
    # Whatever was there is looked at before what comes later.
    w = Watch(home, folder)
    last = os.path.join(folder, "%04d.jpg" % n)
    shutil.copy(PICTURES[0], last)
    assert w.next()["path"] == last
    w.end()


def moved_pictures_never_replace_others(home):
    folder = new_folder(home, 24)
    os.makedirs(os.path.join(folder, "reject"))
    os.makedirs(os.path.join(folder, "lot1"))
    shutil.copy(PICTURES[0], os.path.join(folder, "lot1", "000.jpg"))
    with open(os.path.join(folder, "reject", "000.jpg"), "w") as f:
        f.write("mine")
    w = Watch(home, folder, "--move")
    got = [w.next() for _ in range(25)]
    for line in got:
        name = os.path.relpath(line["path"], folder)
        assert not os.path.exists(line["path"])
        if name != "000.jpg":
            assert sha256(os.path.join(folder, line["verdict"], name)) == line["image_sha256"]
    first = next(g for g in got if os.path.relpath(g["path"], folder) == "000.jpg")
    assert first["verdict"] == "reject"
    assert sha256(os.path.join(folder, "reject", "000-2.jpg")) == first["image_sha256"]
    with open(os.path.join(folder, "reject", "000.jpg")) as f:
        assert f.read() == "mine"
    assert w.end()[1] == ""
    # What was moved is not judged again, with the option or without it.
    os.remove(os.path.join(folder, "reject", "000.jpg"))
    for options in ((), ("--move",)):
        w = Watch(home, folder, *options)
        assert w.quiet(2), w.rest()
        assert w.end()[1] == ""


def kills_while_moving_lose_no_picture(home):
    folder = new_folder(home)
    dice = random.Random(6)
    said, hashes = set(), {}
    for turn in range(10):
        for i in range(8):
            n = len(hashes)
            path = os.path.join(folder, "%04d.jpg" % n)
            with open(PICTURES[n % len(PICTURES)], "rb") as f:
                data = f.read() + b"%d" % n
            with open(path, "wb") as f:
                f.write(data)
            hashes[hashlib.sha256(data).hexdigest()] = path
        w = Watch(home, folder, "--move")
        time.sleep(dice.uniform(0.1, 1.0))
        w.end(signal.SIGKILL)
        said |= {line["image_sha256"] for line in w.rest()}
    w = Watch(home, folder, "--move")
    while len(said) < len(hashes):
        said.add(w.next()["image_sha256"])
    time.sleep(1)
    w.end()
    assert said == set(hashes)
    there = [sha256(os.path.join(d, f)) for d, _, names in os.walk(folder) for f in names]
    assert sorted(there) == sorted(hashes), "a picture is missing or doubled"
    assert not [f for f in os.listdir(folder) if f.endswith(".jpg")]


def a_full_disk_ends_it_and_loses_nothing(home):
    folder = new_folder(home, 4)
    told = []
    # The first has no room for a journal, the second for some verdicts.
    for limit, least in ((24 << 10, 0), (110 << 10, 4)):
        w = Watch(home, folder, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)))
        for i in range(40):
            if w.p.poll() is not None:
                break
            if least:
                shutil.copy(PICTURES[i], os.path.join(folder, "later%02d.jpg" % i))
            time.sleep(0.2)
        assert w.p.wait(PATIENCE_S) == 1
        w.reader.join(PATIENCE_S)
        err = w.p.stderr.read().decode()
        assert "journal" in err and "Nothing is lost" in err, err
        told += [line["path"] for line in w.rest()]
        assert len(told) >= least, told
    shutil.copy(PICTURES[0], os.path.join(folder, "after.jpg"))
    w = Watch(home, folder)
    there = {os.path.join(folder, name) for name in os.listdir(folder)}
    while set(told) != there:
        told.append(w.next()["path"])
    assert w.quiet(1)
    w.end()


def a_folder_that_vanishes_ends_it(home):
    folder = new_folder(home, 1)
    w = Watch(home, folder)
    w.next()
    shutil.rmtree(folder)
    assert w.p.wait(PATIENCE_S) == 1
    assert "can no longer be read" in w.p.stderr.read().decode()


try:
    main(a_model_inside_is_all_that_is_needed, a_model_in_several_files_goes_inside_whole,
         predict_prints_exactly_these_members_in_order, predict_as_table_and_as_text, predict_names_what_it_refuses,
         predict_answers_each_path_on_stdin_as_it_comes, wrong_usage, tiles_have_a_map, verify_says_what_it_saw,
         what_a_killed_verify_left_is_swept, verify_names_what_moved, another_model_is_refused, watch_judges_what_is_complete,
         watch_judges_each_once_across_restarts, watch_refuses_a_damaged_picture_once,
         a_reader_that_goes_away_loses_nothing, killed_at_any_moment_nothing_is_lost,
         moved_pictures_never_replace_others, kills_while_moving_lose_no_picture,
         a_full_disk_ends_it_and_loses_nothing, a_folder_that_vanishes_ends_it)
finally:
    shutil.rmtree(shared.path, ignore_errors=True)
