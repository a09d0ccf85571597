#!/usr/bin/env python3
"""The tables of docs/probes.md from the lines of bench-sets and probe-floor.py.

    tabulate-sets.py LINES... > tables.md

A figure is the mean of a set's balanced accuracy over its draws in per cent;
the mean over the sets has the standard error of that mean over draws. A
difference is paired: both probes on the same draws. Standard library only.
"""
import collections
import json
import math
import sys

DEFAULT, FLOOR = "gda auto", "floor"


def read(paths):
    """{shots: {set: {name: {seed: balanced}}}}"""
    out = collections.defaultdict(lambda: collections.defaultdict(lambda: collections.defaultdict(dict)))
    for path in paths:
        for line in open(path, encoding="utf-8"):
            r = json.loads(line)
            name = " ".join(filter(None, (r["probe"], r.get("features"))))
            out[r["shots"]][r["set"]][name][r["seed"]] = 100 * r["balanced"]
    return out


def mean_error(values):
    """Mean, and its standard error."""
    n, m = len(values), sum(values) / len(values)
    return m, math.sqrt(sum((v - m) ** 2 for v in values) / (n - 1) / n) if n > 1 else math.nan


def over_sets(sets, a, b=None):
    """Mean over the sets of probe a (less probe b on the same draws), and its standard error."""
    parts = [mean_error([v - (p[b][seed] if b else 0) for seed, v in p[a].items()]) for p in sets.values()]
    return sum(m for m, _ in parts) / len(parts), math.sqrt(sum(e * e for _, e in parts)) / len(parts)


def two_sided(m, error, n):
    """P-value of a paired difference, by Student's t with n - 1 degrees, integrated numerically."""
    if error == 0:
        return 1.0 if m == 0 else 0.0
    t, df = abs(m / error), n - 1
    scale = math.exp(math.lgamma((df + 1) / 2) - math.lgamma(df / 2)) / math.sqrt(df * math.pi)
    steps = 4000
    inside = sum((1 if i in (0, steps) else 4 if i % 2 else 2) * (1 + (t * i / steps) ** 2 / df) ** (-(df + 1) / 2)
                 for i in range(steps + 1)) * t / steps / 3 * scale
    return max(0.0, 1 - 2 * inside)


def table(shots, sets):
    names = list(dict.fromkeys(n for p in sets.values() for n in p))
    print(f"\n**{shots} label{'s' if shots > 1 else ''} a class**\n")
    print("| probe, features | " + " | ".join(sets) + " | mean ± s.e. | less default |")
    print("|---|" + "---|" * (len(sets) + 2))
    for name in sorted(names, key=lambda n: (n == FLOOR, n)):
        cells = [f"{mean_error(list(p[name].values()))[0]:.1f}" for p in sets.values()]
        m, e = over_sets(sets, name)
        d, de = over_sets(sets, name, DEFAULT)
        print(f"| {name} | " + " | ".join(cells) + f" | {m:.1f} ± {e:.1f} | {d:+.2f} ± {de:.2f} |")


def significant(data):
    """Single sets where another probe is better than the default, Holm over all comparisons."""
    tests = []
    for shots, sets in data.items():
        for name, probes in sets.items():
            for other in probes:
                if other in (DEFAULT, FLOOR):
                    continue
                m, e = mean_error([v - probes[DEFAULT][s] for s, v in probes[other].items()])
                tests.append((two_sided(m, e, len(probes[other])), shots, name, other, m))
    tests.sort()
    print(f"\nSingle sets where another choice beats the default ({len(tests)} comparisons, Holm, 5 %):\n")
    for i, (p, shots, name, other, m) in enumerate(tests):
        if p > 0.05 / (len(tests) - i):
            break
        if m > 0:
            print(f"- {name}, {shots} labels: {other}, {m:+.1f} points (p = {p:.1g})")


def summary(data):
    """The mean over sets and over 2 to 16 labels: each count of labels weighs the same."""
    counts = [s for s in sorted(data) if s >= 2]
    names = list(dict.fromkeys(n for s in counts for p in data[s].values() for n in p))
    print("\n**Mean over the sets and over 2, 4, 8, 16 labels a class**\n\n| probe, features | mean | less default |\n|---|---|---|")
    for name in names:
        m = sum(over_sets(data[s], name)[0] for s in counts) / len(counts)
        parts = [over_sets(data[s], name, DEFAULT) for s in counts]
        d, e = sum(p[0] for p in parts) / len(parts), math.sqrt(sum(p[1] ** 2 for p in parts)) / len(parts)
        print(f"| {name} | {m:.1f} | {d:+.2f} ± {e:.2f} |")


def main():
    data = read(sys.argv[1:])
    for shots in sorted(data):
        table(shots, data[shots])
    summary(data)
    significant(data)


if __name__ == "__main__":
    main()
