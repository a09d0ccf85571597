#!/usr/bin/env python3
"""Times photographs of 12 megapixels from their files to rows, decoding and the
tower together, with the standard library alone.

    bench-rows.py BUILD/tests/bench/bench-pixels BUILD/handful-cli MODEL
                  [--rounds 5] [--precisions f32,f16]

MODEL is a ViT-B/32. `embed` runs over 8 and over 40 copies of the photograph
that bench-pixels draws (4000 x 3000, 4:2:0, about 2 MB); the difference of the
two times divided by 32 is the time of a row, so that start and loading do not
count. All cores. Run as root it takes real-time priority, so that other
programs disturb less.
"""
import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

FEW, MANY = 8, 40
MOST_MS = 45.0


def take_priority():
    if os.geteuid() != 0:
        return "ordinary priority (not root)"
    os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(1))
    return "real-time priority (as chrt -r 1)"


def embed_seconds(a, precision, photos, folder):
    start = time.perf_counter()
    subprocess.run([a.cli, "embed", "--no-cache", "--model", a.model, "--precision", precision,
                    "-o", os.path.join(folder, "rows.safetensors")] + photos, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def bench(a, precision, photos, folder):
    embed_seconds(a, precision, photos[:FEW], folder)
    rows = []
    for _ in range(a.rounds):
        few = embed_seconds(a, precision, photos[:FEW], folder)
        rows.append((embed_seconds(a, precision, photos, folder) - few) / (MANY - FEW) * 1e3)
    median = statistics.median(rows)
    print("photo to row, %s   %6.1f ms  [%.1f %.1f] of %d   aim %g ms, %s" % (
        precision, median, min(rows), max(rows), len(rows), MOST_MS, "reached" if median <= MOST_MS else "MISSED"))
    return median > MOST_MS


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("pixels", help="the built bench-pixels")
    ap.add_argument("cli", help="the built handful-cli")
    ap.add_argument("model")
    ap.add_argument("--rounds", type=int, default=5)
    ap.add_argument("--precisions", default="f32,f16")
    a = ap.parse_args()
    print("%s, load before %.1f" % (take_priority(), os.getloadavg()[0]))
    with tempfile.TemporaryDirectory(prefix="bench-rows-") as folder:
        photo = os.path.join(folder, "photo.jpg")
        subprocess.run([a.pixels, "--save", photo], check=True, stdout=subprocess.DEVNULL)
        photos = [shutil.copy(photo, os.path.join(folder, "%d.jpg" % i)) for i in range(MANY)]
        missed = sum(bench(a, precision, photos, folder) for precision in a.precisions.split(","))
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
