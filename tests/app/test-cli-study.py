"""train, evaluate, bakeoff and proof on the sample, and on labels of every
wrong kind."""
import json
import math
import os
import random
import re
import shutil
import signal
import struct
import subprocess
import time
import zipfile

from tap import CLI, ROOT, main

RINGS = os.path.join(ROOT, "tests", "pictures", "rings")
LOTS = ("--groups", "^(.*)__")
CLASSES = ["cracked", "good", "rusty", "scratched"]
RATE = {"k", "n", "rate", "low", "high", "n_eff"}


def wilson(k, n):
    z, p = 1.96, k / n
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return middle - half, middle + half


def check_rate(rate):
    assert RATE <= set(rate), rate
    if rate["n"] == 0:
        return
    assert abs(rate["rate"] - rate["k"] / rate["n"]) < 1e-8
    assert rate["n_eff"] <= rate["n"]
    if rate["low"] is not None:
        low, high = wilson(rate["k"], rate["n"])
        assert rate["low"] <= low + 1e-8 and rate["high"] >= high - 1e-8, (rate, low, high)


def check_probe(probe, classes):
    for name in ("accuracy", "escape_rate", "overkill"):
        if probe[name] is not None:
            check_rate(probe[name])
    predictions = probe["predictions"]
    assert probe["accuracy"]["n"] == len(predictions)
    assert probe["accuracy"]["k"] == sum(p["truth"] == p["predicted"] for p in predictions)
    assert probe["confusion"]["classes"] == classes
    for r, truth in enumerate(classes):
        for c, said in enumerate(classes):
            assert probe["confusion"]["counts"][r][c] == sum(
                p["truth"] == truth and p["predicted"] == said for p in predictions)
    for p in predictions:
        assert set(p["probabilities"]) == set(classes)
        assert abs(sum(p["probabilities"].values()) - 1) < 1e-6
        assert isinstance(p["fold"], int) and p["predicted"] in classes
        assert p["verdict"] in ("pass", "reject", "class", "unsure", "unknown")
    for name in classes:
        recall, precision = probe["per_class"][name]["recall"], probe["per_class"][name]["precision"]
        assert recall["n"] == sum(p["truth"] == name for p in predictions)
        assert precision["n"] == sum(p["predicted"] == name for p in predictions)
        check_rate(recall)
        check_rate(precision)
    assert 0 <= probe["auc"] <= 1 and probe["seconds"] >= 0


def evaluate(home, *args, code=0):
    return json.loads(home.run("evaluate", "--json", *args).expect(code).out)


def the_sample_is_evaluated_out_of_the_box(home):
    got = evaluate(home, "--labels", RINGS, "--good", "good", *LOTS)
    assert got["images"] == 48 and got["classes"] == CLASSES and got["groups"] == 3 and got["duplicates"] == 0
    assert set(got["probes"]) == {"zero-shot", "linear", "svm", "gda"}
    folds = None
    for probe in got["probes"].values():
        check_probe(probe, CLASSES)
        good = {p["path"] for p in probe["predictions"] if p["truth"] == "good"}
        escapes = [p for p in probe["predictions"] if p["truth"] != "good" and p["predicted"] == "good"]
        assert probe["escape_rate"]["k"] == len(escapes) and probe["escape_rate"]["n"] == 48 - len(good)
        assert probe["overkill"]["n"] == len(good) == 12
        of_probe = {p["path"]: p["fold"] for p in probe["predictions"]}
        assert folds is None or of_probe == folds
        folds = of_probe
    # Lots are whole.
    lots = {}
    for path, fold in folds.items():
        lots.setdefault(os.path.basename(path).split("__")[0], set()).add(fold)
    assert len(lots) == 3 and all(len(f) == 1 for f in lots.values())
    assert got["folds"] == len(set(folds.values()))
    for side in ("grouped", "random"):
        check_rate(got["leak"][side])
    assert got["leak"]["grouped"]["k"] == next(iter(got["probes"].values()))["accuracy"]["k"]
    # What was shown is better than guessing, by the default probe.
    assert got["probes"]["gda"]["accuracy"]["low"] is None or got["probes"]["gda"]["accuracy"]["rate"] > 0.5


def without_lots_and_a_good_class_these_members_are_null(home):
    got = evaluate(home, "--labels", RINGS, "--probe", "gda", "--folds", "4")
    assert got["leak"] is None and got["folds"] == 4 and list(got["probes"]) == ["gda"]
    assert got["probes"]["gda"]["escape_rate"] is None and got["probes"]["gda"]["overkill"] is None
    assert {p["verdict"] for p in got["probes"]["gda"]["predictions"]} <= {"class", "unknown"}


def a_table_for_people_has_the_same_numbers(home):
    args = ("--labels", RINGS, "--good", "good", "--probe", "gda", *LOTS)
    got = evaluate(home, *args)["probes"]["gda"]
    text = home.run("evaluate", *args).expect(0).out
    for name, member in (("accuracy", "accuracy"), ("escape rate", "escape_rate"), ("overkill", "overkill")):
        line = next(x for x in text.splitlines() if x.startswith("  " + name))
        assert "%d of %d" % (got[member]["k"], got[member]["n"]) in line, line
    assert "leak" in text


def templates_are_compared(home):
    got = evaluate(home, "--labels", RINGS, "--probe", "zero-shot", "--template", "a photo of a {class} bearing ring",
                   "--template", "{class}")
    assert [t["template"] for t in got["templates"]] == ["a photo of a {class} bearing ring", "{class}"]
    one, two = got["templates"]
    assert one["without"]["k"] == two["alone"]["k"] and two["without"]["k"] == one["alone"]["k"]
    for t in got["templates"]:
        check_rate(t["alone"])
        assert t["with"]["k"] - t["without"]["k"] == t["gained"] - t["lost"]


