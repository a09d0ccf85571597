#!/usr/bin/env python3
"""Times handful-cli from process start, and its memory, with the standard
library alone.

    bench-start.py BUILD/handful-cli MODEL [--photo FILE] [--rounds 9]

MODEL is a ViT-B/32 in f16 (300 MB), for instance

    random_model.py ViT-B-32 FOLDER --dtype f16

Measured, each from fork to exit, which is a little more than to the first row:

  first ever   `embed` of one photo with an empty kernel cache
  warm         of a photo that was never seen, with the kernels and the note of the
               model's identity that another left behind
  classify     `classify` of such a photo against two prompts, warm
  memory       most resident memory of `embed` with 16 photos (two batches of
               8, no texts, so the image tower only), as wait4 tells it

The caches of the user are not touched: XDG_CACHE_HOME and HOME point to a new
folder. The file itself is in the page cache, as after any first use. Run as
root it takes real-time priority, so that other programs disturb less.
"""
import argparse
import json
import os
import shutil
import statistics
import struct
import sys
import tempfile
import time
import zlib

# seconds, and MiB for the last
TARGETS = {"first ever": 3.0, "warm": 0.6, "classify": 1.0, "memory": 400.0}


def write_png(path, width=1600, height=1200):
    """A picture with gradients and some noise, as large as a small photo."""
    rows, state = bytearray(), 1
    for y in range(height):
        state = (state * 1103515245 + 12345) & 0x7FFFFFFF
        noise = state >> 27
        rows += b"\0" + bytes(v for x in range(width)
                              for v in ((x >> 3) & 255, (y >> 3) + noise & 255, (x * y >> 12) & 255))

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    with open(path, "wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)) +
                   chunk(b"IDAT", zlib.compress(bytes(rows), 1)) + chunk(b"IEND", b""))


def run(argv, env):
    """(seconds, peak MiB) of one process; ends the benchmark if it fails."""
    devnull = os.open(os.devnull, os.O_RDWR)
    start = time.perf_counter()
    pid = os.posix_spawn(argv[0], argv, env, file_actions=[(os.POSIX_SPAWN_DUP2, devnull, 1)])
    _, status, usage = os.wait4(pid, 0)
    spent = time.perf_counter() - start
    os.close(devnull)
    if os.waitstatus_to_exitcode(status) != 0:
        sys.exit("ended with status %d: %s" % (os.waitstatus_to_exitcode(status), " ".join(argv)))
    return spent, usage.ru_maxrss / 1024


def take_priority():
    if os.geteuid() != 0:
        return "ordinary priority (not root)"
    os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(1))
    return "real-time priority (as chrt -r 1)"


def environment(folder):
    env = {k: v for k, v in os.environ.items() if not k.startswith("POCL_CACHE")}
    env.update(XDG_CACHE_HOME=folder, HOME=folder)
    return env


def new_photo(photo, folder):
    """The same picture in other bytes, of which the feature cache knows nothing: readers stop at its end."""
    path = os.path.join(folder, "photo%d" % len(os.listdir(folder)) + os.path.splitext(photo)[1])
    shutil.copy(photo, path)
    with open(path, "ab") as file:
        file.write(os.urandom(8))
    return path


def measure(a, tmp, photo):
    embed = [a.program, "embed", "--model", a.model, "--precision", a.precision, "-o", os.path.join(tmp, "out.safetensors")]
    classify = [a.program, "classify", "--model", a.model, "--precision", a.precision,
                "--class", "a photo of a good part", "--class", "a photo of a broken part"]
    copies = [new_photo(photo, tmp) for _ in range(16)]
    times = {"first ever": [], "warm": [], "classify": []}
    run(embed + [photo], environment(os.path.join(tmp, "page-cache")))
    for i in range(3):
        env = environment(os.path.join(tmp, "cache%d" % i))
        times["first ever"].append(run(embed + [photo], env)[0])
    run(classify + [photo], env)
    for _ in range(a.rounds):
        times["warm"].append(run(embed + [new_photo(photo, tmp)], env)[0])
        times["classify"].append(run(classify + [new_photo(photo, tmp)], env)[0])
    return times, run(embed + copies, env)[1]


def report(a, times, peak):
    missed = 0
    for name, values in times.items():
        median = statistics.median(values)
        reached = median <= TARGETS[name]
        missed += not reached
        print("%-11s %6.3f s   [%.3f %.3f] of %d   aim %.1f s, %s" % (
            name, median, min(values), max(values), len(values), TARGETS[name], "reached" if reached else "MISSED"))
    reached = peak <= TARGETS["memory"]
    missed += not reached
    print("%-11s %6.0f MiB at most, aim %.0f MiB, %s" % (
        "memory", peak, TARGETS["memory"], "reached" if reached else "MISSED"))
    if a.json:
        print(json.dumps({"seconds": times, "peak_mib": peak}))
    return missed


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("program", help="the built handful-cli")
    ap.add_argument("model")
    ap.add_argument("--photo", help="default: a drawn PNG of 1600 x 1200")
    ap.add_argument("--precision", default="f16")
    ap.add_argument("--rounds", type=int, default=9)
    ap.add_argument("--json", action="store_true")
    a = ap.parse_args()
    a.program = os.path.abspath(a.program)
    with tempfile.TemporaryDirectory(prefix="bench-start-") as tmp:
        photo = a.photo or os.path.join(tmp, "photo.png")
        if not a.photo:
            write_png(photo)
        print("%s, load before %.1f" % (take_priority(), os.getloadavg()[0]))
        missed = report(a, *measure(a, tmp, photo))
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
