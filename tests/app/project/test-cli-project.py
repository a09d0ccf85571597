#!/usr/bin/env python3
"""handful-cli project and label: what a user does with them, on the sample.

    test-cli-project.py HANDFUL_CLI SOURCE_ROOT
"""
import csv
import fcntl
import json
import os
import resource
import shlex
import shutil
import signal
import sqlite3
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import tap  # noqa: E402

RINGS = os.path.join(tap.ROOT, "tests", "pictures", "rings")


def make(home, *more):
    """The sample's pictures, copied, in a project."""
    shutil.copytree(RINGS, home.file("rings"))
    home.run("project", "new", "p.handful", "rings", *more).expect(0)


def label_all(home):
    home.run("label", "import", "--project", "p.handful", "--good", "good",
             "--groups", "^(.*)__", "rings").expect(0)


def info(home, name="p.handful"):
    return json.loads(home.run("project", "info", "--json", name).expect(0).out)


def log(home, *more):
    return home.run("project", "log", "--json", *more, "p.handful").expect(0).lines()


def labels(home, name="p.handful"):
    """Path inside the home to class, as exported."""
    out = home.file("labels-out.csv")
    home.run("label", "export", "--project", name, "--with-sealed", "-o", out).expect(0)
    with open(out, encoding="utf-8", newline="") as f:
        rows = list(csv.reader(f))[1:]
    os.unlink(out)
    return {row[0]: row[1] for row in rows}


def the_examples_of_help_work_on_the_sample(home):
    os.mkdir(home.file("data"))
    os.symlink(os.path.join(tap.ROOT, "data", "sample"), home.file("data", "sample"))
    order = [("project", "new"), ("project", "add-source"), ("label", "import"),
             ("project", "info"), ("project", "set"), ("project", "class"),
             ("project", "template"), ("label", "set"), ("label", "clear"), ("label", "undo"),
             ("label", "redo"), ("label", "seal"), ("label", "export"), ("project", "relabel"),
             ("project", "log"), ("project", "check"), ("project", "recover")]
    listed = set()
    for nested in ("project", "label"):
        for line in home.run(nested, "--help").expect(0).out.splitlines():
            words = line.split()
            if line.startswith("  " + nested + " "):
                listed.add((words[0], words[1]))
    assert listed == set(order), listed ^ set(order)
    for verb in order:
        text = home.run(*verb, "--help").expect(0).out
        example = text[text.index("Example:"):].splitlines()[1].strip()
        words = shlex.split(example)
        assert words[0] == "handful-cli", example
        home.run(*words[1:]).expect(0)
    assert os.path.getsize(home.file("saved.handful")) > 0


def a_project_knows_pictures_and_labels(home):
    make(home)
    label_all(home)
    said = info(home)
    assert (said["images"], said["labelled"], said["groups"]) == (48, 48, 3), said
    assert {c["name"]: (c["kind"], c["labels"]) for c in said["classes"]} == {
        "good": ("good", 12), "rusty": ("defect", 12), "cracked": ("defect", 12),
        "scratched": ("defect", 12)}
    assert said["settings"]["groups"] == "^(.*)__"
    assert len({c["colour"] for c in said["classes"]}) == 4
    assert sorted(os.listdir(home.path)) == ["p.handful", "rings"]


def undo_and_redo_work_over_restarts(home):
    make(home)
    one = "rings/good/lot07__01.jpg"
    run = lambda *a: home.run(*a, "--project", "p.handful")
    run("label", "set", "good", one).expect(0)
    run("label", "set", "bad", "rings/good").expect(0, "new")
    assert set(labels(home).values()) == {"bad"} and len(labels(home)) == 12
    run("label", "undo").expect(0)
    assert labels(home) == {one: "good"}
    run("label", "redo").expect(0)
    run("label", "undo", "-n", "2").expect(0)
    run("label", "undo").expect(1, "nothing to undo")
    run("label", "redo").expect(0)
    assert labels(home) == {one: "good"}
    run("label", "clear", one).expect(0)
    run("label", "redo").expect(1, "nothing to do again")
    assert [e["by"] for e in log(home, "-n", "2")] == ["redo", "hand"]
    assert log(home, "-n", "1")[0]["class"] is None


def pictures_outside_are_refused_and_the_rest_is_done(home):
    make(home)
    shutil.copy(home.file("rings/good/lot07__01.jpg"), home.file("outside.jpg"))
    one = "rings/good/lot07__01.jpg"
    home.run("label", "set", "-P", "p.handful", "good", "outside.jpg", one,
             "rings/none.jpg").expect(3, "outside.jpg", "rings/none.jpg", "add-source")
    assert labels(home) == {one: "good"}
    home.run("label", "set", "-P", "p.handful", "typo", "outside.jpg").expect(3)
    assert [c["name"] for c in info(home)["classes"]] == ["good"]