def members(path):
    with zipfile.ZipFile(path) as bundle:
        return {name: bundle.read(name) for name in bundle.namelist()}


def one_core():
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


def equal_labels_give_equal_bytes_with_any_number_of_threads(home):
    for name, preexec in (("a.probe", None), ("b.probe", None), ("c.probe", one_core)):
        home.run("train", "--labels", RINGS, "--good", "good", *LOTS, "-o", name, preexec=preexec).expect(0)
    first = members(home.file("a.probe"))
    assert "probe.safetensors" in first and "training.safetensors" in first
    assert first == members(home.file("b.probe")) == members(home.file("c.probe"))


def a_bundle_says_what_it_is(home):
    r = home.run("train", "--labels", RINGS, "--good", "good", *LOTS, "-o", "x.probe").expect(0)
    assert "48 pictures" in r.out and "starter model" in r.out and "predict" in r.out
    manifest = json.loads(members(home.file("x.probe"))["manifest.json"])
    text = json.dumps(manifest)
    for word in CLASSES + ["starter", "accuracy", "escape_rate", "lot07", "cross-validation"]:
        assert word in text, word
    golden = [name for name in members(home.file("x.probe")) if name.startswith("golden/")]
    assert len(golden) == 8
    assert os.path.getsize(home.file("x.probe")) < 2000000
    home.run("verify", "x.probe").expect(0)
    answers = home.run("predict", "--json", "x.probe", os.path.join(RINGS, "rusty")).expect(0).lines()
    assert len(answers) == 12 and sum(a["class"] == "rusty" for a in answers) >= 10


def every_probe_and_feature_choice_trains(home):
    for args in (["--probe", "linear"], ["--probe", "svm", "--kernel", "rbf", "--c", "10"], ["--probe", "zero-shot"],
                 ["--features", "clip"], ["--features", "classic"], ["--features", "clip+classic", "--views", "4"],
                 ["--probe", "linear", "--c", "1", "--text-pull", "1"], ["--framing", "whole"],
                 ["--probe", "prompt", "--words", "2", "--text-pull", "0"]):
        home.run("train", "--labels", RINGS, *LOTS, *args, "-o", "x.probe").expect(0)
        home.run("verify", "x.probe").expect(0)


def copy(home, name, keep):
    """A part of the sample; @keep is asked with class and file name."""
    for c in CLASSES:
        for f in sorted(os.listdir(os.path.join(RINGS, c))):
            if keep(c, f):
                os.makedirs(home.file(name, c), exist_ok=True)
                shutil.copy(os.path.join(RINGS, c, f), home.file(name, c, f))
    return home.file(name)


def an_update_learns_new_labels_and_shows_the_old_classes(home):
    old = copy(home, "old", lambda c, f: c != "scratched" and not f.startswith("lot12"))
    new = copy(home, "new", lambda c, f: f.startswith("lot12") or c == "scratched")
    home.run("train", "--labels", old, "--good", "good", *LOTS, "-o", "old.probe").expect(0)
    r = home.run("train", "--labels", new, "--good", "good", *LOTS, "--update", "old.probe",
                 "-o", "new.probe").expect(0)
    assert "48 pictures of 4 classes" in r.out and "found before" in r.out
    manifest = json.loads(members(home.file("new.probe"))["manifest.json"])
    assert "scratched" in json.dumps(manifest["classes"])
    for args, word in ((["--framing", "whole"], "framing"), (["--precision", "f32"], "precision"),
                       (["--views", "4"], "views")):
        home.run("train", "--labels", new, "--update", "old.probe", *args, "-o", "x.probe").expect(1, word)
    assert not os.path.exists(home.file("x.probe"))
    home.run("train", "--labels", new, "--update", "none.probe", "-o", "x.probe").expect(1, "none.probe")


def kinds_of(home, bundle):
    manifest = json.loads(members(home.file(bundle))["manifest.json"])
    return {c["name"]: c["kind"] for c in manifest["classes"]}


def an_update_keeps_which_class_is_good(home):
    """New labels may be of one defect alone: --good names a class of the old bundle, and need not be written again."""
    old = copy(home, "old", lambda c, f: c in CLASSES[:3] and not f.startswith("lot12"))
    new = copy(home, "new", lambda c, f: c in CLASSES[2:] and f.startswith("lot12"))
    kinds = {"cracked": "defect", "good": "good", "rusty": "defect", "scratched": "defect"}
    home.run("train", "--labels", old, *LOTS, "-o", "plain.probe").expect(0)
    home.run("train", "--labels", old, "--good", "good", *LOTS, "-o", "old.probe").expect(0)
    for bundle, good in (("old.probe", ()), ("old.probe", ("--good", "good")), ("plain.probe", ("--good", "good"))):
        home.run("train", "--labels", new, *good, *LOTS, "--update", bundle, "-o", "new.probe").expect(0)
        assert kinds_of(home, "new.probe") == kinds, (bundle, good, kinds_of(home, "new.probe"))
    home.run("train", "--labels", new, *LOTS, "--update", "plain.probe", "-o", "new.probe").expect(0)
    assert set(kinds_of(home, "new.probe").values()) == {"other"}
    home.run("train", "--labels", new, "--good", "fine", "--update", "old.probe", "-o", "x.probe").expect(2, "fine")


