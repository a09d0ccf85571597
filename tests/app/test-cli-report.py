"""report on the sample and on a project: all three forms, the same numbers as
evaluate, equal bytes, and what is refused."""
import json
import os
import re
import shutil

from tap import ROOT, main

RINGS = os.path.join(ROOT, "tests", "pictures", "rings")
SAMPLE = ("--labels", RINGS, "--good", "good", "--groups", "^(.*)__")
TIME = ("--time", "2026-11-27T12:00:00Z")


def read(home, name):
    with open(home.file(name), "rb") as f:
        return f.read()


def the_sample_is_reported_in_every_form(home):
    for name, start in (("r.pdf", b"%PDF-"), ("r.html", b"<!DOCTYPE html>"), ("r.json", b"{")):
        r = home.run("report", *SAMPLE, *TIME, "-o", name).expect(0)
        assert name in r.out
        assert read(home, name).startswith(start)
    pdf = read(home, "r.pdf")
    pages = len(re.findall(rb"/Type /Page\b", pdf))
    assert 2 <= pages <= 3, pages
    assert pdf.count(b"/Filter /DCTDecode") >= 1
    html = read(home, "r.html").decode()
    assert "<title>rings</title>" in html and "http" not in html.replace("http-equiv", "")
    for name in ("cracked", "good", "rusty", "scratched", "lot07", "lot12"):
        assert name in html, name


def numbers_are_those_of_evaluate(home):
    home.run("report", *SAMPLE, *TIME, "-o", "r.json").expect(0)
    got = json.loads(read(home, "r.json"))
    wanted = json.loads(home.run("evaluate", *SAMPLE, "--learning", "--json").expect(0).out)
    assert list(got["probes"]) == list(wanted["probes"])
    for name, probe in wanted["probes"].items():
        for member in ("accuracy", "escape_rate", "overkill", "per_class", "confusion", "auc", "learning"):
            assert got["probes"][name][member] == probe[member], (name, member)
    gda = got["probes"]["gda"]
    assert gda["predictions"] == wanted["probes"]["gda"]["predictions"]
    assert all("seconds" not in p for p in got["probes"].values())
    assert "predictions" not in got["probes"]["svm"]
    assert got["leak"] == wanted["leak"] and got["folds"] == wanted["folds"]
    assert [c["labels"] for c in got["classes"]] == [12, 12, 12, 12]
    assert got["classes"][0]["groups"] == {"lot07": 4, "lot11": 4, "lot12": 4}
    assert got["pictures"]["tested"] == 48 and got["time"] == "2026-11-27T12:00:00Z"
    assert re.fullmatch("[0-9a-f]{64}", got["label_log_sha256"])
    assert re.fullmatch("[0-9a-f]{64}", got["model"]["identity"])
    # The page for people says the same.
    home.run("report", *SAMPLE, *TIME, "-o", "r.html").expect(0)
    html = read(home, "r.html").decode()
    assert '<dd class="count">%d of %d</dd>' % (gda["escape_rate"]["k"], gda["escape_rate"]["n"]) in html


def equal_input_gives_equal_bytes(home):
    for end in ("pdf", "html", "json"):
        home.run("report", *SAMPLE, *TIME, "-o", "a." + end).expect(0)
        home.run("report", *SAMPLE, "-o", "b." + end, env={"SOURCE_DATE_EPOCH": "1795780800"}).expect(0)
        assert read(home, "a." + end) == read(home, "b." + end)