def a_moved_folder_is_found_with_its_labels(home):
    make(home)
    label_all(home)
    os.mkdir(home.file("away"))
    os.rename(home.file("rings"), home.file("away", "parts"))
    assert not info(home)["sources"][0]["found"]
    home.run("label", "export", "-P", "p.handful", "-o", "x.csv").expect(1)
    home.run("project", "add-source", "p.handful", "away/parts").expect(0)
    said = info(home)
    assert len(said["sources"]) == 1 and said["sources"][0]["found"], said
    assert said["images"] == 48
    assert labels(home)["away/parts/rusty/lot07__01.jpg"] == "rusty"


def a_folder_that_is_gone_is_named(home):
    make(home)
    label_all(home)
    os.rename(home.file("rings"), home.file("away"))
    for verb in ("evaluate", "train", "doubt", "suggest"):
        more = ["-o", "x.probe"] if verb == "train" else []
        home.run(verb, "--project", "p.handful", *more).expect(3, "/rings is not there", "pictures in it: 48")
    home.run("label", "undo", "-P", "p.handful").expect(0)
    home.run("project", "check", "p.handful").expect(0)


def a_moved_folder_can_be_named(home):
    make(home)
    label_all(home)
    shutil.copytree(home.file("rings"), home.file("copy"))
    shutil.rmtree(home.file("copy", "rusty"))
    os.mkdir(home.file("empty"))
    home.run("project", "add-source", "p.handful", "--moved", "rings", "empty").expect(1, "found: 0")
    home.run("project", "add-source", "p.handful", "--moved", "nowhere", "copy").expect(1, "no source")
    home.run("project", "add-source", "p.handful", "--moved", "rings", "copy").expect(0)
    said = info(home)
    assert said["sources"][0]["folder"].endswith("/copy") and said["images"] == 48, said


def a_project_that_moves_with_its_pictures_finds_them(home):
    make(home)
    label_all(home)
    os.mkdir(home.file("stick"))
    for name in ("p.handful", "rings"):
        os.rename(home.file(name), home.file("stick", name))
    said = info(home, "stick/p.handful")
    assert said["sources"][0]["found"] and said["sources"][0]["folder"].endswith("stick/rings")


def renamed_pictures_are_found_by_content(home):
    make(home)
    label_all(home)
    old, new = "rings/rusty/lot07__01.jpg", "rings/good/strange name.jpg"
    os.rename(home.file(old), home.file(new))
    out = home.run("project", "add-source", "p.handful", "rings").expect(0).out
    assert "1 found again" in out, out
    assert labels(home)[new] == "rusty" and info(home)["images"] == 48


def another_picture_under_the_name_is_said(home):
    make(home)
    label_all(home)
    shutil.move(home.file("rings"), home.file("moved"))
    shutil.copy(home.file("moved/good/lot07__01.jpg"), home.file("moved/rusty/lot07__01.jpg"))
    home.run("project", "add-source", "p.handful", "moved").expect(3, "rusty/lot07__01.jpg", "another picture")