def a_pattern_that_fits_not_every_name_is_said(home):
    for pattern, n in (("^(lot07)_", 32), ("^(batch)", 48)):
        r = home.run("evaluate", "--labels", RINGS, "--probe", "zero-shot", "--groups", pattern).expect(0)
        assert "gives no lot to %d of 48" % n in r.err, r.err
    assert home.run("evaluate", "--labels", RINGS, "--probe", "zero-shot", *LOTS).expect(0).err == ""
    home.run("project", "new", "p.handful").expect(0)
    home.run("label", "import", "-P", "p.handful", "--groups", "^(lot07)_", RINGS).expect(0)
    r = home.run("evaluate", "-P", "p.handful", "--probe", "zero-shot").expect(0)
    assert "gives no lot to 32 of 48" in r.err, r.err


def what_to_beware_of_stands_beside_the_rates(home):
    asked = ("--labels", RINGS, "--probe", "gda", "--good", "good", "--thresholds", "0.3,0.7")
    got = evaluate(home, *asked)
    assert got["thresholds"] == {"reject": 0.3, "pass": 0.7}
    for words in ("thresholds 0.3,0.7", "No lots were named"):
        assert any(words in w for w in got["warnings"]), got["warnings"]
        assert words in home.run("evaluate", *asked).expect(0).out
    got = evaluate(home, *asked[:-2], *LOTS)
    assert got["thresholds"] is None and got["warnings"] == []


def few(home, name, n):
    """The first @n pictures of two classes."""
    return copy(home, name, lambda c, f: c in CLASSES[1:3] and f in sorted(os.listdir(os.path.join(RINGS, c)))[:n])


def tensors(raw):
    """({name: numbers}, metadata) of a safetensors file's bytes."""
    n = struct.unpack("<Q", raw[:8])[0]
    head = json.loads(raw[8:8 + n])
    text = head.pop("__metadata__")
    codes = {"F32": "f", "F64": "d", "I32": "i", "I64": "q"}
    return {name: [v for v, in struct.iter_unpack("<" + codes[t["dtype"]], raw[8 + n:][slice(*t["data_offsets"])])]
            for name, t in head.items()}, text


def softmax(scores):
    powers = [math.exp(s - max(scores)) for s in scores]
    return [p / sum(powers) for p in powers]


def tuned_prompts_are_in_the_weights_of_a_bundle(home):
    """Whoever has a picture's row needs neither the words nor a text tower, and whoever trains again gets the same
    bytes."""
    pictures = few(home, "few", 3)
    for name, preexec in (("a.probe", None), ("b.probe", one_core)):
        home.run("train", "--labels", pictures, "--probe", "prompt", "-o", name, preexec=preexec).expect(0)
    bundle = members(home.file("a.probe"))
    assert bundle == members(home.file("b.probe"))
    probe, text = tensors(bundle["probe.safetensors"])
    golden, names = tensors(bundle["golden.safetensors"])
    assert text["form"] == "classes" and len(text["nearest_words"].split("\n")) == 4
    dim = len(probe["joint.mean"])
    assert len(json.loads(names["names"])) == 4
    for i in range(4):
        row = golden["clip"][i * dim:][:dim]
        z = [(x - m) * f for x, m, f in zip(row, probe["joint.mean"], probe["joint.factor"])]
        scores = [(sum(a * w for a, w in zip(z, probe["weights"][c * dim:])) + probe["bias"][c]) /
                  probe["calibration"][0] for c in range(2)]
        for got, wanted in zip(softmax(scores), golden["probabilities"][2 * i:]):
            assert abs(got - wanted) < 1e-5, (i, got, wanted)


def auto_tunes_prompts_when_asked(home):
    pictures = few(home, "few", 3)
    plain = home.run("train", "--labels", pictures, "--probe", "auto", "-o", "x.probe").expect(0).out
    asked = home.run("train", "--labels", pictures, "--probe", "auto", "--tune", "-o", "x.probe").expect(0).out
    assert "prompt" not in plain and "svm" in plain, plain
    assert re.search(r"right of 6 held-out labels: .*, prompt \d", asked), asked


def an_update_tunes_prompts_as_the_old_probe_did(home):
    def part(c, f, first, last):
        return c in CLASSES[1:3] and f in sorted(os.listdir(os.path.join(RINGS, c)))[first:last]

    old = copy(home, "old", lambda c, f: part(c, f, 0, 2))
    new = copy(home, "new", lambda c, f: part(c, f, 2, 3))

    def trained(*args, old_is="found before"):
        r = home.run("train", *args, "--update", "old.probe", "-o", "new.probe").expect(0)
        assert "Learned words are nearest to" in r.out and old_is in r.out + r.err, r.out
        return json.loads(members(home.file("new.probe"))["manifest.json"])

    home.run("train", "--labels", old, "--probe", "prompt", "--words", "2", "--text-pull", "0.02",
             "-o", "old.probe").expect(0)
    probe = trained("--labels", new)["probe"]
    assert probe["kind"] == "prompt" and len(probe["nearest_words"].split(" ")) == 2, probe
    assert probe["text_pull"] == 0.02
    assert trained("--labels", new, "--text-pull", "0")["probe"]["text_pull"] == 0

    # A class that is new, and stands before the others; then one that is not among the new labels.
    more = copy(home, "more", lambda c, f: part(c, f, 2, 3) or c == "cracked" and f.endswith("1.jpg"))
    classes = [c["name"] for c in trained("--labels", more, old_is="is not measured")["classes"]]
    assert classes == CLASSES[:3], classes
    shutil.rmtree(os.path.join(more, "good"))
    r = home.run("train", "--labels", more, "--update", "old.probe", "-o", "x.probe").expect(1, "good")
    assert "cannot be tuned" in r.err and not os.path.exists(home.file("x.probe"))


