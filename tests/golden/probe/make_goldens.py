#!/usr/bin/env python3
"""Makes the goldens of the linear and SVM trainers with scikit-learn.

    make_goldens.py DRINKS.npy DRINKS.labels.txt

Needs numpy, scikit-learn and safetensors. README.md beside this says what is
in the files.
"""
import pathlib
import sys

import numpy as np
import sklearn
from safetensors.numpy import save_file
from sklearn.linear_model import LogisticRegression
from sklearn.svm import SVC

HERE = pathlib.Path(__file__).parent
DRINKS_CLASSES = ["coffee", "juice_or_ade", "milk", "soda", "tea"]
DRINKS_ROWS = [20, 16, 12, 10, 8]


def random_set(rng, n, dim, classes, spread, unequal):
    """Rows about made-up class means, rounded to f32 before anybody uses them."""
    share = np.arange(1, classes + 1) if unequal else np.ones(classes)
    label = np.repeat(np.arange(classes), np.maximum(2, (share / share.sum() * n).astype(int)))
    rng.shuffle(label)
    mean = rng.normal(size=(classes, dim))
    x = mean[label] * spread + rng.normal(size=(len(label), dim))
    return (x / np.sqrt(dim)).astype(np.float32), label.astype(np.int32)


def drinks(rows_path, labels_path):
    rows = np.load(rows_path)
    names = np.array([line.split("\t")[0] for line in open(labels_path, encoding="utf-8")])
    take = np.concatenate([np.flatnonzero(names == name)[:count]
                           for name, count in zip(DRINKS_CLASSES, DRINKS_ROWS)])
    label = np.repeat(np.arange(5), DRINKS_ROWS).astype(np.int32)
    order = np.random.default_rng(5).permutation(len(take))
    return rows[take][order], label[order]


def unit(x):
    x = x.astype(np.float64)
    return x / np.linalg.norm(x, axis=1, keepdims=True)


def balance(label):
    count = np.bincount(label)
    return len(label) / (len(count) * count)


def gradient_length(x, label, weight, c, coef, intercept):
    """Largest element of the gradient beside the largest weight."""
    logits = x @ coef.T + intercept
    if len(coef) == 1:
        rest = (1 / (1 + np.exp(-logits[:, 0])) - label)[:, None]
    else:
        p = np.exp(logits - logits.max(1, keepdims=True))
        rest = p / p.sum(1, keepdims=True) - np.eye(len(coef))[label]
    rest *= c * weight[:, None]
    g = np.hstack([rest.T @ x + coef, rest.sum(0)[:, None]])
    return np.abs(g).max() / np.abs(coef).max()


def fit_linear(x, label, c, balanced):
    model = LogisticRegression(C=c, tol=1e-10, max_iter=100000, solver="newton-cg",
                               class_weight="balanced" if balanced else None).fit(x, label)
    weight = balance(label)[label] if balanced else np.ones(len(label))
    length = gradient_length(x, label, weight, c, model.coef_, model.intercept_)
    assert length < 1e-7, length
    return np.hstack([model.coef_, model.intercept_[:, None]])


def fit_svm(x, label, c, gamma):
    """Pair decisions of every row, positive for the first class of a pair, and
    the classes, equal votes parted by the summed decisions.

    LIBSVM, which SVC calls, rounds its kernel to f32, which moves decisions by
    up to 2e-6 here; so it is given a kernel that this does not change."""
    square = (x ** 2).sum(1)
    kernel = x @ x.T
    if gamma > 0:
        kernel = np.exp(-gamma * (square[:, None] + square - 2 * kernel))
    kernel = kernel.astype(np.float32).astype(np.float64)
    model = SVC(C=c, tol=1e-10, class_weight="balanced", decision_function_shape="ovo",
                kernel="precomputed").fit(kernel, label)
    pairs = model.decision_function(kernel)
    if pairs.ndim == 1:
        return -pairs[:, None], model.predict(kernel)
    model.set_params(decision_function_shape="ovr", break_ties=True)
    return pairs, model.predict(kernel)


def main():
    rng = np.random.default_rng(20251125)
    sets = {
        "wide": random_set(rng, 24, 70, 4, 1.0, True),
        "tall": random_set(rng, 90, 12, 3, 0.6, True),
        "two": random_set(rng, 40, 17, 2, 0.5, True),
        "two-wide": random_set(rng, 14, 40, 2, 0.3, False),
        "drinks": drinks(*sys.argv[1:3]),
    }
    out = {}
    for name, (rows, label) in sets.items():
        x = unit(rows) if name == "drinks" else rows.astype(np.float64)
        out[f"{name}/x"] = rows
        out[f"{name}/label"] = label
        for c in (0.05, 1, 30):
            for balanced in (True, False):
                if name == "drinks" and not balanced:
                    continue
                key = f"{name}/linear/{c:g}/{'balanced' if balanced else 'plain'}"
                out[key] = fit_linear(x, label, c, balanced).astype(np.float32)
            for gamma in (0, 0.5, 4):
                pairs, predicted = fit_svm(x, label, c, gamma)
                out[f"{name}/svm/{c:g}/{gamma:g}"] = pairs
                out[f"{name}/svm/{c:g}/{gamma:g}/predicted"] = predicted.astype(np.int32)
    out = {name: np.ascontiguousarray(values) for name, values in out.items()}
    save_file(out, HERE / "trainers.safetensors", metadata={
        "made_by": f"scikit-learn {sklearn.__version__}, numpy {np.__version__}"})


main()