def names_of_any_bytes(home):
    folder = home.file("odd").encode()
    os.mkdir(folder)
    names = [b"two\nlines.jpg", b"\xff\xfe.jpg", b" a,\"b\".jpg", b"x" * 251 + b".jpg",
             "é ß 日本.jpg".encode(), b"-dash.jpg", b"%s%n.jpg"]
    for name in names:
        with open(os.path.join(folder, name), "wb") as f:
            f.write(name)
    cls = "rost, \"stark\" ß"
    home.run("project", "new", "p.handful", "odd").expect(0)
    home.run("label", "set", "-P", "p.handful", cls, "odd").expect(0)
    raw = os.fsencode(home.file("l.csv"))
    home.run("label", "export", "-P", "p.handful", "-o", "l.csv").expect(0)
    home.run("project", "new", "q.handful").expect(0)
    home.run("label", "import", "-P", "q.handful", "l.csv").expect(0)
    a, b = info(home), info(home, "q.handful")
    assert a["labelled"] == b["labelled"] == len(names), (a, b)
    assert a["classes"][0]["name"] == b["classes"][0]["name"] == cls
    home.run("label", "export", "-P", "q.handful", "-o", "m.csv").expect(0)
    with open(raw, "rb") as x, open(home.file("m.csv"), "rb") as y:
        assert x.read() == y.read()
    odd_class = os.fsencode("r") + b"\xff\xfe"
    subprocess.run([tap.CLI, "label", "set", "-P", "p.handful", odd_class, "odd"], check=True,
                   cwd=home.path, env=home.environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert "r\\xff\\xfe" in [c["name"] for c in info(home)["classes"]]


def a_class_of_before_keeps_its_line_break(home):
    """An older Handful made classes of any name."""
    make(home)
    label_all(home)
    before = labels(home)
    name = "rust\n\"red\""
    with sqlite3.connect(home.file("p.handful")) as db:
        db.execute("UPDATE class SET name = ? WHERE name = ?", (name.encode(), b"rusty"))
    db.close()
    wanted = {path: name if label == "rusty" else label for path, label in before.items()}
    assert labels(home) == wanted and name in wanted.values()
    home.run("label", "export", "-P", "p.handful", "-o", "l.csv").expect(0)
    home.run("label", "clear", "-P", "p.handful", "rings").expect(0)
    home.run("label", "import", "-P", "p.handful", "l.csv").expect(0)
    assert labels(home) == wanted
    home.run("project", "new", "q.handful").expect(0)
    home.run("label", "import", "-P", "q.handful", "l.csv").expect(1, "control character")
    home.run("project", "relabel", "p.handful", name, "rusty").expect(0)
    assert labels(home) == before


def links_are_pictures_of_their_own(home):
    make(home)
    os.symlink("lot07__01.jpg", home.file("rings/good/link.jpg"))
    os.symlink("../good", home.file("rings/rusty/loop"))
    os.symlink("rings", home.file("door"))
    said = home.run("project", "add-source", "p.handful", "rings").expect(0)
    assert "1 picture added" in said.out, said.out
    assert "One link to a folder was passed over" in said.err, said.err
    said = home.run("label", "set", "-P", "p.handful", "rusty", "rings/rusty").expect(0)
    assert "One link to a folder was passed over" in said.err, said.err
    home.run("label", "undo", "-P", "p.handful").expect(0)
    home.run("label", "set", "-P", "p.handful", "good", "door/good/link.jpg").expect(0)
    assert labels(home) == {"rings/good/link.jpg": "good"}


def one_picture_by_two_ways_has_one_label(home):
    """Once the second label of a list took the place of the first, unsaid."""
    make(home)
    os.symlink("rings", home.file("door"))
    a, b = "rings/good/lot07__01.jpg", "door/good/lot07__01.jpg"
    for second, code in (("good", 0), ("rusty", 1)):
        with open(home.file("l.csv"), "w") as f:
            f.write("path,label\n%s,good\n%s,%s\n" % (a, b, second))
        r = home.run("label", "import", "-P", "p.handful", "l.csv").expect(code)
        assert labels(home) == {a: "good"}, labels(home)
    assert "are one picture and have different labels" in r.err and b in r.err, r.err


def what_cannot_be_exported_is_named_and_the_rest_is_there(home):
    make(home)
    names = ["rings/good/lot07__0%d.jpg" % i for i in (1, 2, 3)]
    home.run("label", "set", "-P", "p.handful", "good", *names).expect(0)
    os.unlink(home.file(names[0]))
    os.unlink(home.file(names[1]))
    os.mkfifo(home.file(names[1]))
    r = home.run("label", "export", "-P", "p.handful", "-o", "out").expect(
        3, names[0] + " is not there and was left out.", names[1] + " is not a regular file and was left out.")
    assert len(r.err.splitlines()) == 2, r.err
    assert os.listdir(home.file("out/good")) == ["lot07__03.jpg"]


def clocks_before_1970_have_times(home):
    make(home)
    home.run("label", "set", "-P", "p.handful", "good", "rings/good").expect(0)
    with sqlite3.connect(home.file("p.handful")) as db:
        db.execute("INSERT INTO label (time, batch, image, set_by, shown, sum) VALUES (-1, 1, 1, 'hand', 'browse', 0)")
    db.close()
    assert log(home)[-1]["time"] == "1969-12-31T23:59:59.999999Z", log(home)[-1]


def labels_go_out_and_come_back(home):
    make(home)
    label_all(home)
    home.run("label", "seal", "-P", "p.handful", "--group", "lot12").expect(0)
    run = lambda *a: home.run("label", "export", "-P", "p.handful", *a)
    run("-o", "l.csv").expect(0)
    run("-o", "copies").expect(0)
    run("-o", "links", "--links", "--with-sealed").expect(0)
    run("-o", "copies").expect(1, "copies")
    with open(home.file("l.csv")) as f:
        assert len(f.readlines()) == 33
    count = lambda top: sum(len(files) for _, _, files in os.walk(home.file(top)))
    assert (count("copies"), count("links")) == (32, 48)
    assert os.path.islink(home.file("links/good/lot12__01.jpg"))
    for name in ("l.csv", "copies", "links"):
        home.run("project", "new", "n.handful").expect(0)
        home.run("label", "import", "-P", "n.handful", name).expect(0)
        said = info(home, "n.handful")
        assert said["labelled"] == (48 if name == "links" else 32), (name, said)
        assert said["groups"] == (2 if name == "l.csv" else 0), (name, said)
        os.unlink(home.file("n.handful"))
    assert not [n for n in os.listdir(home.path) if n.startswith(".handful")]


def templates_come_from_the_library(home):
    home.run("project", "new", "p.handful").expect(0)
    home.run("project", "class", "p.handful", "--kind", "good", "good").expect(0)
    home.run("project", "class", "p.handful", "--kind", "defect", "rusty").expect(0)
    run = lambda *a: home.run("project", "template", "p.handful", *a)
    listed = run("--library").expect(0).out
    for group in ("defect-detection", "product-classification", "quality-grading", "general"):
        assert group + ":" in listed
    run("--from", "nonsense").expect(2, "--library")
    run("--from", "defect-detection").expect(0)
    run("--value", "product=bearing ring", "--value", "material=steel").expect(0)
    before = json.loads(run("--json").expect(0).out)
    assert len(before["templates"]) == 9
    # A second time nothing is added, and values stay.
    run("--from", "defect-detection").expect(0)
    assert json.loads(run("--json").expect(0).out) == before
    run("--clear", "degree", "--value", "degree=slightly", "--value", "degree=severely", "--class", "rusty").expect(0)
    run("--clear", "degree").expect(0)
    prompts = run("--prompts").expect(0).out
    good, rusty = prompts.split("rusty\n", 1)
    assert good.startswith("good\n") and "  a photo of a good bearing ring  (9 tokens" in good, good
    assert "slightly" not in good and "  a photo of a severely rusty bearing ring  (" in rusty
    assert 'unknown: "severely"' in rusty, rusty


def templates_with_values_of_classes_are_measured(home):
    """What each does, with placeholders that only some classes have values for; the one that is off too."""
    home.run("project", "new", "p.handful").expect(0)
    home.run("label", "import", "-P", "p.handful", "--good", "good", "--groups", "^(.*)__", RINGS).expect(0)
    run = lambda *a: home.run("project", "template", "p.handful", *a).expect(0)
    run("--value", "product=bearing ring", "a photo of a {class} {product}")
    for name in ("rusty", "cracked", "scratched"):
        run("--class", name, "--value", "degree=slightly", "--value", "degree=severely")
    run("a {degree} {class} {product}")
    run("{class}")
    run("--disable", "{class}")
    got = json.loads(home.run("evaluate", "-P", "p.handful", "--probe", "zero-shot", "--json").expect(0).out)
    first, second, off = got["templates"]
    assert [t["enabled"] for t in got["templates"]] == [True, True, False]
    # All that is on is what zero-shot is evaluated with, before calibration moves nothing about which class wins.
    assert first["with"] == second["with"] == off["without"]
    assert first["with"]["k"] == got["probes"]["zero-shot"]["accuracy"]["k"]
    for t in got["templates"]:
        assert t["gained"] - t["lost"] == t["with"]["k"] - t["without"]["k"]
        assert t["change_low"] <= (t["gained"] - t["lost"]) / 48 <= t["change_high"]
    plain = home.run("evaluate", "-P", "p.handful", "--probe", "zero-shot").expect(0).out
    assert "(off)" in plain and "it gains" in plain
    home.run("train", "-P", "p.handful", "-o", "p.probe").expect(0)


def sealed_pictures_are_counted_and_unsealing_is_logged(home):
    make(home)
    label_all(home)
    run = lambda *a: home.run("label", "seal", "-P", "p.handful", *a)
    run("--group", "lot99").expect(1, "lot99")
    run("--group", "lot12", "rings/good/lot07__01.jpg").expect(0)
    assert info(home)["sealed"] == 17 and info(home)["openings"] == []
    run("--take-back", "rings/good/lot07__01.jpg").expect(0)
    said = info(home)
    assert said["sealed"] == 16 and len(said["openings"]) == 1
    assert "1 picture unsealed" in said["openings"][0]["what"]


def groups_by_folder_pattern_and_list(home):
    make(home)
    group = lambda rule: home.run("project", "set", "p.handful", "groups", rule)
    count = lambda: (info(home)["groups"], info(home)["without_group"])
    group("^(.*)__").expect(0)
    assert count() == (3, 0)
    group("folder").expect(0)
    assert count() == (4, 0)
    group("^(lot07)").expect(0)
    assert count() == (1, 32)
    group("^lot").expect(2, "captures nothing")
    home.run("project", "set", "p.handful", "groups", "--unset").expect(0)
    assert count() == (0, 48)
    with open(home.file("l.csv"), "w") as f:
        f.write("path,label,group\nrings/good/lot07__01.jpg,good,A\nrings/good/lot07__02.jpg,good,\n")
    home.run("label", "import", "-P", "p.handful", "l.csv").expect(0)
    assert count() == (1, 47) and info(home)["settings"]["groups"] == "csv"


def a_class_is_renamed_or_merged(home):
    make(home)
    label_all(home)
    relabel = lambda *a: home.run("project", "relabel", "p.handful", *a)
    relabel("rusty", "rust").expect(0)
    relabel("rust", "cracked").expect(0)
    assert {c["name"]: c["labels"] for c in info(home)["classes"]} == {
        "cracked": 24, "good": 12, "scratched": 12}
    home.run("label", "undo", "-P", "p.handful").expect(0)
    assert {c["name"]: c["labels"] for c in info(home)["classes"]}["rust"] == 12
    relabel("none", "x").expect(1, "no class")
    relabel("rust").expect(2)


def names_of_classes_are_looked_at(home):
    make(home)
    picture = "rings/good/lot07__01.jpg"
    for verb in (("label", "set", "-P", "p.handful", "two\nlines", picture),
                 ("project", "class", "p.handful", "tab\tbed")):
        home.run(*verb).expect(1, "control character")
    said = home.run("label", "set", "-P", "p.handful", "Rost", picture).expect(0).err
    assert "differ in case" not in said, said
    home.run("label", "set", "-P", "p.handful", "rost", picture).expect(0, "differ in case")
    home.run("project", "class", "p.handful", "ROST").expect(0, "differ in case")
    home.run("project", "relabel", "p.handful", "Rost", "two\nlines").expect(1, "control character")
    assert sorted(c["name"] for c in info(home)["classes"]) == ["ROST", "Rost", "rost"]


def folders_that_differ_in_case_are_one_class(home):
    home.run("project", "new", "p.handful").expect(0)
    for i, name in enumerate(("Good", "good", "good ", "rusty")):
        os.makedirs(home.file("in", name))
        shutil.copy(os.path.join(RINGS, "good", f"lot07__0{i + 1}.jpg"), home.file("in", name))
    said = home.run("label", "import", "-P", "p.handful", "--good", "good", "in").expect(0).err
    for name in ("good", "good "):
        assert '"%s" was taken for the class "Good"' % name in said, said
    assert {c["name"]: (c["kind"], c["labels"]) for c in info(home)["classes"]} == {
        "Good": ("good", 3), "rusty": ("defect", 1)}


def alter(picture):
    """Makes another picture of it, of the same length."""
    with open(picture, "r+b") as file:
        file.seek(os.path.getsize(picture) // 2)
        byte = file.read(1)[0]
        file.seek(-1, os.SEEK_CUR)
        file.write(bytes([byte ^ 1]))


def another_picture_in_a_file_is_said(home):
    make(home)
    label_all(home)
    picture = home.file("rings/good/lot07__01.jpg")
    train = ("train", "-P", "p.handful", "-o", "p.probe", "--probe", "zero-shot")
    said = "whose files are other pictures now: 1, the first of them "
    assert said not in home.run(*train).expect(0).err
    alter(picture)
    home.run(*train).expect(0, said)
    cached = {"XDG_CACHE_HOME": home.file("cache")}
    add = ("project", "add-source", "p.handful", "rings")
    home.run(*add, env=cached).expect(0, said)
    for verb in (add, train):
        assert said not in home.run(*verb, env=cached).expect(0).err


def a_label_set_anew_is_of_the_picture_as_it_is(home):
    make(home)
    label_all(home)
    first, second = (f"rings/good/lot07__0{i}.jpg" for i in (1, 2))
    train = ("train", "-P", "p.handful", "-o", "p.probe", "--probe", "zero-shot")
    for picture in (first, second):
        alter(home.file(picture))
    home.run(*train).expect(0, "other pictures now: 2")
    home.run("label", "clear", "-P", "p.handful", second).expect(0)
    home.run("label", "undo", "-P", "p.handful").expect(0)
    # The same label as before is an answer, too; one that comes back is none.
    home.run("label", "set", "-P", "p.handful", "good", first).expect(0)
    home.run(*train).expect(0, "other pictures now: 1", second)
    home.run("label", "set", "-P", "p.handful", "rusty", second).expect(0)
    assert "other pictures now" not in home.run(*train).expect(0).err


def a_picture_that_is_gone_is_said_and_taken(home):
    make(home)
    picture = "rings/good/lot07__01.jpg"
    os.unlink(home.file(picture))
    home.run("label", "set", "-P", "p.handful", "good", picture).expect(0, "not there now")
    assert info(home)["labelled"] == 1
    shutil.rmtree(home.file("rings"))
    more = [picture, "rings/good/lot07__02.jpg"]
    home.run("label", "set", "-P", "p.handful", "bad", *more).expect(0, "files of 2 pictures")
    assert info(home)["labelled"] == 2


def classes_settings_and_templates_are_checked(home):
    make(home)
    home.run("project", "class", "p.handful", "--kind", "good", "ok").expect(0)
    home.run("project", "class", "p.handful", "--kind", "fine", "ok").expect(2, "fine")
    home.run("project", "class", "p.handful", "--colour", "red", "ok").expect(2, "colour")
    home.run("project", "class", "p.handful", "--key", "1", "bad").expect(1, "ok")
    home.run("project", "set", "p.handful", "views", "5").expect(2, "views")
    home.run("project", "set", "p.handful", "colour", "5").expect(2, "colour")
    home.run("project", "set", "p.handful", "framing", "region 0,0,0.5,1").expect(0)
    assert info(home)["settings"]["framing"].startswith("region:")
    template = lambda *a: home.run("project", "template", "p.handful", *a)
    template("a photo").expect(1, "{class}")
    template("a {material} {class}").expect(1, "material")
    template("--value", "material=steel", "--value", "material=iron", "a {material} {class}").expect(0)
    template("a {class}").expect(0)
    template("a {class}").expect(1, "already")
    template("--position", "1", "a {class}").expect(0)
    template("--disable", "a {material} {class}").expect(0)
    said = json.loads(template("--json").expect(0).out)
    assert said["templates"] == [{"text": "a {class}", "enabled": True},
                                 {"text": "a {material} {class}", "enabled": False}]
    assert [v["value"] for v in said["values"]] == ["steel", "iron"]


def a_class_is_removed_and_comes_back(home):
    make(home)
    listed = lambda: {line.split()[0]: line.split()[-1] for line in
                      home.run("project", "class", "p.handful").expect(0).out.splitlines()}
    home.run("label", "set", "-P", "p.handful", "rusty", "rings/good/lot07__01.jpg").expect(0)
    before = listed()
    assert before["rusty"] == "1", before
    home.run("project", "class", "p.handful", "--remove", "rusty").expect(0)
    assert "rusty" not in listed() and info(home)["labelled"] == 0
    home.run("project", "class", "p.handful", "--remove", "rusty").expect(1, "rusty")
    home.run("project", "class", "p.handful", "--remove").expect(2, "alone")
    home.run("project", "class", "p.handful", "--remove", "--key", "7", "rusty").expect(2, "alone")
    home.run("label", "undo", "-P", "p.handful").expect(0)
    assert listed() == before


def a_newer_project_is_refused_with_both_versions(home):
    make(home)
    with sqlite3.connect(home.file("p.handful")) as db:
        db.execute("PRAGMA user_version = 7")
    db.close()
    for verb in (("project", "info"), ("project", "check"), ("project", "log")):
        home.run(*verb, "p.handful").expect(1, "format 7", "format 1")


def damage_is_found_and_recovered(home):
    make(home)
    label_all(home)
    home.run("project", "check", "p.handful").expect(0)
    with open(home.file("p.handful"), "r+b") as f:
        f.write(b"\0" * 4096)
    home.run("project", "info", "p.handful").expect(1, "recover")
    done = home.run("project", "recover", "--json", "p.handful", "-o", "good.handful").expect(0)
    assert json.loads(done.out)["labels"] == 48, done.out
    assert labels(home, "good.handful")["rings/rusty/lot07__01.jpg"] == "rusty"
    home.run("project", "check", "good.handful").expect(0)
    home.run("project", "recover", "p.handful", "-o", "good.handful").expect(1, "good.handful")


def an_altered_label_is_found(home):
    make(home)
    label_all(home)
    with sqlite3.connect(home.file("p.handful")) as db:
        db.execute("DROP TRIGGER label_keep")
        db.execute("UPDATE label SET class = 1 WHERE id = 48")
        db.execute("CREATE TRIGGER label_keep BEFORE UPDATE ON label BEGIN\n"
                   "  SELECT raise (ABORT, 'the label log is only appended to');\nEND")
    db.close()
    done = home.run("project", "check", "--json", "p.handful")
    said = json.loads(done.expect(1).out)
    assert not said["sound"] and "Entry 48" in " ".join(said["faults"]), said


def a_file_that_may_not_grow_loses_nothing(home):
    make(home)
    label_all(home)
    size = os.path.getsize(home.file("p.handful"))
    before = labels(home)

    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))

    done = home.run("label", "set", "-P", "p.handful", "x", "rings", preexec=limit)
    done.expect(1, "p.handful", "nothing was changed")
    assert "is new" not in done.err, done.err
    assert labels(home) == before and os.path.getsize(home.file("p.handful")) == size
    assert "x" not in [c["name"] for c in info(home)["classes"]]
    home.run("project", "check", "p.handful").expect(0)
    home.run("project", "new", "q.handful", preexec=limit).expect(1, "The project q.handful cannot be made")
    assert sorted(os.listdir(home.path)) == ["p.handful", "rings"]