def wrong_usage_is_one_sentence(home):
    for verb in (["evaluate"], ["train", "-o", "x.probe"], ["bakeoff", "--model", "starter"]):
        for args in ([], ["--labels", RINGS, "--project", "p.handful"], ["--labels", RINGS, "--good", "nonsense"],
                     ["--labels", RINGS, "--groups", "(["], ["--labels", RINGS, "--groups", "no capture"],
                     ["--labels", RINGS, "--probe", "nonsense"], ["--labels", RINGS, "--words", "17"],
                     ["--labels", RINGS, "--features", "colour"], ["--labels", RINGS, "--views", "3"],
                     ["--labels", RINGS, "--c", "0"], ["--labels", RINGS, "--c", "-1"],
                     ["--labels", RINGS, "--c", "nan"], ["--labels", RINGS, "--kernel", "poly"],
                     ["--labels", RINGS, "--text-pull", "-1"], ["--labels", RINGS, "--seed", "-1"],
                     ["--labels", RINGS, "--seed", "x"], ["--labels", RINGS, "--template", "no place"],
                     ["--labels", RINGS, "--framing", "circle"], ["--labels", RINGS, "--precision", "f64"],
                     ["--labels", RINGS, "argument"]):
            r = home.run(*verb, *args).expect(2)
            assert r.out == "" and r.err.count("\n") == 1, (verb, args, r.err)
    for args in (["evaluate", "--folds", "1"], ["evaluate", "--open-acceptance"],
                 ["evaluate", "--probe", "gda", "--probe", "gda"], ["train"], ["train", "-o", ""],
                 ["train", "--probe", "gda", "--probe", "svm", "-o", "x"], ["bakeoff"],
                 ["bakeoff", "--model", "starter", "--probe", "gda", "--probe", "svm"]):
        home.run(*args, "--labels", RINGS).expect(2)
    for args in (["suggest"], ["doubt"], ["suggest", "--project", "p", "-n", "0"], ["proof"],
                 ["proof", "--max-rate", "0"], ["proof", "--max-rate", "1"], ["proof", "--max-rate", "5"],
                 ["proof", "--max-rate", "nan"], ["proof", "--max-rate", "0.01x"],
                 ["proof", "--max-rate", "0.01", "--faults", "-1"]):
        r = home.run(*args).expect(2)
        assert r.out == "" and r.err.count("\n") == 1, (args, r.err)
    assert not os.path.exists(home.file("x.probe"))


def labels_that_cannot_be_learned_from_are_a_sentence(home):
    one = copy(home, "one", lambda c, f: c == "good")
    home.run("train", "--labels", one, "-o", "x.probe").expect(1, "class")
    home.run("evaluate", "--labels", one).expect(1)
    os.makedirs(home.file("empty"))
    assert home.run("evaluate", "--labels", home.file("empty")).code in (1, 3)
    r = home.run("evaluate", "--labels", home.file("nowhere"))
    assert r.code in (1, 3) and "nowhere" in r.err
    home.run("evaluate", "--labels", RINGS, "--model", "no-such-model").expect(1, "no-such-model")
    home.run("evaluate", "--project", "gone.handful").expect(1, "gone.handful")
    assert not os.path.exists(home.file("x.probe"))


def one_picture_a_class_trains_and_says_that_it_is_not_measured(home):
    single = copy(home, "single", lambda c, f: f == "lot07__01.jpg")
    r = home.run("train", "--labels", single, "-o", "x.probe").expect(0)
    assert "few labels (1)" in r.out and "could not be measured" in r.out
    home.run("evaluate", "--labels", single).expect(1)


def a_class_of_one_lot_is_left_out_of_every_count(home):
    part = copy(home, "part", lambda c, f: c != "cracked" or f.startswith("lot07"))
    got = evaluate(home, "--labels", part, "--probe", "gda", *LOTS)
    assert len(got["left_out"]) == 4 and all("cracked" in x["path"] and x["reason"] for x in got["left_out"])
    probe = got["probes"]["gda"]
    assert probe["accuracy"]["n"] == 36 and got["images"] == 40
    assert not [p for p in probe["predictions"] if p["truth"] == "cracked"]


def copies_count_once_and_conflicts_not_at_all(home):
    part = copy(home, "part", lambda c, f: True)
    shutil.copy(home.file("part", "good", "lot07__01.jpg"), home.file("part", "good", "lot07__99.jpg"))
    shutil.copy(home.file("part", "good", "lot07__02.jpg"), home.file("part", "rusty", "lot07__99.jpg"))
    got = evaluate(home, "--labels", part, "--probe", "gda", *LOTS)
    assert got["duplicates"] == 1 and got["images"] == 50
    assert sorted(os.path.basename(x["path"]) for x in got["left_out"]) == ["lot07__02.jpg", "lot07__99.jpg"]
    assert got["probes"]["gda"]["accuracy"]["n"] == 47


def refused_pictures_are_named_and_the_rest_is_done(home):
    part = copy(home, "part", lambda c, f: True)
    with open(home.file("part", "good", "lot07__zz.jpg"), "wb") as f:
        f.write(b"no picture")
    r = home.run("train", "--labels", part, *LOTS, "-o", "x.probe").expect(3, "lot07__zz.jpg")
    assert "48 pictures" in r.out and os.path.exists(home.file("x.probe"))
    r = home.run("evaluate", "--json", "--probe", "gda", "--labels", part, *LOTS).expect(3, "lot07__zz.jpg")
    got = json.loads(r.out)
    assert got["images"] == 48 and [os.path.basename(x["path"]) for x in got["refused"]] == ["lot07__zz.jpg"]