def a_project_is_reported_by_its_settings(home):
    home.run("project", "new", "line.handful").expect(0)
    home.run("label", "import", "--project", "line.handful", "--good", "good", "--groups", "^(.*)__", RINGS).expect(0)
    home.run("report", "--project", "line.handful", "--probe", "gda", *TIME, "-o", "r.json").expect(0)
    got = json.loads(read(home, "r.json"))
    assert got["project"] == "line" and list(got["probes"]) == ["gda"]
    assert got["pictures"]["labelled"] == 48 and got["pictures"]["groups"] == "^(.*)__"
    assert got["acceptance"]["openings"] == [] and got["probes"]["gda"]["escape_rate"]["n"] == 36
    home.run("report", "--project", "line.handful", *TIME, "-o", "r.pdf").expect(0)
    home.run("report", "--project", "gone.handful", "-o", "r.html").expect(1, "gone.handful")


def what_was_chosen_and_what_to_beware_of_is_said(home):
    home.run("report", *SAMPLE, "--probe", "gda", "--probe", "zero-shot", *TIME, "-o", "r.json").expect(0)
    got = json.loads(read(home, "r.json"))
    trained = home.run("train", *SAMPLE, "-o", "x.probe").expect(0).out
    assert got["model"]["features"] == "auto"
    assert "features %s." % got["model"]["features_chosen"] in trained
    assert any("starter" in w for w in got["warnings"])
    home.run("report", *SAMPLE, "--probe", "gda", *TIME, "-o", "r.html").expect(0)
    assert "%s (auto)" % got["model"]["features_chosen"] in read(home, "r.html").decode()
    shutil.copytree(RINGS, home.file("bare"))
    for name in os.listdir(home.file("bare", "rusty"))[4:]:
        os.remove(home.file("bare", "rusty", name))
    home.run("report", "--labels", "bare", "--probe", "gda", *TIME, "-o", "r.json").expect(0)
    said = " ".join(json.loads(read(home, "r.json"))["warnings"])
    for words in ("few labels (4)", "No lots", "No class is the good one"):
        assert words in said, said


def an_acceptance_set_is_opened_once_a_time_and_logged(home):
    """The lot that was sealed is judged by the probe of the others; evaluate and report agree, and each opening
    stands in the project before its numbers are shown."""
    home.run("project", "new", "line.handful").expect(0)
    home.run("label", "import", "--project", "line.handful", "--good", "good", "--groups", "^(.*)__", RINGS).expect(0)
    asked = ("--project", "line.handful", "--probe", "gda", "--open-acceptance")
    home.run("evaluate", *asked).expect(1)
    home.run("label", "seal", "-P", "line.handful", "--group", "lot12").expect(0)
    said = home.run("evaluate", *asked).expect(0).out
    assert "opened for the 1. time" in said
    got = json.loads(home.run("evaluate", *asked, "--json").expect(0).out)["acceptance"]
    assert got["openings"] == 2 and got["accuracy"]["n"] == 16 == len(got["predictions"])
    assert all("lot12" in p["path"] for p in got["predictions"])
    assert got["accuracy"]["k"] == sum(p["truth"] == p["predicted"] for p in got["predictions"])
    home.run("report", *asked, *TIME, "-o", "r.json").expect(0)
    reported = json.loads(read(home, "r.json"))["acceptance"]
    assert len(reported["openings"]) == 3, reported["openings"]
    assert got["of_trained_lots"] == got["near_copies_of_trained"] == 0
    assert reported["note"] is None and "flatter" not in said
    for rate in ("accuracy", "escape_rate", "overkill"):
        assert reported["result"][rate] == got[rate], rate
    # Without the option nothing is opened, and the earlier openings stay.
    home.run("report", *asked[:-1], *TIME, "-o", "r.json").expect(0)
    closed = json.loads(read(home, "r.json"))["acceptance"]
    assert len(closed["openings"]) == 3 and closed["result"] is None
    home.run("report", *asked, *TIME, "-o", "r.html").expect(0)
    assert "opened 4 times" in read(home, "r.html").decode()