def two_programs_label_at_once(home):
    make(home)
    paths = [os.path.join("rings", c, n) for c in ("good", "rusty")
             for n in sorted(os.listdir(home.file("rings", c)))]
    run = lambda cls, path: subprocess.Popen(
        [tap.CLI, "label", "set", "-P", "p.handful", cls, path], cwd=home.path,
        env=home.environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for i in range(0, len(paths), 4):
        jobs = [run("c%d" % (i + k), paths[i + k]) for k in range(4)]
        assert [job.wait(60) for job in jobs] == [0] * 4
    assert labels(home) == {path: "c%d" % i for i, path in enumerate(paths)}
    home.run("project", "check", "p.handful").expect(0)
    assert info(home)["undo_steps"] == len(paths)


def a_copy_that_may_not_grow_is_named(home):
    """Once only "Error splicing file" was said, of no file."""
    make(home)
    label_all(home)

    def full():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (600, 600))

    home.run("label", "export", "-P", "p.handful", "-o", "out", preexec=full).expect(
        1, "The folder out is not made", "The copy of ", ".jpg cannot be written")
    assert not [n for n in os.listdir(home.path) if n == "out" or n.startswith(".handful-")]


def what_a_killed_export_left_is_removed(home):
    make(home)
    label_all(home)
    paths = {name: home.file(".handful-export-" + name) for name in ("left", "locked")}
    for path in paths.values():
        os.makedirs(os.path.join(path, "good"))
        open(os.path.join(path, "good", "x.jpg"), "wb").close()
    lock = os.open(paths["locked"], os.O_RDONLY)
    fcntl.flock(lock, fcntl.LOCK_EX)
    home.run("label", "export", "-P", "p.handful", "-o", "out").expect(0)
    assert sorted(os.listdir(home.path)) == [".handful-export-locked", "out", "p.handful", "rings"]
    os.close(lock)
    home.run("label", "export", "-P", "p.handful", "-o", "out2").expect(0)
    assert not [n for n in os.listdir(home.path) if n.startswith(".handful-")]


