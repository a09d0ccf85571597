#!/usr/bin/env python3
"""Times Handful's towers beside ONNX Runtime on the same cores, call by call in
turns, and prints medians, quartiles and the ratio beside its target.

    bench-peers.py BUILD/tests/bench/bench-tower [options]

Needs numpy, onnx and onnxruntime (openvino for --peers ...,openvino; torch,
open_clip and safetensors for ...,torch):

    python3 -m venv VENV && VENV/bin/pip install numpy onnx onnxruntime
    VENV/bin/python tests/bench/bench-peers.py build/tests/bench/bench-tower

Random weights in the published shapes are written to --work once (2 GB; 12 with
every shape); a model of --models may also be a folder with open_clip's files. Every engine gets --threads threads. ONNX Runtime runs an exporter's
graph (ort) and the same with its own fused operators (ort-fused); the faster of
the two in the same round counts. ort-int8 and ort-int8-fused are these after its
own quantize_dynamic (matrix products only, a step for each channel); openvino-bf16
is OpenVINO in bf16, where the processor has it; torch and torch-bf16 are
open_clip's own modules. Prompts are padded to 77 for the peers, as exported models
are. Run as root it takes real-time priority, so that other programs disturb
less; it says so. --json appends a line for each engine to a file, which
bench-plots draws. A ratio is only worth something within one run: engines
alternate, and the quartiles are printed.
"""
import argparse
import importlib.metadata
import json
import os
import random
import subprocess
import sys
import tempfile
import time

import numpy as np

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import onnx_clip  # noqa: E402
import random_model  # noqa: E402

MEAN = np.array([0.48145466, 0.4578275, 0.40821073], np.float32)
STD = np.array([0.26862954, 0.26130258, 0.27577711], np.float32)

# (model, tower, precision, batch) -> least ratio to ONNX Runtime f32
TARGETS = {
    ("ViT-B-32", "image", "f32", 1): 1.25, ("ViT-B-32", "image", "f32", 8): 1.15,
    ("ViT-B-32", "image", "f32", 32): 1.25, ("ViT-B-32", "image", "f16", 1): 1.4,
    ("ViT-B-16", "image", "f32", 1): 1.1, ("ViT-B-16", "image", "f32", 8): 1.25,
    ("ViT-B-32", "text", "f32", 32): 8.0, ("ViT-B-32", "text", "f16", 32): 8.0,
    ("ViT-B-32", "image", "int8", 1): 3.4, ("ViT-B-32", "image", "int8", 8): 3.4,
    ("ViT-B-32", "image", "int8", 32): 3.8,
}
# the same to OpenVINO f32
OPENVINO_TARGETS = {
    ("ViT-B-32", "image", "f16", 1): 1.15, ("ViT-B-32", "image", "f32", 8): 1.1,
    ("ViT-B-32", "image", "f32", 32): 1.1,
}
# to ONNX Runtime after quantize_dynamic
INT8_TARGETS = {
    ("ViT-B-32", "image", "int8", 1): 1.5, ("ViT-B-32", "image", "int8", 8): 1.4,
    ("ViT-B-32", "image", "int8", 32): 1.6,
}
# to our own f32 in the same round
OWN_TARGETS = {
    ("ViT-B-32", "image", "int8", 1): 2.6, ("ViT-B-32", "image", "int8", 8): 2.9,
    ("ViT-B-32", "image", "int8", 32): 3.0,
}
# rows must be those of the reference to this 1 - cosine; 8 bits of a peer are not held to anything, but printed
NEAR = {"f32": 1e-6, "f16": 1e-4, "bf16": 1e-2, "int8": 1e-2}


