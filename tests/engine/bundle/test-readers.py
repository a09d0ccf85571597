"""Bundles read by others: by the page of Python in docs/how-to (where numpy and
safetensors are there) and by a twin of it in plain Python below. Both give the
golden probabilities, distances and verdicts of every kind of probe.

    test-readers.py MAKE_PROBES SOURCE_ROOT
"""
import json
import math
import os
import re
import struct
import subprocess
import sys
import tempfile
import traceback
import zipfile

PROGRAM, ROOT = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
# Rows and products are floats in the program, doubles here.
PROBABILITY, DISTANCE = 2e-5, 2e-4


def read_tensors(raw):
    n = struct.unpack("<Q", raw[:8])[0]
    head = json.loads(raw[8:8 + n])
    out, text = {}, head.pop("__metadata__", {})
    for name, t in head.items():
        a, b = t["data_offsets"]
        code = {"F32": "f", "F64": "d", "I32": "i", "I64": "q"}[t["dtype"]]
        v = struct.unpack("<%d%s" % ((b - a) // struct.calcsize(code), code), raw[8 + n + a:8 + n + b])
        out[name] = (t["shape"], v)
    return out, text


def cut(tensor):
    """A tensor as nested lists."""
    shape, v = tensor
    for size in reversed(shape[1:]):
        v = [list(v[i:i + size]) for i in range(0, len(v), size)]
    return list(v)


def read_bundle(path):
    with zipfile.ZipFile(path) as z:
        probe, text = read_tensors(z.read("probe.safetensors"))
        golden, _ = read_tensors(z.read("golden.safetensors"))
        return (json.loads(z.read("manifest.json")), {n: cut(t) for n, t in probe.items()}, text,
                {n: cut(t) for n, t in golden.items()})


def dot(a, b):
    return sum(x * y for x, y in zip(a, b))


def score_row(t, text, z, k):
    if text["form"] == "rbf":
        z = [math.exp(-t["gamma"][0] * sum((a - b) ** 2 for a, b in zip(z, s))) for s in t["support"]]
    out = [dot(w, z) + b for w, b in zip(t["weights"], t["bias"])]
    if text["form"] == "classes":
        return out
    if k == 2:
        return [out[0] / 2, -out[0] / 2]
    votes, sums, p = [0] * k, [0] * k, 0
    for a in range(k):
        for b in range(a + 1, k):
            votes[a if out[p] >= 0 else b] += 1
            sums[a] += out[p]
            sums[b] -= out[p]
            p += 1
    return [v + s / (3 * (abs(s) + 1)) for v, s in zip(votes, sums)]


def find_distance(t, z):
    if "novelty.mean" not in t:
        return 0
    best = math.inf
    for mean in t["novelty.mean"]:
        off = [a - b for a, b in zip(z, mean)]
        along = [dot(axis, off) for axis in t["novelty.axes"]]
        rest = max(dot(off, off) - dot(along, along), 0)
        weighed = sum(w * v * v for w, v in zip(t["novelty.axis_weight"], along))
        best = min(best, weighed + t["novelty.rest"][0] * rest)
    return best


def judge(bundle, tiles):
    manifest, t, text, golden = bundle
    defect = [kind == 1 for kind in t["kinds"]]
    z = [[(x - m) * f for x, m, f in zip(row, t["joint.mean"], t["joint.factor"])] for row in tiles]
    scores = [score_row(t, text, row, len(defect)) for row in z]
    temperature, offset = t["calibration"]
    joined = []
    for c, is_defect in enumerate(defect):
        own = [s[c] for s in scores]
        value = max(own) if is_defect else sum(own) / len(own)
        joined.append(value / temperature + (offset if is_defect and len(own) > 1 else 0))
    p = [math.exp(s - max(joined)) for s in joined]
    mean = [sum(column) / len(z) for column in zip(*z)]
    return [x / sum(p) for x in p], find_distance(t, mean)


def verdict(bundle, p, distance):
    manifest, t, text, golden = bundle
    kinds = [c["kind"] for c in manifest["classes"]]
    limits = manifest["thresholds"]
    if "novelty.limit" in t and distance > t["novelty.limit"][0]:
        return "unknown"
    if "good" not in kinds:
        return "class"
    if limits is None:
        return "pass" if kinds[p.index(max(p))] == "good" else "reject"
    good = sum(x for x, kind in zip(p, kinds) if kind == "good")
    return "reject" if good < limits["reject"] else "unsure" if good < limits["pass"] else "pass"


def golden_rows(bundle, i):
    """The blocks that the probe uses, side by side, of every tile."""
    manifest, t, text, golden = bundle
    blocks = text["blocks"].split("+")
    return [sum((golden[b][i][k] for b in blocks), []) for k in range(len(golden[blocks[0]][i]))]


def check(what, wanted, p, distance, said):
    bundle, golden, line = wanted
    for got, must in zip(p, golden):
        assert abs(got - must) < PROBABILITY, "%s: %s is not %s" % (what, list(p), golden)
    assert abs(distance - line["distance"]) <= DISTANCE * (1 + line["distance"]), (what, distance, line)
    assert said == line["verdict"], (what, said, line)


def each_golden(folder, lines):
    for name in sorted({line["bundle"] for line in lines}):
        bundle = read_bundle(os.path.join(folder, name + ".probe"))
        own = [line for line in lines if line["bundle"] == name]
        assert len(own) == len(bundle[3]["probabilities"]) == 8
        for i, (p, line) in enumerate(zip(bundle[3]["probabilities"], own)):
            yield "%s golden %d" % (name, i), i, (bundle, p, line)


def plain_python_gives_the_golden_numbers(folder, lines):
    verdicts = set()
    for what, i, wanted in each_golden(folder, lines):
        p, distance = judge(wanted[0], golden_rows(wanted[0], i))
        check(what, wanted, p, distance, verdict(wanted[0], p, distance))
        verdicts.add(wanted[2]["verdict"])
    assert verdicts == {"pass", "reject", "class", "unsure", "unknown"}, verdicts


def the_page_of_python_gives_the_golden_numbers(folder, lines):
    try:
        import numpy
        import safetensors.numpy
    except ImportError as missing:
        return str(missing)
    with open(os.path.join(ROOT, "docs", "how-to", "read-a-bundle.md"), encoding="utf-8") as f:
        code = re.search(r"^```python\n(.*?)^```", f.read(), re.S | re.M).group(1)
    page = {}
    exec(compile(code, "read-a-bundle.md", "exec"), page)
    for what, i, wanted in each_golden(folder, lines):
        bundle = page["read_bundle"](os.path.join(folder, wanted[2]["bundle"] + ".probe"))
        rows = numpy.array([golden_rows(wanted[0], i)], dtype=numpy.float32)
        p, distance = page["judge"](bundle, rows)
        check(what, wanted, p[0], distance[0], page["verdict"](bundle, p[0], distance[0]))
    return None


def main():
    tests = [plain_python_gives_the_golden_numbers, the_page_of_python_gives_the_golden_numbers]
    failed = 0
    print("1..%d" % len(tests))
    with tempfile.TemporaryDirectory(prefix="handful-test-") as folder:
        made = subprocess.run([PROGRAM, folder], stdout=subprocess.PIPE, check=True, timeout=100)
        lines = [json.loads(line) for line in made.stdout.splitlines()]
        for number, test in enumerate(tests, 1):
            name = test.__name__.replace("_", "-")
            try:
                reason = test(folder, lines)
                print("ok %d %s%s" % (number, name, " # SKIP " + reason if reason else ""), flush=True)
            except Exception:
                failed += 1
                print("not ok %d %s" % (number, name))
                print("# " + traceback.format_exc().strip().replace("\n", "\n# "), flush=True)
    sys.exit(1 if failed else 0)


main()