def a_real_full_disk_loses_nothing(home):
    """A file system of 1 MB, where this is allowed."""
    make(home)
    label_all(home)
    disk = home.file("disk")
    os.mkdir(disk)
    if os.geteuid() != 0 or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "handful-test", disk],
                                           stderr=subprocess.DEVNULL).returncode != 0:
        return "mounting is not allowed here"
    try:
        shutil.copy(home.file("p.handful"), disk)
        project = os.path.join(disk, "p.handful")
        subprocess.run(["dd", "if=/dev/zero", "of=" + os.path.join(disk, "fill")], stderr=subprocess.DEVNULL)
        # From no room to enough for all of it: at no size is there a half.
        for room in range(0, 100000, 8192):
            os.truncate(os.path.join(disk, "fill"), os.path.getsize(os.path.join(disk, "fill")) - min(room, 8192))
            name = "c%d" % room
            r = home.run("label", "set", "-P", project, name, "rings/good")
            names = [c["name"] for c in info(home, project)["classes"]]
            if r.code == 0:
                assert name in names
                break
            r.expect(1, "the disk is full; nothing was changed. Make room")
            assert name not in names and "is new" not in r.err, r.err
        assert room > 0 and r.code == 0
        home.run("project", "check", project).expect(0)
        subprocess.run(["dd", "if=/dev/zero", "of=" + os.path.join(disk, "fill2")], stderr=subprocess.DEVNULL)
        for out in ("l.csv", "folders"):
            home.run("label", "export", "-P", project, "-o", os.path.join(disk, out)).expect(
                1, "No space left on device. Make room", out)
        assert sorted(os.listdir(disk)) == ["fill", "fill2", "p.handful"]
        home.run("suggest", "-P", "p.handful", "-f", "classic", env={"XDG_CACHE_HOME": disk}).expect(
            0, "The feature cache", "disk is full")
    finally:
        subprocess.run(["umount", disk])


