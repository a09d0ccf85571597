"""Measures an exported model.

    python evaluate.py sample MODELDIR SAMPLEDIR           zero-shot on the sample project's rings
    python evaluate.py rings MODELDIR [FIRST_SEED]         zero-shot on 240 fresh pictures of render.py
    python evaluate.py cast MODELDIR [COUNT]               zero-shot on fresh pictures of rings.py, in stations of their own
    python evaluate.py real MODELDIR IMAGEDIR OUT.json     few-shot on folders of real pictures
    python evaluate.py card MODELDIR SAMPLEDIR IMAGEDIR OUT.json     all of these, as the card gives them

`sample` reads SAMPLEDIR/truth.csv (path, label) and leaves out what has no label.

`real` expects IMAGEDIR/<set>/<class>/*.  For each set: 10 draws of 10 labelled
pictures a class, logistic regression on standardised features, accuracy on all
other pictures.  Compared: this model, a network of the same shape with random
weights, and colour histograms with histograms of oriented gradients; and this
model once more on what no training saw: the other half of the groups of the
sets that were trained on (photographs.py says which), all of the others.
"""
import csv
import io
import json
import os
import sys

import numpy as np
import torch
from PIL import Image

import photographs
import render

FRESH = 800_000_000     # far from every training seed; 700,000,000 served for looks during training
CLASSES = ["good", "rusty", "cracked", "scratched"]
TEMPLATES = ["a photo of a {} bearing ring", "a picture of a {} ring", "an inspection image of a {} bearing ring", "a {} steel bearing ring"]
torch.set_num_threads(2)


def load(folder):
    import open_clip
    model, _, preprocess = open_clip.create_model_and_transforms("local-dir:" + os.path.abspath(folder))
    return model.eval().float(), preprocess, open_clip.get_tokenizer("local-dir:" + os.path.abspath(folder))


def as_photo(array):
    data = io.BytesIO()
    Image.fromarray(array).save(data, "JPEG", quality=88)
    return Image.open(data).convert("RGB")


def encode(model, preprocess, pictures):
    out = []
    with torch.no_grad():
        for k in range(0, len(pictures), 40):
            out.append(model.encode_image(torch.stack([preprocess(p) for p in pictures[k:k + 40]]), normalize=True))
    return torch.cat(out).numpy()


def zero_shot(model, tokenizer, x, truth):
    """Accuracy, confusion and confidence with one template and with four."""
    report = {}
    for label, templates in (("one template", TEMPLATES[:1]), ("four templates", TEMPLATES)):
        weights = []
        with torch.no_grad():
            for name in CLASSES:
                t = model.encode_text(tokenizer([p.format(name) for p in templates]), normalize=True).mean(0)
                weights.append((t / t.norm()).numpy())
        logits = x @ np.stack(weights).T * float(model.logit_scale.detach().exp())
        guess = logits.argmax(1)
        table = np.zeros((4, 4), int)
        for t, g in zip(truth, guess):
            table[t, g] += 1
        p = np.exp(logits - logits.max(1, keepdims=True))
        p /= p.sum(1, keepdims=True)
        report[label] = dict(accuracy=round(float((guess == truth).mean()), 4), confusion=table.tolist(),
                             mean_confidence=round(float(p.max(1).mean()), 3))
        print(label, report[label]["accuracy"], "confidence", report[label]["mean_confidence"])
        for name, row in zip(CLASSES, table):
            print(f"  {name:10}", row)
    scores = ten_labels(x, truth)
    report["10 labels a class"] = [round(float(np.mean(scores)), 4), round(float(np.std(scores)), 4)]
    print("logistic regression, 10 labels a class: %.3f +- %.3f" % (np.mean(scores), np.std(scores)))
    return report


def rings(folder, first=FRESH, count=60):
    model, preprocess, tokenizer = load(folder)
    pictures = [as_photo(render.render(int(first) + c * 1000 + k, 448, "ring", name)[0])
                for c, name in enumerate(CLASSES) for k in range(count)]
    return zero_shot(model, tokenizer, encode(model, preprocess, pictures), np.repeat(np.arange(4), count))