class Tower:
    """Our engine: bench-tower, driven over its pipe."""

    def __init__(self, program, model, precision, tower, threads):
        self.process = subprocess.Popen([program, model, precision, tower, str(threads)],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.tower = tower
        self.device = self.read().split(" ", 1)[1]

    def read(self):
        line = self.process.stdout.readline()
        if not line:
            sys.exit("bench-tower ended with status %s" % self.process.wait())
        return line.strip()

    def ask(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        return self.read()

    def prompts(self, ids):
        for row in ids:
            self.ask("prompt " + " ".join(map(str, row)))

    def time(self, batch):
        return float(self.ask(f"{self.tower} {batch}"))

    def row(self, index):
        return np.array(self.ask(f"row {index}").split(), np.float64)

    def close(self):
        self.process.stdin.close()
        self.process.wait()


class OnnxRuntime:
    def __init__(self, path, feeds, threads):
        import onnxruntime
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
        options.log_severity_level = 3
        self.session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
        self.name, self.feed = next(iter(feeds.items()))
        self.last = None

    def time(self, batch):
        start = time.perf_counter()
        self.last = self.session.run(None, {self.name: self.feed[:batch]})[0]
        return (time.perf_counter() - start) * 1e3

    def row(self, index):
        return self.last[index].astype(np.float64)

    def close(self):
        self.session = None


class OpenVino:
    """Compiled for each batch, for the shortest latency."""

    def __init__(self, path, feeds, threads, batches, precision):
        import openvino
        core = openvino.Core()
        model = core.read_model(path)
        self.name, self.feed = next(iter(feeds.items()))
        self.compiled = {}
        for batch in batches:
            clone = model.clone()
            clone.reshape({self.name: [batch] + list(self.feed.shape[1:])})
            self.compiled[batch] = core.compile_model(clone, "CPU", {
                "INFERENCE_NUM_THREADS": threads, "PERFORMANCE_HINT": "LATENCY", "INFERENCE_PRECISION_HINT": precision})
        self.last = None

    def time(self, batch):
        start = time.perf_counter()
        self.last = list(self.compiled[batch](self.feed[:batch]).values())[0]
        return (time.perf_counter() - start) * 1e3

    def row(self, index):
        return self.last[index].astype(np.float64)

    def close(self):
        self.compiled = {}


class Torch:
    """The modules that publish these models, without gradients."""

    def __init__(self, folder, tower, feeds, threads, precision):
        import open_clip
        import safetensors.torch
        import torch
        torch.set_num_threads(threads)
        with open(os.path.join(folder, "open_clip_config.json"), encoding="utf-8") as file:
            config = json.load(file)["model_cfg"]
        model = open_clip.model.CLIP(**{k: v for k, v in config.items() if k != "custom_text"})
        model.load_state_dict(safetensors.torch.load_file(os.path.join(folder, "open_clip_model.safetensors")))
        self.torch, self.dtype = torch, torch.bfloat16 if precision == "bf16" else torch.float32
        model = model.eval().requires_grad_(False).to(self.dtype)
        self.encode = model.encode_image if tower == "image" else model.encode_text
        self.feed = torch.from_numpy(next(iter(feeds.values())))
        if tower == "image":
            self.feed = self.feed.to(self.dtype)
        self.last = None

    def time(self, batch):
        start = time.perf_counter()
        with self.torch.inference_mode():
            self.last = self.encode(self.feed[:batch])
        return (time.perf_counter() - start) * 1e3

    def row(self, index):
        return self.last[index].double().numpy()

    def close(self):
        self.encode = None


def made_up_pixels(count, px):
    """The pictures bench-tower makes up, normalised, [n][3][px][px]."""
    at = np.arange(count * px * px * 3, dtype=np.uint64)
    raw = ((at * 2654435761) & 0xFFFFFFFF) >> 24
    pixels = raw.astype(np.float32).reshape(count, px, px, 3) / 255
    return np.ascontiguousarray(((pixels - MEAN) / STD).transpose(0, 3, 1, 2))


def made_up_prompts(count):
    """Token ids of prompts of 8 to 12 tokens, 10 on the average."""
    random = np.random.default_rng(7)
    return [[49406] + list(random.integers(256, 40000, 6 + i % 5)) + [49407] for i in range(count)]


def padded(prompts):
    out = np.zeros((len(prompts), 77), np.int64)
    for i, ids in enumerate(prompts):
        out[i, :len(ids)] = ids
    return out


def take_priority():
    """Round robin at the lowest real-time priority, where we may."""
    if os.geteuid() != 0:
        return "ordinary priority (not root)"
    os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(1))
    return "real-time priority (as chrt -r 1)"


def name_of_processor():
    """Two processors of one name differ twofold: family and model tell them."""
    known = {}
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            for line in file:
                key, _, value = line.partition(":")
                known.setdefault(key.strip(), value.strip())
    except OSError:
        return "processor not known"
    return "%s (family %s, model %s)" % tuple(known.get(k, "?") for k in ("model name", "cpu family", "model"))


def alternate(engines, batch, rounds, pause=0.03):
    """
    name -> milliseconds of each call; the rounds before 0 do not count. Each round has an order of its own: who comes
    behind an engine with the same weights or kernels finds some of them in the caches.
    """
    times = {name: [] for name in engines}
    names = list(engines)
    draw = random.Random(1)
    for i in range(-2 if rounds > 5 else -1, rounds):
        draw.shuffle(names)
        for name in names:
            spent = engines[name].time(batch)
            time.sleep(pause)
            if i >= 0:
                times[name].append(spent)
    return times


def one_minus_cosine(a, b):
    return max(0.0, 1 - float(a @ b / np.linalg.norm(a) / np.linalg.norm(b)))


def get_precision(name):
    """Of an engine: "ours-f16" has f16."""
    return next((p for p in ("bf16", "f16", "int8") if p in name), "f32")


def check_rows(engines, batch):
    """Everybody must compute the same function, else times mean nothing. The largest 1 - cosine of each engine."""
    rows = {name: [engine.row(i) for i in range(batch)] for name, engine in engines.items()}
    far = {name: max(one_minus_cosine(a, b) for a, b in zip(got, rows["ort"])) for name, got in rows.items()}
    wrong = [f"{name} differs from ort: 1 - cosine {value:.2g}" for name, value in far.items()
             if value > NEAR[get_precision(name)] and not name.startswith("ort-int8")]
    if wrong:
        sys.exit("; ".join(wrong))
    return far


VERSIONS = {"ort": "onnxruntime", "openvino": "openvino", "torch": "torch"}


def name_of_model(shape):
    """Of a published shape, or of a folder."""
    return os.path.basename(os.path.normpath(shape))


def append_json(path, key, times, far):
    """A line for each engine, with all that a table or a plot wants."""
    model, tower, batch = key
    with open(path, "a", encoding="utf-8") as file:
        for name, calls in times.items():
            package = next((p for start, p in VERSIONS.items() if name.startswith(start)), None)
            low, middle, high = np.percentile(calls, [25, 50, 75])
            file.write(json.dumps({
                "bench": "peers", "model": model, "tower": tower, "batch": batch,
                "engine": name, "version": importlib.metadata.version(package) if package else None,
                "ms": round(middle, 3), "low_ms": round(low, 3), "high_ms": round(high, 3), "calls": len(calls),
                "one_minus_cosine": float("%.2g" % far[name]), "processor": name_of_processor(),
                "load": round(os.getloadavg()[0], 2)}) + "\n")


def report(key, times, far):
    """Prints the engines' lines; returns how many targets are missed."""
    model, tower, batch = key
    quartiles = {name: np.percentile(t, [25, 50, 75]) for name, t in times.items()}
    missed = 0
    for name, q in quartiles.items():
        line = (f"{model:13s} {tower:5s} {batch:3d}  {name:14s} {q[1]:9.2f} {q[1] / batch:8.2f}   "
                f"[{q[0]:8.2f} {q[2]:8.2f}]  {far[name]:.0e}")
        if name.startswith("ours"):
            missed += add_ratios(key, name[5:], quartiles, line)
        else:
            print(line)
    sys.stdout.flush()
    return missed


def add_ratios(key, precision, quartiles, line):
    model, tower, batch = key
    ours, missed = quartiles["ours-" + precision][1], 0
    for peer, names, targets in (("ort", ("ort", "ort-fused"), TARGETS),
                                 ("openvino", ("openvino",), OPENVINO_TARGETS),
                                 ("openvino-bf16", ("openvino-bf16",), {}),
                                 ("ort-int8", ("ort-int8", "ort-int8-fused"), INT8_TARGETS),
                                 ("our f32", ("ours-f32",), OWN_TARGETS)):
        medians = [quartiles[name][1] for name in names if name in quartiles]
        if not medians or names[0] == "ours-" + precision:
            continue
        ratio = min(medians) / ours
        target = targets.get((model, tower, precision, batch))
        line += f"  {peer} x{ratio:.2f}"
        if target:
            missed += ratio < target
            line += f" (aim {target:g}, {'reached' if ratio >= target else 'MISSED'})"
    print(line)
    return missed


def write_once(path, make):
    """make(PART) writes what becomes @path, unless that is there."""
    if not os.path.exists(path):
        make(path + ".part")
        os.replace(path + ".part", path)
    return path


def quantize(source, path):
    from onnxruntime.quantization import QuantType, quantize_dynamic
    quantize_dynamic(source, path, op_types_to_quantize=["MatMul", "Gemm"], per_channel=True,
                     weight_type=QuantType.QInt8, extra_options={"DefaultTensorType": 1})


def prepare(work, shape, tower, peers):
    """Paths of the model and of the graphs that the peers want, written if they are not there."""
    folder = os.path.join(work, name_of_model(shape))
    source = shape if os.path.isdir(shape) else folder
    model = os.path.join(source, "open_clip_model.safetensors")
    if not os.path.exists(model):
        random_model.write(shape, folder)
    os.makedirs(folder, exist_ok=True)
    graphs = {}
    for suffix in ("", "-fused"):
        wanted = [p for p in peers if p.startswith("ort") and p.endswith("-fused") == bool(suffix)]
        if not wanted and suffix:
            continue
        plain = graphs["ort" + suffix] = write_once(
            os.path.join(folder, f"{tower}-ort{suffix}.onnx"),
            lambda part, fused=bool(suffix): onnx_clip.write(model, tower, part, fused))
        if "ort-int8" + suffix in peers:
            graphs["ort-int8" + suffix] = write_once(os.path.join(folder, f"{tower}-ort-int8{suffix}.onnx"),
                                                     lambda part, source=plain: quantize(source, part))
    return model, graphs


def read_config(model):
    with open(os.path.join(os.path.dirname(model), "open_clip_config.json"), encoding="utf-8") as file:
        return json.load(file)["model_cfg"]["vision_cfg"]


def open_engines(a, shape, tower, batches):
    model, graphs = prepare(a.work, shape, tower, [])
    config = read_config(model)
    is_residual = tower == "image" and isinstance(config["layers"], list)
    peers = [p for p in a.peers if not (is_residual and p.endswith("-fused"))]
    model, graphs = prepare(a.work, shape, tower, peers)
    prompts = made_up_prompts(max(batches))
    if tower == "image":
        feeds = {"pixels": made_up_pixels(max(batches), config["image_size"])}
    else:
        feeds = {"ids": padded(prompts)}
    engines = {}
    for precision in a.precisions:
        engines["ours-" + precision] = Tower(a.program, model, precision, tower, a.threads)
        if tower == "text":
            engines["ours-" + precision].prompts(prompts)
    for peer in peers:
        if peer.startswith("torch"):
            engines[peer] = Torch(os.path.dirname(model), tower, feeds, a.threads, get_precision(peer))
        elif peer.startswith("openvino"):
            engines[peer] = OpenVino(graphs["ort"], feeds, a.threads, batches, get_precision(peer))
        else:
            engines[peer] = OnnxRuntime(graphs[peer], feeds, a.threads)
    return engines


def bench(a, shape, tower, batches):
    engines = open_engines(a, shape, tower, batches)
    missed = 0
    for batch in batches:
        times = alternate(engines, batch, a.rounds if batch < 32 else (a.rounds + 1) // 2)
        far = check_rows(engines, min(batch, 8))
        key = (name_of_model(shape), tower, batch)
        missed += report(key, times, far)
        if a.json:
            append_json(a.json, key, times, far)
    for engine in engines.values():
        engine.close()
    return missed


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("program", help="the built bench-tower")
    ap.add_argument("--models", default="ViT-B-32,ViT-B-16", help=",".join(random_model.SHAPES) + ", or folders")
    ap.add_argument("--towers", default="image,text")
    ap.add_argument("--batches", default="1,8,32", help="of pictures; prompts run at 1 and 32")
    ap.add_argument("--precisions", default="f32,f16", help="f32,f16,bf16,int8")
    ap.add_argument("--peers", default="ort,ort-fused", help="ort,ort-fused,ort-int8,ort-int8-fused,openvino,openvino-bf16,torch,torch-bf16; "
                    "ort is the reference")
    ap.add_argument("--rounds", type=int, default=15, help="calls of each engine (half at batch 32)")
    ap.add_argument("--threads", type=int, default=2)
    ap.add_argument("--json", help="append a line for each engine to this file")
    ap.add_argument("--work", default=os.path.join(tempfile.gettempdir(), "handful-bench"))
    a = ap.parse_args()
    a.precisions, a.peers = a.precisions.split(","), a.peers.split(",")
    print(name_of_processor())
    print(f"{take_priority()}, {a.threads} threads each, {a.rounds} calls each in turns "
          f"({(a.rounds + 1) // 2} at batch 32), load before {os.getloadavg()[0]:.1f}")
    print("model         tower   n  engine         median ms   ms/row   [ quartiles      ]  1-cos  peer / ours")
    missed = 0
    for shape in a.models.split(","):
        if "image" in a.towers:
            missed += bench(a, shape, "image", [int(b) for b in a.batches.split(",")])
        if "text" in a.towers and shape != "ViT-B-16":  # whose text tower is ViT-B-32's
            missed += bench(a, shape, "text", [1, 32])
    print(f"{missed} targets missed" if missed else "all targets reached")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
