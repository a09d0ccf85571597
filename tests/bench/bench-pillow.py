#!/usr/bin/env python3
"""From a 12-megapixel photograph's file to pixels, beside Pillow.

    bench-pillow.py BENCH_PIXELS [PHOTO]

Both decode, resize (bicubic, antialiased) and crop to 224 px, in turns and on
one core; the fastest run of each counts. Exit status 1 if a target is missed:
30 ms, and Pillow / ours at least 4. Needs Pillow for this interpreter.
"""
import json
import os
import subprocess
import sys
import tempfile
import time

from PIL import Image

SIDE = 224
ROUNDS = 5


def by_pillow(path):
    start = time.perf_counter()
    image = Image.open(path).convert("RGB")
    w, h = image.size
    short = min(w, h)
    w, h = SIDE * w // short, SIDE * h // short
    image = image.resize((w, h), Image.BICUBIC)
    left, top = round((w - SIDE) / 2), round((h - SIDE) / 2)
    image.crop((left, top, left + SIDE, top + SIDE)).tobytes()
    return (time.perf_counter() - start) * 1000


def main():
    bench = sys.argv[1]
    with tempfile.TemporaryDirectory() as folder:
        path = sys.argv[2] if len(sys.argv) > 2 else os.path.join(folder, "photo.jpg")
        if not os.path.exists(path):
            subprocess.run([bench, "--save", path], check=True)
        theirs, ours = [], []
        for _ in range(ROUNDS):
            theirs.append(by_pillow(path))
            out = subprocess.run([bench, path, str(SIDE)], check=True, capture_output=True)
            ours.append(json.loads(out.stdout)["ms"])
        ms, ratio = min(ours), min(theirs) / min(ours)
        print(json.dumps({"bytes": os.path.getsize(path), "ms": ms, "pillow_ms": round(min(theirs), 1),
                          "ratio": round(ratio, 2), "target_ms": 30, "target_ratio": 4}))
    return 0 if ms <= 30 and ratio >= 4 else 1


if __name__ == "__main__":
    sys.exit(main())