def what_the_probe_knows_of_the_acceptance_set_is_said(home):
    """Half a lot and a near-copy of a trained picture were sealed."""
    home.run("project", "new", "line.handful").expect(0)
    shutil.copytree(RINGS, home.file("parts"))
    copied = home.file("parts/good/lot99__01.jpg")
    shutil.copy(home.file("parts/good/lot07__01.jpg"), copied)
    with open(copied, "ab") as f:
        f.write(b"another file")
    home.run("label", "import", "--project", "line.handful", "--good", "good", "--groups", "^(.*)__", "parts").expect(0)
    half = [home.file("parts/%s/lot12__0%d.jpg" % (c, i)) for c in ("good", "rusty") for i in (1, 2)]
    home.run("label", "seal", "-P", "line.handful", copied, *half).expect(0)
    asked = ("-P", "line.handful", "--probe", "gda", "--open-acceptance")
    got = json.loads(home.run("evaluate", *asked, "--json").expect(0).out)["acceptance"]
    assert (got["accuracy"]["n"], got["near_copies_of_trained"], got["of_trained_lots"]) == (5, 1, 4), got
    note = ("Pictures judged: 5; nearly equal to one that was trained on: 1; of a lot that was: 4. "
            "These rates flatter.")
    assert note in home.run("evaluate", *asked).expect(0).out
    home.run("report", *asked, *TIME, "-o", "r.json").expect(0)
    assert json.loads(read(home, "r.json"))["acceptance"]["note"] == note
    home.run("report", *asked, *TIME, "-o", "r.html").expect(0)
    assert note in read(home, "r.html").decode()
    # What is not the case is not counted.
    for sealed, note in (([copied], "Of 1 judged, 1 picture nearly equals one that was trained on: "),
                         (half, "Of 4 judged, 4 pictures are of a lot that was trained on: ")):
        os.unlink(home.file("line.handful"))
        home.run("project", "new", "line.handful").expect(0)
        home.run("label", "import", "--project", "line.handful", "--good", "good", "--groups", "^(.*)__", "parts").expect(0)
        home.run("label", "seal", "-P", "line.handful", *sealed).expect(0)
        assert note + "these rates flatter." in home.run("evaluate", *asked).expect(0).out


def the_acceptance_set_is_judged_by_the_probe_that_is_reported(home):
    home.run("project", "new", "line.handful").expect(0)
    home.run("label", "import", "--project", "line.handful", "--good", "good", "--groups", "^(.*)__", RINGS).expect(0)
    home.run("label", "seal", "-P", "line.handful", "--group", "lot12").expect(0)
    home.run("project", "set", "line.handful", "probe", "svm").expect(0)
    home.run("report", "-P", "line.handful", "--open-acceptance", *TIME, "-o", "r.json").expect(0)
    got = json.loads(read(home, "r.json"))
    asked = ("evaluate", "-P", "line.handful", "--probe", "svm", "--open-acceptance", "--json")
    svm = json.loads(home.run(*asked).expect(0).out)["acceptance"]
    assert got["probe"] == "svm" and got["acceptance"]["openings"][0]["by"] == "svm"
    for member in ("accuracy", "escape_rate", "overkill", "confusion"):
        assert got["acceptance"]["result"][member] == svm[member], member
    # A probe that is named comes before the project's.
    home.run("report", "-P", "line.handful", "--probe", "zero-shot", "--probe", "svm", *TIME, "-o", "r.json").expect(0)
    assert json.loads(read(home, "r.json"))["probe"] == "zero-shot"
    # The project's is reported also where it is none of those that are compared unasked.
    home.run("project", "set", "line.handful", "probe", "auto").expect(0)
    home.run("report", "-P", "line.handful", *TIME, "-o", "r.json").expect(0)
    got = json.loads(read(home, "r.json"))
    assert got["probe"] == "auto" and list(got["probes"]) == ["gda", "linear", "svm", "zero-shot", "auto"]


