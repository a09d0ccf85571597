#!/usr/bin/env python3
"""Times photographs of 12 megapixels from their files to rows, decoding and the
tower together, and with --onnx a script of Pillow and ONNX Runtime beside it.

    bench-rows.py BUILD/tests/bench/bench-pixels BUILD/handful-cli MODEL
                  [--rounds 5] [--precisions f32,f16] [--photos 32]
                  [--onnx GRAPH] [--json FILE]

MODEL is a ViT-B/32. `embed` runs over 8 and over 8 more than --photos copies of
the photograph that bench-pixels draws (4000 x 3000, 4:2:0, about 2 MB); the
difference of the two times divided by the number of photographs is the time of
a row, so that start and loading do not count. All cores. GRAPH is the same
model's, of onnx_clip.py: what people write around it, Pillow decoding and
resizing in as many threads as there are cores, the session fed by batches of 8.
It needs numpy, Pillow and onnxruntime; all else only the standard library. Run
as root it takes real-time priority, so that other programs disturb less.
"""
import argparse
import concurrent.futures
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

FEW, BATCH = 8, 8
MOST_MS = {"f32": 45.0, "f16": 45.0, "bf16": 45.0, "int8": 30.0}


def take_priority():
    if os.geteuid() != 0:
        return "ordinary priority (not root)"
    os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(1))
    return "real-time priority (as chrt -r 1)"


class Ours:
    def __init__(self, a, precision, folder):
        self.a, self.precision, self.folder = a, precision, folder
        self.aim_ms = MOST_MS[precision]

    def embed_seconds(self, photos):
        start = time.perf_counter()
        subprocess.run([self.a.cli, "embed", "--no-cache", "--model", self.a.model, "--precision", self.precision,
                        "-o", os.path.join(self.folder, "rows.safetensors")] + photos,
                       check=True, stdout=subprocess.DEVNULL)
        return time.perf_counter() - start

    def row_ms(self, photos):
        few = self.embed_seconds(photos[:FEW])
        return (self.embed_seconds(photos) - few) / (len(photos) - FEW) * 1e3


class PillowAndOnnxRuntime:
    """The two libraries put together as their manuals do."""

    def __init__(self, graph):
        import numpy
        import onnxruntime
        from PIL import Image
        self.np, self.image, self.cores, self.aim_ms = numpy, Image, len(os.sched_getaffinity(0)), None
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads, options.log_severity_level = self.cores, 3
        self.session = onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
        self.side = self.session.get_inputs()[0].shape[2]

    def read(self, path):
        image = self.image.open(path).convert("RGB")
        scale = self.side / min(image.size)
        w, h = (max(self.side, round(n * scale)) for n in image.size)
        image = image.resize((w, h), self.image.BICUBIC)
        left, top = (w - self.side) // 2, (h - self.side) // 2
        pixels = self.np.asarray(image.crop((left, top, left + self.side, top + self.side)), self.np.float32) / 255
        mean = self.np.array([0.48145466, 0.4578275, 0.40821073], self.np.float32)
        std = self.np.array([0.26862954, 0.26130258, 0.27577711], self.np.float32)
        return ((pixels - mean) / std).transpose(2, 0, 1)

    def row_ms(self, photos):
        photos = photos[FEW:]
        start = time.perf_counter()
        with concurrent.futures.ThreadPoolExecutor(self.cores) as pool:
            batch = []
            for i, pixels in enumerate(pool.map(self.read, photos), 1):
                batch.append(pixels)
                if len(batch) == BATCH or i == len(photos):
                    self.session.run(None, {"pixels": self.np.stack(batch)})
                    batch = []
        return (time.perf_counter() - start) / len(photos) * 1e3


def report(a, name, rows, aim_ms):
    median = statistics.median(rows)
    verdict = "" if aim_ms is None else "   aim %g ms, %s" % (aim_ms, "reached" if median <= aim_ms else "MISSED")
    print("photo to row, %-22s %6.1f ms  [%.1f %.1f] of %d%s" % (name, median, min(rows), max(rows), len(rows), verdict))
    if a.json:
        with open(a.json, "a", encoding="utf-8") as file:
            file.write(json.dumps({"bench": "rows", "engine": name, "ms": round(median, 2), "low_ms": round(min(rows), 2),
                                   "high_ms": round(max(rows), 2), "calls": len(rows), "photos": a.photos,
                                   "load": round(os.getloadavg()[0], 2)}) + "\n")
    return aim_ms is not None and median > aim_ms


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("pixels", help="the built bench-pixels")
    ap.add_argument("cli", help="the built handful-cli")
    ap.add_argument("model")
    ap.add_argument("--rounds", type=int, default=5)
    ap.add_argument("--precisions", default="f32,f16")
    ap.add_argument("--photos", type=int, default=32)
    ap.add_argument("--onnx", help="the model's graph: a script of Pillow and ONNX Runtime in turns with ours")
    ap.add_argument("--json", help="append a line for each to this file")
    a = ap.parse_args()
    print("%s, load before %.1f" % (take_priority(), os.getloadavg()[0]))
    with tempfile.TemporaryDirectory(prefix="bench-rows-") as folder:
        photo = os.path.join(folder, "photo.jpg")
        subprocess.run([a.pixels, "--save", photo], check=True, stdout=subprocess.DEVNULL)
        photos = [shutil.copy(photo, os.path.join(folder, "%d.jpg" % i)) for i in range(FEW + a.photos)]
        ways = {"ours-" + p: Ours(a, p, folder) for p in a.precisions.split(",")}
        if a.onnx:
            ways["Pillow + ort"] = PillowAndOnnxRuntime(a.onnx)
        for way in ways.values():
            way.row_ms(photos[:FEW + BATCH])
        rows = {name: [] for name in ways}
        for _ in range(a.rounds):
            for name, way in ways.items():
                rows[name].append(way.row_ms(photos))
        missed = sum(report(a, name, rows[name], ways[name].aim_ms) for name in ways)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