def links_to_folders_are_passed_over_aloud(home):
    """In class folders without a project, by every verb that reads them."""
    part = copy(home, "part", lambda c, f: c in CLASSES[:2])
    os.symlink(os.path.join(RINGS, "good"), os.path.join(part, "good", "more"))
    said = "1 link to a folder was passed over", os.path.join(part, "good", "more")
    home.run("train", "--labels", part, *LOTS, "-o", "x.probe").expect(0, *said)
    got = home.run("evaluate", "--json", "--probe", "gda", "--labels", part, *LOTS).expect(0, *said)
    assert json.loads(got.out)["images"] == 24
    home.run("project", "new", "p.handful").expect(0)
    home.run("label", "import", "-P", "p.handful", part).expect(0, *said)


def write_csv(home, text):
    with open(home.file("labels.csv"), "wb") as f:
        f.write(text)
    return home.file("labels.csv")


def rows_of(home, quote=""):
    copy(home, "rings", lambda c, f: True)
    return ["%srings/%s/%s%s,%s,%s" % (quote, c, f, quote, c, f.split("__")[0])
            for c in CLASSES for f in sorted(os.listdir(os.path.join(RINGS, c)))]


def a_csv_is_read_with_mark_quotes_and_other_line_ends(home):
    plain = rows_of(home)
    folder = evaluate(home, "--labels", home.file("rings"), "--probe", "gda", *LOTS)["probes"]["gda"]
    for text in ("path,label,group\n" + "\n".join(plain) + "\n",
                 "\ufeffpath,label,group\r\n" + "\r\n".join(rows_of(home, '"')) + "\r\n",
                 "path,label,group\n" + "\n".join(plain)):
        got = evaluate(home, "--labels", write_csv(home, text.encode()), "--groups", "csv", "--probe", "gda")
        assert got["groups"] == 3 and got["images"] == 48
        assert got["probes"]["gda"]["accuracy"] == folder["accuracy"]
    absolute = ["%s,%s" % (os.path.join(RINGS, c, f), c)
                for c in CLASSES for f in sorted(os.listdir(os.path.join(RINGS, c)))]
    got = evaluate(home, "--labels", write_csv(home, ("path,label\n" + "\n".join(absolute)).encode()),
                   "--probe", "gda", *LOTS)
    assert got["images"] == 48 and got["groups"] == 3


def a_wrong_csv_is_a_sentence_with_its_line(home):
    for text in (b"", b"picture,class\nrings/good/a.jpg,good\n", b"path,label\nonly-one-field\n",
                 b'path,label\n"open,good\n', b"path,label\n", b"path,label,label\na.jpg,good,bad\n"):
        r = home.run("evaluate", "--labels", write_csv(home, text))
        assert r.code in (1, 2, 3) and r.out == "" and r.err.count("\n") == 1, (text, r.code, r.err)
    rows_of(home)
    missing = "path,label\n" + "\n".join(x.rsplit(",", 1)[0] for x in rows_of(home)) + "\nrings/gone.jpg,good\n"
    r = home.run("evaluate", "--json", "--probe", "gda", "--labels", write_csv(home, missing.encode())).expect(
        3, "gone.jpg")
    assert json.loads(r.out)["images"] == 48


def an_interrupted_training_leaves_no_half_bundle(home):
    args = ("train", "--labels", RINGS, *LOTS, "-o", home.file("x.probe"))
    start = time.monotonic()
    home.run(*args).expect(0)
    seconds = time.monotonic() - start
    whole = members(home.file("x.probe"))
    rng = random.Random(8)
    for number in [signal.SIGKILL] * 24 + [signal.SIGINT] * 8:
        if number == signal.SIGINT and os.path.exists(home.file("x.probe")):
            os.remove(home.file("x.probe"))
        p = subprocess.Popen([CLI, *args], env=home.environment(), stdout=subprocess.DEVNULL,
                             stderr=subprocess.PIPE)
        time.sleep(rng.random() * seconds)
        p.send_signal(number)
        err = p.communicate()[1]
        assert p.returncode in (0, -number, 130) and err == b"", (p.returncode, err)
        # A signal may also meet a program that has saved and is on its way out.
        if number == signal.SIGKILL or p.returncode == 0 or os.path.exists(home.file("x.probe")):
            assert members(home.file("x.probe")) == whole


def an_output_that_cannot_be_written_is_said_and_nothing_is_left(home):
    os.makedirs(home.file("folder.probe"))
    home.run("train", "--labels", RINGS, *LOTS, "-o", home.file("folder.probe")).expect(1, "folder.probe")
    home.run("train", "--labels", RINGS, *LOTS, "-o", home.file("no", "x.probe")).expect(1, "x.probe")


def project(home, *labelled):
    """A project over the sample whose pictures CLASS/NAME are labelled as they are."""
    home.run("project", "new", "p.handful", RINGS).expect(0)
    home.run("project", "set", "p.handful", "groups", "^(.*)__").expect(0)
    home.run("project", "class", "p.handful", "good", "--kind", "good").expect(0)
    for c in CLASSES:
        paths = [os.path.join(RINGS, x) for x in labelled if x.startswith(c + "/")]
        if paths:
            home.run("label", "set", "--project", "p.handful", c, *paths).expect(0)


def some(*lots):
    return ["%s/%s__%02d.jpg" % (c, lot, k) for c in CLASSES for lot in lots for k in (1, 2, 3)]


