#!/usr/bin/env python3
"""What a careful engineer would reach with NumPy in an afternoon: the floor that bench-sets is held against.

    probe-floor.py MODEL_FOLDER IMAGES DRAWS > floor.jsonl

GDA without text rows on CLIP rows and simple classic descriptors, lambda by group-whole folds. MODEL_FOLDER holds
open_clip_config.json and weights; IMAGES holds SET/CLASS/GROUP__N.jpg. Writes the draws to DRAWS, for bench-sets: labels
from as many different groups as possible, no group of theirs among the test pictures; draws for which the groups do not
suffice are left out. Needs numpy, pillow, scikit-learn, torch, open_clip_torch.
"""
import glob
import json
import os
import sys
import warnings

import numpy as np
import open_clip
import torch
from PIL import Image
from sklearn.model_selection import StratifiedGroupKFold

warnings.filterwarnings("ignore")
DRAWS, SHOTS, LAMBDAS, FIXED = 20, (1, 2, 4, 8, 16), (0.3, 1, 3, 10), 1
BLOCKS = ("clip", "classic")


def hog(grey, cell, bins=9):
    """[n, n, bins] unit histograms of gradient directions in cells of `cell` px."""
    gy, gx = np.gradient(grey)
    size, angle = np.hypot(gx, gy), (np.arctan2(gy, gx) % np.pi) / np.pi * bins
    which, n = np.floor(angle).astype(int) % bins, grey.shape[0] // cell
    out = np.zeros((n, n, bins))
    for i in range(n):
        for j in range(n):
            s = np.s_[i * cell:(i + 1) * cell, j * cell:(j + 1) * cell]
            out[i, j] = np.bincount(which[s].ravel(), size[s].ravel(), bins)
    return out / (np.linalg.norm(out, axis=2, keepdims=True) + 1e-3)


def lbp(grey):
    """[10] histogram of uniform local binary patterns (8 neighbours)."""
    c = grey[1:-1, 1:-1]
    around = [(0, 0), (0, 1), (0, 2), (1, 2), (2, 2), (2, 1), (2, 0), (1, 0)]
    bits = [(grey[i:i + c.shape[0], j:j + c.shape[1]] >= c).astype(int) for i, j in around]
    turns = sum(np.abs(bits[k] - bits[(k + 1) % 8]) for k in range(8))
    label = np.where(turns <= 2, sum(bits), 9)
    return np.bincount(label.ravel(), minlength=10) / label.size


def classic(image):
    """[242] colour, shape and texture statistics of the centre square at 128 px."""
    w, h = image.size
    k = 128 / min(w, h)
    image = image.resize((round(w * k), round(h * k)), Image.BICUBIC)
    x, y = (image.width - 128) // 2, (image.height - 128) // 2
    image = image.crop((x, y, x + 128, y + 128))
    hsv = np.asarray(image.convert("HSV")).reshape(-1, 3)
    colour = [np.histogram(hsv[:, c], 16, (0, 256))[0] / len(hsv) for c in range(3)]
    grey = np.asarray(image.convert("L"), float) / 255
    small = np.asarray(image.convert("L").resize((64, 64)), float) / 255
    fine = hog(grey, 8)
    gy, gx = np.gradient(grey)
    edges = np.histogram(np.log(np.hypot(gx, gy) + 1e-3), 12, (-7, 0.5))[0] / grey.size
    return np.concatenate(colour + [hog(grey, 32).ravel() * 0.3, fine.mean((0, 1)), fine.std((0, 1)), edges, lbp(grey), lbp(small)])


def features(model, prepare, folder):
    classes = sorted(d for d in os.listdir(folder) if os.path.isdir(os.path.join(folder, d)))
    rows, pixels, label, group = [], [], [], []
    for c, name in enumerate(classes):
        for path in sorted(glob.glob(os.path.join(folder, name, "*.jpg"))):
            image = Image.open(path).convert("RGB")
            rows.append(classic(image))
            pixels.append(prepare(image))
            label.append(c)
            group.append(os.path.basename(path).split("__")[0])
    with torch.no_grad():
        clip = torch.cat([model.encode_image(torch.stack(pixels[i:i + 32]), normalize=True) for i in range(0, len(pixels), 32)])
    return clip.numpy().astype(float), np.array(rows), np.array(label), np.array(group)