def cast(folder, count=200):
    """Twins as the training saw them, of fresh seeds; close-ups, brass and strange benches among them."""
    import rings_shards
    model, preprocess, tokenizer = load(folder)
    shots = [shot for k in range(int(count) // 2) for shot in rings_shards.pair(FRESH + k)]
    shots = [(p, f) for p, f in shots if f["product"] == "ring"]
    return zero_shot(model, tokenizer, encode(model, preprocess, [as_photo(p) for p, _ in shots]), np.array([CLASSES.index(f["defect"]) for _, f in shots]))


def sample(folder, where):
    model, preprocess, tokenizer = load(folder)
    with open(os.path.join(where, "truth.csv"), newline="") as file:
        rows = [r for r in csv.DictReader(file) if r["label"] in CLASSES]
    pictures = [Image.open(os.path.join(where, r["path"])).convert("RGB") for r in rows]
    return zero_shot(model, tokenizer, encode(model, preprocess, pictures), np.array([CLASSES.index(r["label"]) for r in rows]))


def ten_labels(x, truth):
    """Balanced accuracy of 10 draws of 10 labels a class."""
    from sklearn.linear_model import LogisticRegression
    return [fit_score(LogisticRegression, x, truth, *split(truth, 10, draw)) for draw in range(10)]


def split(truth, per_class, draw):
    rng = np.random.default_rng(draw)
    train = np.concatenate([rng.permutation(np.flatnonzero(truth == c))[:per_class] for c in np.unique(truth)])
    return train, np.setdiff1d(np.arange(len(truth)), train)


def fit_score(maker, x, y, train, test):
    mean, std = x[train].mean(0), x[train].std(0) + 1e-4
    z = (x - mean) / std
    model = maker(C=0.05, max_iter=400).fit(z[train], y[train])
    guess = model.predict(z[test])
    return float(np.mean([(guess[y[test] == c] == c).mean() for c in np.unique(y[test])]))     # every class counts the same


def histograms(picture):
    """Colour histogram (HSV) and histogram of oriented gradients."""
    w, h = picture.size
    side = min(w, h)
    picture = picture.crop(((w - side) // 2, (h - side) // 2, (w + side) // 2, (h + side) // 2)).resize((128, 128), Image.Resampling.BICUBIC)
    hsv = np.asarray(picture.convert("HSV"))
    parts = [np.histogram(hsv[..., c], bins, (0, 256))[0] / 16384 for c, bins in ((0, 16), (1, 8), (2, 16))]
    grey = np.asarray(picture.convert("L"), np.float32) / 255
    gx, gy = np.gradient(grey, axis=1), np.gradient(grey, axis=0)
    size, angle = np.hypot(gx, gy), np.mod(np.arctan2(gy, gx), np.pi)
    index = np.minimum((angle / np.pi * 9).astype(int), 8)
    cells = np.zeros((8, 8, 9))
    np.add.at(cells, (np.arange(128)[:, None] // 16, np.arange(128)[None, :] // 16, index), size)
    blocks = [cells[i:i + 2, j:j + 2].ravel() for i in range(7) for j in range(7)]
    hog = np.concatenate([b / (np.linalg.norm(b) + 1e-3) for b in blocks])
    return np.concatenate([np.sqrt(np.concatenate(parts)), hog])


def random_network(model, preprocess, pictures):
    """The same shape with fresh random weights; normalisation layers see these pictures first."""
    import open_clip
    torch.manual_seed(7)
    cfg = json.load(open(os.path.join(random_network.folder, "open_clip_config.json")))["model_cfg"]
    fresh = open_clip.model.CLIP(**cfg)
    for m in fresh.visual.modules():
        if isinstance(m, torch.nn.BatchNorm2d):
            m.momentum = None
            if (m.weight == 0).all():
                torch.nn.init.ones_(m.weight)
    fresh.visual.train()
    with torch.no_grad():
        some = pictures[::max(1, len(pictures) // 160)][:160]
        for k in range(0, len(some), 40):
            fresh.encode_image(torch.stack([preprocess(p) for p in some[k:k + 40]]))
    return encode(fresh.eval(), preprocess, pictures)


def real(folder, images, out):
    model, preprocess, _ = load(folder)
    random_network.folder = folder
    report = {}
    for name in sorted(os.listdir(images)):
        root = os.path.join(images, name)
        classes = sorted(c for c in os.listdir(root) if os.path.isdir(os.path.join(root, c))) if os.path.isdir(root) else []
        files = [(os.path.join(root, c, f), k) for k, c in enumerate(classes) for f in sorted(os.listdir(os.path.join(root, c)))
                 if f.lower().endswith((".jpg", ".jpeg", ".png", ".webp", ".bmp"))]
        truth = np.array([k for _, k in files])
        if len(classes) < 2 or min(np.bincount(truth, minlength=len(classes))) < 15:
            continue
        pictures = []
        for path, _ in files:
            picture = Image.open(path).convert("RGB")
            if min(picture.size) > 512:
                picture.thumbnail((640, 640), Image.Resampling.BICUBIC)
            pictures.append(picture)
        features = {"starter": encode(model, preprocess, pictures), "random network": random_network(model, preprocess, pictures),
                    "histograms": np.stack([histograms(p) for p in pictures])}
        row = {"classes": len(classes), "pictures": len(files), "chance": round(1 / len(classes), 3)}
        unseen = np.array([name not in photographs.SETS or photographs.held(name, path) for path, _ in files])
        row["unseen pictures"] = int(unseen.sum())
        runs = [(kind, x, truth) for kind, x in features.items()]
        runs.append(("starter, unseen", features["starter"][unseen], truth[unseen]))
        for kind, x, labels in runs:
            scores = ten_labels(x, labels)
            row[kind] = [round(float(np.mean(scores)), 3), round(float(np.std(scores)), 3)]
        report[name] = row
        print(f"{name:16} {len(classes)} classes {len(files):5} pictures  " + "  ".join(f"{k} {row[k][0]:.3f}+-{row[k][1]:.3f}" for k, _, _ in runs), flush=True)
    means = {kind: round(float(np.mean([row[kind][0] for row in report.values()])), 4) for kind, _, _ in runs}
    print("mean", means)
    report["mean"] = means
    if out:
        write_report(out, report)
    return report


def write_report(path, report):
    with open(path, "w") as file:
        json.dump(report, file, indent=1)


def card(folder, where, images, out):
    report = {}
    for name, measure in (("sample", lambda: sample(folder, where)), ("cast", lambda: cast(folder)), ("rings", lambda: rings(folder)),
                          ("real", lambda: real(folder, images, None))):
        print("==", name, flush=True)
        report[name] = measure()
    write_report(out, report)


if __name__ == "__main__":
    dict(rings=rings, cast=cast, sample=sample, real=real, card=card)[sys.argv[1]](*sys.argv[2:])
