#!/usr/bin/env python3
"""Writes predictions drawn by lot and what scikit-learn says about them.

    make.py FOLDER        (needs numpy and scikit-learn)

One fact a line: a name and its numbers. Probabilities are rounded to four
digits before anything is computed, so that there are ties.
"""
import pathlib
import sys

import numpy as np
from sklearn import metrics

KINDS = {"good-and-defects": [0, 1, 1], "no-good": [2, 2, 2, 2], "two": [0, 1]}


def draw(rng, n, n_classes, strength):
    truth = rng.choice(n_classes, n, p=rng.dirichlet(np.full(n_classes, 4.0)))
    scores = rng.normal(size=(n, n_classes))
    scores[np.arange(n), truth] += strength
    p = np.exp(1.5 * scores)
    p = np.round(p / p.sum(1, keepdims=True), 4)
    return truth, p


def ece(confidence, right, n_bins=15):
    """Guo et al. 2017, bins open below."""
    total = 0.0
    for b in range(n_bins):
        inside = (confidence > b / n_bins) & (confidence <= (b + 1) / n_bins)
        if inside.any():
            total += inside.sum() * abs(right[inside].mean() - confidence[inside].mean())
    return total / len(confidence)


def facts(name, n, seed):
    kinds = KINDS[name]
    n_classes = len(kinds)
    truth, p = draw(np.random.default_rng(seed), n, n_classes, 1.1)
    predicted = p.argmax(1)
    yield "kinds", kinds
    yield "truth", truth
    yield "probabilities", p.ravel()
    yield "accuracy", [metrics.accuracy_score(truth, predicted)]
    yield "balanced_accuracy", [metrics.balanced_accuracy_score(truth, predicted)]
    yield "precision", metrics.precision_score(truth, predicted, average=None, zero_division=0)
    yield "recall", metrics.recall_score(truth, predicted, average=None)
    yield "confusion", metrics.confusion_matrix(truth, predicted).ravel()
    yield "ece", [ece(p.max(1), predicted == truth)]
    if 0 not in kinds:
        hot = np.eye(n_classes)[truth]
        yield "auc", [np.mean([metrics.roc_auc_score(hot[:, c], p[:, c]) for c in range(n_classes)])]
        yield "average_precision", [metrics.average_precision_score(hot, p, average="macro")]
        return
    is_bad = np.asarray(kinds)[truth] != 0
    good = p[:, np.asarray(kinds) == 0].sum(1)
    passed = np.asarray(kinds)[predicted] == 0
    yield "auc", [metrics.roc_auc_score(is_bad, -good)]
    yield "average_precision", [metrics.average_precision_score(is_bad, -good)]
    x, y, _ = metrics.roc_curve(is_bad, -good, drop_intermediate=False)
    yield "roc_x", x
    yield "roc_y", y
    precision, recall, _ = metrics.precision_recall_curve(is_bad, -good)
    # From the strictest threshold on; scikit-learn adds a point at recall 0.
    yield "pr_x", recall[::-1][1:]
    yield "pr_y", precision[::-1][1:]
    yield "escapes", [(is_bad & passed).sum(), is_bad.sum()]
    yield "overkill", [(~is_bad & ~passed).sum(), (~is_bad).sum()]


def main():
    folder = pathlib.Path(sys.argv[1])
    for seed, (name, n) in enumerate([("good-and-defects", 211), ("no-good", 240), ("two", 61)]):
        with open(folder / f"{name}.txt", "w", encoding="ascii") as out:
            for fact, numbers in facts(name, n, seed):
                print(fact, *(repr(float(v)) for v in numbers), file=out)


main()