def suggestions_come_with_reasons_and_audits_stay_due(home):
    project(home)
    first = home.run("suggest", "--project", "p.handful", "-n", "8", "--json").expect(0).lines()
    assert [x["why"] for x in first] == ["typical", "typical", "typical", "audit"] * 2
    assert all(x["reason"] and os.path.exists(x["path"]) for x in first) and len({x["path"] for x in first}) == 8
    audits = [x["path"] for x in first if x["why"] == "audit"]
    home.run("label", "set", "--project", "p.handful", "good", audits[0]).expect(0)
    again = home.run("suggest", "--project", "p.handful", "-n", "4", "--json").expect(0).lines()
    assert [x["path"] for x in again if x["why"] == "audit"] == [audits[1]]
    assert audits[0] not in [x["path"] for x in again]
    for x in some("lot07", "lot11"):
        home.run("label", "set", "--project", "p.handful", x.split("/")[0], os.path.join(RINGS, x)).expect(0)
    later = home.run("suggest", "--project", "p.handful", "-n", "20", "--json").expect(0).lines()
    labelled = {os.path.join(RINGS, x) for x in some("lot07", "lot11")}
    assert not labelled & {x["path"] for x in later}
    for x in later:
        assert (x["why"] == "margin") == (x["first"] is not None) == (x["margin"] is not None)
    text = home.run("suggest", "--project", "p.handful", "-n", "2").expect(0).out
    assert len(text.splitlines()) == 4


def a_wrong_label_is_doubted(home):
    project(home, *some("lot07", "lot11", "lot12"))
    wrong = os.path.join(RINGS, "rusty", "lot11__02.jpg")
    home.run("label", "set", "--project", "p.handful", "good", wrong).expect(0)
    doubts = home.run("doubt", "--project", "p.handful", "--json", "-n", "3").expect(0).lines()
    assert wrong in [x["path"] for x in doubts]
    found = next(x for x in doubts if x["path"] == wrong)
    assert found["label"] == "good" and found["likely"] == "rusty" and found["probability"] < 0.5
    assert [x["probability"] for x in doubts] == sorted(x["probability"] for x in doubts)


def a_project_trains_as_its_folder_does(home):
    project(home, *some("lot07", "lot11", "lot12"))
    got = evaluate(home, "--project", "p.handful", "--probe", "gda")
    part = copy(home, "part", lambda c, f: not f.endswith("04.jpg"))
    folder = evaluate(home, "--labels", part, "--good", "good", "--probe", "gda", *LOTS)
    assert got["images"] == folder["images"] == 36 and got["groups"] == 3
    assert got["probes"]["gda"]["accuracy"] == folder["probes"]["gda"]["accuracy"]
    home.run("train", "--project", "p.handful", "-o", "a.probe").expect(0)
    home.run("train", "--project", "p.handful", "-o", "b.probe").expect(0)
    assert members(home.file("a.probe")) == members(home.file("b.probe"))
    home.run("evaluate", "--project", "p.handful", "--good", "good").expect(2, "--good")


def judged(good, reject, passed):
    return "reject" if good < reject else "unsure" if good < passed else "pass"


def thresholds_of_a_project_decide_and_go_into_its_bundle(home):
    project(home, *some("lot07", "lot11", "lot12"))
    home.run("project", "set", "p.handful", "thresholds", "0.9,0.3").expect(2, "Thresholds are two numbers")
    home.run("project", "set", "p.handful", "thresholds", "0.300,.9").expect(0)
    assert "0.3,0.9" in home.run("project", "set", "p.handful").expect(0).out
    probe = evaluate(home, "--project", "p.handful", "--probe", "gda")["probes"]["gda"]
    for p in probe["predictions"]:
        assert p["verdict"] in (judged(p["probabilities"]["good"], 0.3, 0.9), "unknown")
    counted = [judged(p["probabilities"]["good"], 0.3, 0.9) for p in probe["predictions"]]
    bad = [v for v, p in zip(counted, probe["predictions"]) if p["truth"] != "good"]
    assert probe["unsure"]["k"] == counted.count("unsure") > 0
    assert probe["escape_rate"]["k"] == bad.count("pass")
    other = evaluate(home, "--project", "p.handful", "--probe", "gda", "--thresholds", "0.5")["probes"]["gda"]
    assert other["unsure"]["k"] == 0 and other["unsure"]["n"] == 36
    home.run("train", "--project", "p.handful", "-o", "x.probe").expect(0)
    manifest = json.loads(members(home.file("x.probe"))["manifest.json"])
    assert manifest["thresholds"] == {"reject": 0.3, "pass": 0.9}
    assert manifest["evaluation"]["unsure"]["k"] == probe["unsure"]["k"]
    for a in home.run("predict", "--json", "x.probe", RINGS).expect(0).lines():
        assert a["verdict"] in (judged(a["probabilities"]["good"], 0.3, 0.9), "unknown"), a
    part = copy(home, "part", lambda c, f: f.endswith("04.jpg"))
    home.run("train", "--update", "x.probe", "--labels", part, "--good", "good", *LOTS, "-o", "y.probe").expect(0)
    assert json.loads(members(home.file("y.probe"))["manifest.json"])["thresholds"] == manifest["thresholds"]
    home.run("project", "set", "p.handful", "thresholds", "--unset").expect(0)
    home.run("train", "--project", "p.handful", "-o", "x.probe").expect(0)
    assert json.loads(members(home.file("x.probe"))["manifest.json"])["thresholds"] is None


