#!/usr/bin/env python3
"""Probes beside scikit-learn, call by call in turns, one thread each.

    bench-sklearn.py BENCH_PROBE [--rounds N] [--rows N...] [--score N]

BENCH_PROBE is build/tests/bench/bench-probe. Needs numpy, scikit-learn and
safetensors. Both get the same unit rows (512 numbers, 5 classes, no texts) and
do the same job: choose strengths by 5-fold cross-validation and train on all
rows, and the whole of that again in each of 5 outer folds. scikit-learn's
grids are as large as ours; it has no probe like gda. For a measure of that,
"one strength" is logistic regression at C = 10 in 5 folds, nothing chosen.
Times are milliseconds of processor time, which other programs disturb least;
the least of all rounds. --score N is probabilities of N rows in memory alone,
each with all cores and in milliseconds by the clock: ours, with the distance
from everything labelled, beside what scikit-learn's linear discriminant does
for the probabilities, and the same by hand in NumPy.
"""
import argparse
import json
import os
import subprocess
import sys
import tempfile
import time

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[name] = str(os.cpu_count()) if "--score" in sys.argv else "1"

import numpy as np
import sklearn
from safetensors.numpy import save_file
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, StratifiedKFold, cross_val_score
from sklearn.svm import SVC

DIM, CLASSES = 512, 5


def make_rows(n):
    rng = np.random.default_rng(8)
    label = np.arange(n) % CLASSES
    mean = rng.normal(size=DIM) + 0.12 * rng.normal(size=(CLASSES, DIM))
    x = mean[label] + 0.8 * rng.normal(size=(n, DIM))
    return (x / np.linalg.norm(x, axis=1, keepdims=True)).astype(np.float32), label.astype(np.int32)


def folds():
    return StratifiedKFold(5, shuffle=True, random_state=0)


def searches():
    """What scikit-learn does for each of our probes; strengths as ours."""
    logistic = LogisticRegression(class_weight="balanced", max_iter=10000)
    svm = SVC(class_weight="balanced", cache_size=500)
    return {
        "linear": GridSearchCV(logistic, {"C": [0.1, 1, 10, 100]}, cv=folds()),
        "svm": GridSearchCV(svm, [{"kernel": ["linear"], "C": [0.1, 1, 10]},
                                  {"kernel": ["rbf"], "C": [1, 10, 100], "gamma": [0.5, 0.1]}],
                            cv=folds()),
    }


def centre(x):
    """As the probes do before they train: centred, mean square norm 1."""
    x = x.astype(np.float64) - x.mean(0)
    return x / np.sqrt((x ** 2).sum(1).mean())


def timed(function, clock=time.process_time):
    start = clock()
    result = function()
    return (clock() - start) * 1e3, result


def theirs(search, x, label):
    def job():
        search.fit(x, label)
        return cross_val_score(search, x, label, cv=folds()).mean()
    return timed(job)


def ask(ours, word):
    ours.stdin.write(word + "\n")
    ours.stdin.flush()
    return json.loads(ours.stdout.readline())


def compare(program, n, rounds, folder):
    rows, label = make_rows(n)
    path = os.path.join(folder, f"rows-{n}.safetensors")
    save_file({"x": rows, "label": label}, path)
    ours = subprocess.Popen([program, "--threads", "1", path], text=True,
                            stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    x = centre(rows)
    jobs = [(name, name, lambda s=search: theirs(s, x, label))
            for name, search in searches().items()]
    single = LogisticRegression(C=10, class_weight="balanced", max_iter=10000)
    jobs.append(("gda beside logistic regression at one strength", "gda", lambda: timed(
        lambda: cross_val_score(single, x, label, cv=folds()).mean())))
    for what, word, run in jobs:
        mine, other = [], []
        for _ in range(rounds):
            mine.append(ask(ours, word))
            other.append(run())
        ms = min(m["cpu_ms"] for m in mine)
        their_ms = min(t for t, _ in other)
        print(json.dumps({"what": what, "rows": n, "handful_ms": ms,
                          "scikit_learn_ms": round(their_ms, 1), "ratio": round(their_ms / ms, 2),
                          "handful_accuracy": mine[0]["accuracy"],
                          "scikit_learn_accuracy": round(other[0][1], 3)}), flush=True)
    ours.stdin.close()
    ours.wait()


def score(program, n, rounds):
    few, label = make_rows(200)
    lda = LinearDiscriminantAnalysis(solver="lsqr", shrinkage="auto").fit(few, label)
    weights, bias = lda.coef_.astype(np.float32).T, lda.intercept_.astype(np.float32)
    ours = json.loads(subprocess.run([program, "--score", str(n)], check=True, capture_output=True, text=True).stdout)
    x = np.empty((n, DIM), np.float32)
    for first in range(0, n, len(few)):
        x[first:first + len(few)] = few[:n - first]

    def by_hand():
        s = x @ weights + bias
        s = np.exp(s - s.max(1, keepdims=True))
        return s / s.sum(1, keepdims=True)

    times = {"scikit_learn_ms": lambda: lda.predict_proba(x), "numpy_ms": by_hand}
    least = {name: min(timed(job, time.perf_counter)[0] for _ in range(rounds)) for name, job in times.items()}
    print(json.dumps({"what": "score", "rows": n, "handful_ms": ours["ms"],
                      **{name: round(ms, 1) for name, ms in least.items()}}), flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--rows", type=int, nargs="*", default=[200, 2000])
    parser.add_argument("--score", type=int)
    arguments = parser.parse_args()
    print(json.dumps({"scikit_learn": sklearn.__version__, "numpy": np.__version__}))
    if arguments.score:
        score(arguments.program, arguments.score, arguments.rounds)
        return
    with tempfile.TemporaryDirectory() as folder:
        for n in arguments.rows:
            compare(arguments.program, n, arguments.rounds, folder)


main()
