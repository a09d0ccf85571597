"""The starter model through handful-cli gives the rows that PyTorch gives."""
import json
import math
import os

from tap import PICTURES, ROOT, dot, main, read_safetensors

with open(os.path.join(ROOT, "tests", "golden", "starter", "golden.json"), encoding="utf-8") as f:
    GOLDEN = json.load(f)
TEXTS = [p["text"] for p in GOLDEN["prompts"]]
FILES = [os.path.join(PICTURES, os.path.basename(p["file"])) for p in GOLDEN["pictures"]]


def check_rows(home, precision, least):
    out = home.file("out.safetensors")
    args = [x for t in TEXTS for x in ("--text", t)]
    home.run("embed", "--no-cache", "--model", "starter", "--precision", precision, *args, "-o", out, *FILES).expect(0)
    tensors, metadata = read_safetensors(out)
    assert json.loads(metadata["paths"]) == FILES
    assert json.loads(metadata["texts"]) == TEXTS
    assert metadata["precision"] == precision and metadata["framing"] == "crop"
    for name, wanted in (("image_features", GOLDEN["pictures"]), ("text_features", GOLDEN["prompts"])):
        assert len(tensors[name]) == len(wanted)
        for row, item in zip(tensors[name], wanted):
            assert abs(math.sqrt(dot(row, row)) - 1) < 1e-5
            cosine = dot(row, item["feature"]) / math.sqrt(dot(item["feature"], item["feature"]))
            assert cosine >= least, "%s: cosine %.6f" % (item.get("text") or item["file"], cosine)


def rows_in_f32(home):
    check_rows(home, "f32", 0.9999)


def rows_in_f16(home):
    check_rows(home, "f16", 0.999)


def tokens(home):
    got = json.loads(home.run("tokens", "--json", *TEXTS).expect(0).out)
    assert got == [p["tokens"] for p in GOLDEN["prompts"]]


def probabilities_are_the_softmax_of_the_logits(home):
    classes = ["good", "rusty", "cracked", "scratched"]
    rows = {p["text"]: p["feature"] for p in GOLDEN["prompts"]}
    args = [x for c in classes for x in ("--class", c)]
    got = home.run("classify", "--no-cache", "--precision", "f32", "--json", "--template", "a photo of a {class} bearing ring",
                   *args, *FILES).expect(0).lines()
    assert [g["path"] for g in got] == FILES
    for answer, picture in zip(got, GOLDEN["pictures"]):
        logits = [GOLDEN["logit_scale"] * dot(picture["feature"], rows["a photo of a %s bearing ring" % c])
                  for c in classes]
        wanted = [math.exp(x - max(logits)) for x in logits]
        wanted = [x / sum(wanted) for x in wanted]
        assert list(answer["probabilities"]) == classes
        for c, p in zip(classes, wanted):
            assert abs(answer["probabilities"][c] - p) < 5e-3, (answer, wanted)
        assert abs(sum(answer["probabilities"].values()) - 1) < 1e-6
        assert answer["class"] == max(classes, key=lambda c: answer["probabilities"][c])


def templates_are_averaged(home):
    """Two templates: the class row is the mean of two unit rows, made unit."""
    templates = ["a photo of a {class} bearing ring", "a close-up of a {class} ring"]
    classes = ["good", "rusty"]
    out = home.file("out.safetensors")
    texts = [t.replace("{class}", c) for c in classes for t in templates]
    home.run("embed", "-p", "f32", *[x for t in texts for x in ("--text", t)], "-o", out, FILES[0]).expect(0)
    tensors, _ = read_safetensors(out)
    rows = []
    for k in range(2):
        row = [(a + b) / 2 for a, b in zip(*tensors["text_features"][2 * k:2 * k + 2])]
        length = math.sqrt(dot(row, row))
        rows.append([x / length for x in row])
    a, b = [GOLDEN["logit_scale"] * dot(tensors["image_features"][0], r) for r in rows]
    got = home.run("classify", "--no-cache", "-p", "f32", "--json", "--template", templates[0], "--template", templates[1],
                   "--class", "good", "--class", "rusty", FILES[0]).expect(0).lines()[0]
    assert abs(got["probabilities"]["good"] - 1 / (1 + math.exp(b - a))) < 1e-4


main(rows_in_f32, rows_in_f16, tokens, probabilities_are_the_softmax_of_the_logits, templates_are_averaged)