def thresholds_and_lots_are_those_of_the_rates(home):
    """A list has lots of its own, and no --groups says so."""
    with open(home.file("labels.csv"), "w", encoding="utf-8") as f:
        f.write("path,label,group\n")
        for name in ("good", "rusty"):
            for picture in sorted(os.listdir(os.path.join(RINGS, name))):
                f.write("%s,%s,%s\n" % (os.path.join(RINGS, name, picture), name, picture.split("__")[0]))
    asked = ("report", "--labels", "labels.csv", "--good", "good", "--probe", "gda", *TIME)
    home.run(*asked, "--thresholds", "0.3,0.7", "-o", "r.json").expect(0)
    got = json.loads(read(home, "r.json"))
    assert got["pictures"]["groups"] == "csv" and got["lots_tested"] == 3
    assert got["thresholds"] == {"reject": 0.3, "pass": 0.7}
    assert any("thresholds 0.3,0.7" in w for w in got["warnings"]), got["warnings"]
    home.run(*asked, "-o", "r.html").expect(0)
    html = read(home, "r.html").decode()
    assert "every picture alone" not in html and "thresholds 0." not in html
    home.run(*asked, "-o", "r.json").expect(0)
    assert json.loads(read(home, "r.json"))["thresholds"] is None


def too_few_labels_are_said_not_refused(home):
    for name in ("good", "rusty"):
        os.makedirs(home.file("few/" + name))
        shutil.copy(os.path.join(RINGS, name, "lot07__01.jpg"), home.file("few/" + name))
    home.run("report", "--labels", "few", *TIME, "-o", "r.html").expect(0)
    assert "No rate can be given" in read(home, "r.html").decode()
    home.run("report", "--labels", "few", *TIME, "-o", "r.json").expect(0)
    assert json.loads(read(home, "r.json"))["probes"] is None


def wrong_usage_is_refused_before_any_work(home):
    for args, word in (((*SAMPLE,), "-o"), ((*SAMPLE, "-o", "r.docx"), ".pdf"),
                       ((*SAMPLE, "-o", "r.pdf", "--time", "noon"), "--time"),
                       ((*SAMPLE, "-o", "r.pdf", "--folds", "1"), "--folds"),
                       ((*SAMPLE, "-o", "r.pdf", "--open-acceptance"), "project"),
                       (("-o", "r.pdf"), "--labels")):
        assert word in home.run("report", *args).expect(2).err, args
    assert not os.path.exists(home.file("r.pdf"))


def a_report_that_cannot_be_written_leaves_the_old_one(home):
    r = home.run("report", *SAMPLE, "-o", "nowhere/r.pdf").expect(1)
    assert "nowhere" in r.err
    os.mkdir(home.file("taken.pdf"))
    home.run("report", *SAMPLE, "-o", "taken.pdf").expect(1)
    assert os.path.isdir(home.file("taken.pdf"))


def pictures_that_cannot_be_read_are_listed(home):
    shutil.copytree(RINGS, home.file("rings"))
    with open(home.file("rings/good/broken.jpg"), "wb") as f:
        f.write(b"\xff\xd8\xff no picture")
    r = home.run("report", "--labels", "rings", "--probe", "gda", "-o", "r.json").expect(3)
    assert "broken.jpg" in r.err
    got = json.loads(read(home, "r.json"))
    assert any("broken.jpg" in x["path"] for x in got["pictures"]["left_out"])


main(the_sample_is_reported_in_every_form, numbers_are_those_of_evaluate, equal_input_gives_equal_bytes,
     a_project_is_reported_by_its_settings, what_was_chosen_and_what_to_beware_of_is_said,
     an_acceptance_set_is_opened_once_a_time_and_logged, what_the_probe_knows_of_the_acceptance_set_is_said,
     the_acceptance_set_is_judged_by_the_probe_that_is_reported, thresholds_and_lots_are_those_of_the_rates,
     too_few_labels_are_said_not_refused, wrong_usage_is_refused_before_any_work,
     a_report_that_cannot_be_written_leaves_the_old_one, pictures_that_cannot_be_read_are_listed)