def openings_of_the_acceptance_set_are_counted(home):
    project(home, *some("lot07", "lot11", "lot12"))
    sealed = [os.path.join(RINGS, x) for x in some("lot12")]
    home.run("evaluate", "--project", "p.handful", "--open-acceptance").expect(1, "acceptance")
    home.run("label", "seal", "--project", "p.handful", *sealed).expect(0)
    for n in (1, 2):
        got = evaluate(home, "--project", "p.handful", "--probe", "gda", "--open-acceptance")
        assert got["acceptance"]["openings"] == n and got["images"] == 24
        assert got["acceptance"]["accuracy"]["n"] == 12 == len(got["acceptance"]["predictions"])
        assert {p["path"] for p in got["acceptance"]["predictions"]} == set(sealed)
    assert not {p["path"] for p in got["probes"]["gda"]["predictions"]} & set(sealed)
    # The project's own probe is judged, where none is named.
    home.run("project", "set", "p.handful", "probe", "linear").expect(0)
    own = evaluate(home, "--project", "p.handful", "--open-acceptance")["acceptance"]
    named = evaluate(home, "--project", "p.handful", "--probe", "linear", "--open-acceptance")["acceptance"]
    assert own["probe"] == named["probe"] == "linear" and own["predictions"] == named["predictions"]
    assert own["predictions"] != got["acceptance"]["predictions"]
    suggested = home.run("suggest", "--project", "p.handful", "-n", "48", "--json").expect(0).lines()
    assert not {x["path"] for x in suggested} & set(sealed)
    for x in suggested:
        home.run("label", "set", "--project", "p.handful", "good", x["path"]).expect(0)
    said = home.run("suggest", "--project", "p.handful").expect(0).out
    assert said == "Every picture has a label.\n", said
    home.run("label", "clear", "--project", "p.handful", *sealed[:2]).expect(0)
    said = home.run("suggest", "--project", "p.handful").expect(0).out
    assert said == "Every picture has a label but 2 of the acceptance set, which is never suggested.\n", said


def models_are_compared(home):
    got = json.loads(home.run("bakeoff", "--labels", RINGS, *LOTS, "--model", "starter", "--model", "starter",
                              "--json").expect(0).out)
    assert [x["model"] for x in got] == ["starter", "starter"]
    assert got[0]["accuracy"] == got[1]["accuracy"] and got[0]["accuracy"]["n"] == 48
    assert all(x["ms_per_image"] > 0 and x["bytes"] > 1000000 for x in got)
    assert [x["precision"] for x in got] == ["f16", "f16"] and (got[1]["gained"], got[1]["lost"]) == (0, 0)


def precisions_are_compared(home):
    got = json.loads(home.run("bakeoff", "--labels", RINGS, *LOTS, "--model", "starter", "--precision", "f32,f16",
                              "--json").expect(0).out)
    assert [x["precision"] for x in got] == ["f32", "f16"] and "lost" not in got[0]
    first, second = (x["accuracy"]["k"] for x in got)
    assert second - first == got[1]["gained"] - got[1]["lost"] and abs(second - first) <= 1
    # Neither is clearly better.
    assert got[1]["change_low"] < 0 < got[1]["change_high"]
    alone = json.loads(home.run("bakeoff", "--labels", RINGS, *LOTS, "--model", "starter", "--precision", "f32",
                                "--json").expect(0).out)
    assert alone[0]["accuracy"] == got[0]["accuracy"]
    for bad in ("f32,", "f32,f64", ",", "f32;f16"):
        r = home.run("bakeoff", "--labels", RINGS, "--model", "starter", "--precision", bad).expect(2)
        assert r.err.count("\n") == 1, r.err


def what_cannot_be_measured_is_named_and_the_rest_is(home):
    """Narrow vectors have no int8; classic features have no text for zero-shot."""
    narrow = {"HANDFUL_KERNELS": "cpu", "HANDFUL_VECTOR_WIDTH": "4"}
    asked = ("bakeoff", "--labels", RINGS, *LOTS, "--model", "starter")
    said = home.run(*asked, "--precision", "int8,f16", "--json", env=narrow)
    said.expect(1, "starter, int8, clip: Precision int8 needs")
    lacking, measured = json.loads(said.out)
    assert lacking.pop("error").startswith("Precision int8 needs"), lacking
    assert lacking == {"model": "starter", "precision": "int8", "features": "clip", "views": 1}
    assert measured["precision"] == "f16" and measured["accuracy"]["n"] == 48
    said = home.run(*asked, "--features", "classic,clip", "--probe", "zero-shot").expect(1, "classic: ")
    assert said.out.startswith("starter, f16, clip\n"), said.out


def kernels_that_do_not_compile_are_named_and_the_rest_is_measured(home):
    """Those of int8 are broken, where the device has it."""
    listed = json.loads(home.run("devices", "--json").expect(0).out)
    if "int8" not in next(d["precisions"] for d in listed if d["chosen"]):
        return
    with open(home.file("broken.cl"), "w", encoding="utf-8") as f:
        f.write("no kernel\n")
    overlay = {"G_RESOURCE_OVERLAYS":
               "/io/github/handful_app/Handful/kernels/cpu/int8.cl=" + home.file("broken.cl")}
    said = home.run("bakeoff", "--labels", RINGS, *LOTS, "--model", "starter", "--precision", "int8,f16", "--json",
                    env=overlay).expect(1, "starter, int8, clip: ", "cannot compile")
    assert ["error" in x for x in json.loads(said.out)] == [True, False]