def join(data, train, test, kinds):
    """Training and test rows: each block centred on the training rows, scaled to mean square norm 1."""
    parts = []
    for kind in kinds:
        x = data[kind]
        mean = x[train].mean(0)
        spread = 1.0 if kind == "clip" else x[train].std(0) + 1e-2 * x[train].std() + 1e-6
        a, b = (x[train] - mean) / spread, (x[test] - mean) / spread
        scale = np.sqrt((a ** 2).sum(1).mean())
        parts.append((a / scale, b / scale))
    return np.concatenate([p[0] for p in parts], 1), np.concatenate([p[1] for p in parts], 1)


def predict(x, y, test, n_classes, strength):
    n, dim = x.shape
    mu = np.array([x[y == k].mean(0) for k in range(n_classes)])
    rest = x - mu[y]
    s = rest.T @ rest / max(n - 1, 1)
    p = dim * np.linalg.inv((n - 1) * s + strength * np.trace(s) * np.eye(dim))
    w = mu @ p
    return (test @ w.T - 0.5 * (w * mu).sum(1)).argmax(1)


def balanced(truth, guess, n_classes):
    return np.mean([(guess[truth == k] == k).mean() for k in range(n_classes) if (truth == k).any()])


def draw(data, n_shots, seed):
    """Numbers of the training and the test pictures; None where groups do not suffice."""
    y, group = data["y"], data["group"]
    n_classes = y.max() + 1
    order = np.random.RandomState(seed).permutation(len(y))
    train = []
    for k in range(n_classes):
        mine, used = [i for i in order if y[i] == k], set()
        first = [i for i in mine if not (group[i] in used or used.add(group[i]))]
        train += (first + [i for i in mine if i not in set(first)])[:n_shots]
    seen = set(group[train])
    test = np.array([i for i in range(len(y)) if group[i] not in seen])
    return (np.array(train), test) if len(test) >= 10 and len(set(y[test])) == n_classes else None


def choose(data, train, n_shots):
    """Lambda by group-whole folds of the training labels."""
    y, group = data["y"], data["group"]
    n_classes = y.max() + 1
    if n_shots < 4:
        return FIXED
    split = StratifiedGroupKFold(min(5, n_shots), shuffle=True, random_state=0)
    folds = [(a, b) for a, b in split.split(train, y[train], group[train]) if len(set(y[train][a])) == n_classes and len(b)]
    best = (-1, FIXED)
    for strength in LAMBDAS:
        guess = np.full(len(train), -1)
        for u, v in folds:
            xu, xv = join(data, train[u], train[v], BLOCKS)
            guess[v] = predict(xu, y[train][u], xv, n_classes, strength)
        score = balanced(y[train], guess, n_classes)
        if score > best[0] + 1e-9:
            best = (score, strength)
    return best[1]


def floor(data, train, test, n_shots):
    n_classes = data["y"].max() + 1
    a, b = join(data, train, test, BLOCKS)
    return balanced(data["y"][test], predict(a, data["y"][train], b, n_classes, choose(data, train, n_shots)), n_classes)


def main():
    model, _, prepare = open_clip.create_model_and_transforms("local-dir:" + sys.argv[1])
    model.eval()
    with open(sys.argv[3], "w") as draws:
        for name in sorted(os.listdir(sys.argv[2])):
            if not os.path.isdir(os.path.join(sys.argv[2], name)):
                continue
            clip, rows, label, group = features(model, prepare, os.path.join(sys.argv[2], name))
            data = {"clip": clip, "classic": rows, "y": label, "group": group}
            for shots, seed in ((n, s) for n in SHOTS for s in range(DRAWS)):
                found = draw(data, shots, seed)
                if found:
                    draws.write(" ".join((name, str(shots), str(seed), *(",".join(map(str, part)) for part in found))) + "\n")
                if found and shots > 1:
                    print(json.dumps({"set": name, "shots": shots, "seed": seed, "probe": "floor",
                                      "balanced": floor(data, *found, shots)}), flush=True)


if __name__ == "__main__":
    main()