def a_folder_that_is_gone_is_the_reason(home):
    make(home)
    label_all(home)
    os.rename(home.file("rings"), home.file("elsewhere"))
    for out in ("labels.csv", "folders"):
        home.run("label", "export", "-P", "p.handful", "-o", out).expect(1, "rings is not there", "add-source")
    home.run("bakeoff", "-P", "p.handful", "-m", tap.STARTER).expect(3, "rings is not there", "add-source")
    assert sorted(os.listdir(home.path)) == ["elsewhere", "p.handful"]


def a_project_that_can_only_be_read_is_read(home):
    make(home)
    label_all(home)
    home.run("label", "clear", "-P", "p.handful", "rings/good").expect(0)
    os.mkdir(home.file("data"))
    for folder, names, files in os.walk(home.path):
        os.chmod(folder, 0o555)

    def as_nobody():
        if os.geteuid() == 0:
            os.setuid(65534)

    def run(*words):
        return home.run(*words, preexec=as_nobody)

    for verb in (("project", "info", "p.handful"), ("project", "log", "p.handful"), ("project", "set", "p.handful"),
                 ("project", "class", "p.handful"), ("project", "template", "p.handful"),
                 ("project", "check", "p.handful")):
        assert run(*verb).expect(0).err == "", verb
    first = run("suggest", "-P", "p.handful", "-f", "classic").expect(0, "does not remember").out
    assert first != "" and run("suggest", "-P", "p.handful", "-f", "classic").out == first
    for verb in (("label", "set", "-P", "p.handful", "new", "rings"), ("label", "undo", "-P", "p.handful"),
                 ("project", "set", "p.handful", "seed", "4"), ("project", "relabel", "p.handful", "good", "fine")):
        r = run(*verb).expect(1, "can only be read; nothing was changed", "Copy it")
        assert "is new" not in r.err, r.err
    run("label", "export", "-P", "p.handful", "-o", "x.csv").expect(1, "x.csv", "Choose a place that can be written")
    os.chmod(home.path, 0o755)