def features_are_compared(home):
    """Classic ones alone need no model, and are there once."""
    asked = ("bakeoff", "--labels", RINGS, *LOTS, "--model", "starter", "--model", "starter")
    choices = "clip,classic,clip+classic"
    got = json.loads(home.run(*asked, "--features", choices, "--json").expect(0).out)
    assert [(x["model"], x["precision"], x["features"]) for x in got] == [
        ("starter", "f16", "clip"), (None, None, "classic"), ("starter", "f16", "clip+classic"),
        ("starter", "f16", "clip"), ("starter", "f16", "clip+classic")]
    assert [x["bytes"] > 0 for x in got] == [x["model"] is not None for x in got]
    assert len({x["folds"] for x in got}) == 1 and all(x["ms_per_image"] > 0 for x in got)
    assert got[0]["accuracy"] == got[3]["accuracy"] and got[2]["accuracy"] == got[4]["accuracy"]
    for x in got[1:]:
        assert x["accuracy"]["k"] - got[0]["accuracy"]["k"] == x["gained"] - x["lost"]
    for i, name in enumerate(choices.split(",")):
        probe = evaluate(home, "--labels", RINGS, *LOTS, "--probe", "gda", "--features", name)["probes"]["gda"]
        assert probe["accuracy"] == got[i]["accuracy"], name
    said = home.run(*asked, "--features", choices).expect(0).out
    for x in got[1:3]:
        change = "%d more right, %d more wrong: %+d (%.0f to %.0f)" % (
            x["gained"], x["lost"], x["gained"] - x["lost"], *(x["accuracy"]["n"] * x[end] for end in
                                                               ("change_low", "change_high")))
        clear = ", clearly better" * (x["change_low"] > 0) + ", clearly worse" * (x["change_high"] < 0)
        assert "  beside first   %s%s\n" % (change, clear) in said, (change, said)
    titles = [line for line in said.splitlines() if not line.startswith(" ")]
    assert titles == ["starter, f16, clip", "classic", "starter, f16, clip+classic", "starter, f16, clip",
                      "starter, f16, clip+classic"]
    for bad in ("classic", "clip,", "clip,colour", ","):
        r = home.run(*asked, "--features", bad).expect(2)
        assert r.err.count("\n") == 1, r.err


def views_are_compared(home):
    """Classic features once for each number of views."""
    asked = ("bakeoff", "--labels", RINGS, *LOTS, "--model", "starter", "--model", "starter")
    got = json.loads(home.run(*asked, "--views", "4,1", "--features", "clip,classic", "--json").expect(0).out)
    assert [(x["model"], x["features"], x["views"]) for x in got] == [
        ("starter", "clip", 4), ("starter", "clip", 1), (None, "classic", 4), (None, "classic", 1),
        ("starter", "clip", 4), ("starter", "clip", 1)]
    assert got[1]["accuracy"]["k"] - got[0]["accuracy"]["k"] == got[1]["gained"] - got[1]["lost"]
    for x, y in ((0, 4), (1, 5)):
        assert got[x]["accuracy"] == got[y]["accuracy"]
    for n in (4, 1):
        probe = evaluate(home, "--labels", RINGS, *LOTS, "--probe", "gda", "--features", "clip", "--views", str(n))
        assert probe["probes"]["gda"]["accuracy"] == got[0 if n == 4 else 1]["accuracy"], n
    said = home.run(*asked, "--views", "4").expect(0).out
    assert said.startswith("starter, f16, clip, 4 views\n"), said
    for bad in ("2", "1,", "1,x", ",", "", "1;4", "4.0"):
        r = home.run(*asked, "--views", bad).expect(2)
        assert r.err.count("\n") == 1, r.err


def the_proof_numbers_are_those_of_the_binomial(home):
    for rate, faults, wanted in (("5%", 0, 59), ("0.05", 1, 93), ("0.01", 0, 299), ("1 %", 3, 773),
                                 ("0.001", 2, 6294), ("0.3%", 1, 1580)):
        out = home.run("proof", "--max-rate", rate, "--faults", str(faults)).expect(0).out
        assert out.startswith("%d parts" % wanted), out
    assert "59 lots" in home.run("proof", "--max-rate", "5%", "--lots").expect(0).out


main(the_sample_is_evaluated_out_of_the_box, without_lots_and_a_good_class_these_members_are_null,
     a_table_for_people_has_the_same_numbers, templates_are_compared,
     equal_labels_give_equal_bytes_with_any_number_of_threads, a_bundle_says_what_it_is,
     every_probe_and_feature_choice_trains, an_update_learns_new_labels_and_shows_the_old_classes,
     an_update_keeps_which_class_is_good, a_pattern_that_fits_not_every_name_is_said,
     what_to_beware_of_stands_beside_the_rates,
     an_update_tunes_prompts_as_the_old_probe_did, tuned_prompts_are_in_the_weights_of_a_bundle,
     auto_tunes_prompts_when_asked,
     wrong_usage_is_one_sentence, labels_that_cannot_be_learned_from_are_a_sentence,
     one_picture_a_class_trains_and_says_that_it_is_not_measured, a_class_of_one_lot_is_left_out_of_every_count,
     copies_count_once_and_conflicts_not_at_all, refused_pictures_are_named_and_the_rest_is_done,
     links_to_folders_are_passed_over_aloud,
     a_csv_is_read_with_mark_quotes_and_other_line_ends, a_wrong_csv_is_a_sentence_with_its_line,
     an_interrupted_training_leaves_no_half_bundle, an_output_that_cannot_be_written_is_said_and_nothing_is_left,
     suggestions_come_with_reasons_and_audits_stay_due, a_wrong_label_is_doubted,
     a_project_trains_as_its_folder_does, thresholds_of_a_project_decide_and_go_into_its_bundle,
     openings_of_the_acceptance_set_are_counted,
     models_are_compared, precisions_are_compared, what_cannot_be_measured_is_named_and_the_rest_is,
     kernels_that_do_not_compile_are_named_and_the_rest_is_measured, features_are_compared, views_are_compared,
     the_proof_numbers_are_those_of_the_binomial)