def wrong_usage_is_said(home):
    make(home)
    home.run("project").expect(2)
    home.run("label", "frobnicate").expect(2, "frobnicate")
    home.run("project", "new").expect(2, "Name the project")
    home.run("project", "new", "p.handful").expect(1, "exists")
    home.run("project", "add-source", "p.handful").expect(2)
    home.run("project", "add-source", "p.handful", "nowhere").expect(1, "nowhere")
    home.run("label", "set", "good", "rings").expect(2, "--project")
    home.run("label", "set", "-P", "p.handful", "good").expect(2)
    home.run("label", "set", "-P", "p.handful", "--shown", "luck", "good", "rings").expect(2, "luck")
    home.run("label", "import", "-P", "p.handful", "rings", "--good", "fine").expect(2, "fine")
    home.run("project", "new", "--groups", "^x", "q.handful").expect(2, "captures nothing")
    assert not os.path.exists(home.file("q.handful"))
    home.run("label", "undo", "-P", "nowhere.handful").expect(1, "project new")


tap.main(the_examples_of_help_work_on_the_sample, a_project_knows_pictures_and_labels,
         undo_and_redo_work_over_restarts, pictures_outside_are_refused_and_the_rest_is_done,
         a_moved_folder_is_found_with_its_labels, a_folder_that_is_gone_is_named, a_moved_folder_can_be_named,
         a_project_that_moves_with_its_pictures_finds_them, renamed_pictures_are_found_by_content,
         another_picture_under_the_name_is_said, names_of_any_bytes, a_class_of_before_keeps_its_line_break,
         links_are_pictures_of_their_own, one_picture_by_two_ways_has_one_label,
         what_cannot_be_exported_is_named_and_the_rest_is_there, clocks_before_1970_have_times,
         labels_go_out_and_come_back, sealed_pictures_are_counted_and_unsealing_is_logged,
         templates_come_from_the_library, templates_with_values_of_classes_are_measured,
         groups_by_folder_pattern_and_list, a_class_is_renamed_or_merged, a_class_is_removed_and_comes_back,
         names_of_classes_are_looked_at, folders_that_differ_in_case_are_one_class, another_picture_in_a_file_is_said,
         a_label_set_anew_is_of_the_picture_as_it_is, a_picture_that_is_gone_is_said_and_taken,
         classes_settings_and_templates_are_checked, a_newer_project_is_refused_with_both_versions,
         damage_is_found_and_recovered, an_altered_label_is_found,
         a_file_that_may_not_grow_loses_nothing, two_programs_label_at_once,
         a_copy_that_may_not_grow_is_named, what_a_killed_export_left_is_removed, a_real_full_disk_loses_nothing,
         a_folder_that_is_gone_is_the_reason,
         a_project_that_can_only_be_read_is_read, wrong_usage_is_said)
