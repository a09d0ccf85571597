#!/usr/bin/env python3
"""Compare an engine's output with the goldens.  Standard library only.

  check_engine.py PATH/handful-cli [--dir DIR] [options]

Commands the engine must understand:
  handful-cli embed --no-cache --model FILE --precision P --text T [--text T...] -o OUT.safetensors PATH [PATH...]
      OUT has image_features [paths,d] and text_features [texts,d], F32, unit rows
  handful-cli tokens --json TEXT [TEXT...]
      prints one JSON list of lists of ids, start and end token included, at
      most 77 each (a cut list ends with 49407), no zero padding; texts that
      begin with '-' come after a '--'

Groups of cases: tokens, models (each model in each file format), preprocess
(pictures of every kind through one small model) and broken (damaged model
files). Texts, pictures and tokens lie in ../tokens and ../preprocess.
Prints one line per case and a last line "N passed, M failed"; exit status 1
when a case failed.
"""
import argparse
import json
import math
import os
import shutil
import struct
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.dont_write_bytecode = True
sys.path.insert(0, HERE)
import make_formats as mf  # noqa: E402


class Report:
    def __init__(self, quiet, only, tap):
        self.passed = self.failed = self.skipped = 0
        self.quiet, self.only, self.tap = quiet, only, tap

    def wants(self, name):
        return not self.only or any(o in name for o in self.only)

    def case(self, name, ok, note=""):
        if ok:
            self.passed += 1
        else:
            self.failed += 1
        if self.tap:
            print("%s %d %s" % ("ok" if ok else "not ok", self.passed + self.failed, name.replace("#", "")))
            print("# " + note, flush=True)
        elif not ok or not self.quiet:
            print("%s %s%s" % ("ok  " if ok else "FAIL", name, "  " + note if note else ""), flush=True)

    def skip(self, name, note):
        self.skipped += 1
        if not self.quiet and not self.tap:
            print("skip %s  %s" % (name, note), flush=True)


class Engine:
    def __init__(self, path, timeout, precision):
        self.path, self.timeout, self.precision = path, timeout, precision

    def run(self, args):
        try:
            r = subprocess.run([self.path] + args, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, timeout=self.timeout)
        except subprocess.TimeoutExpired:
            return None, b"", "no end after %d s" % self.timeout
        except OSError as e:
            return None, b"", str(e)
        err = r.stderr.decode("utf-8", "replace").strip().splitlines()
        return r.returncode, r.stdout, (err[-1][:160] if err else "")

    def has_precision(self):
        code, out, err = self.run(["devices", "--json"])
        return code == 0 and any(d["chosen"] and self.precision in d["precisions"] for d in json.loads(out))

    def tokens(self, texts):
        args = ["tokens", "--json"]
        if any(t.startswith("-") for t in texts):
            args.append("--")
        code, out, err = self.run(args + texts)
        if code != 0:
            return None, "exit %s %s" % (code, err)
        try:
            got = json.loads(out.decode("utf-8"))
        except ValueError as e:
            return None, "output is not JSON: %s" % e
        if not isinstance(got, list) or len(got) != len(texts):
            return None, "output is not a list of %d lists" % len(texts)
        return got, ""

    def embed(self, model, texts, paths, out):
        if os.path.exists(out):
            os.remove(out)
        args = ["embed", "--no-cache", "--model", model, "--precision", self.precision]
        for t in texts:
            args += ["--text", t]
        code, _, err = self.run(args + ["-o", out] + paths)
        if code != 0:
            return None, "exit %s %s" % (code, err)
        try:
            return read_safetensors(out), ""
        except (OSError, ValueError, KeyError, struct.error) as e:
            return None, "cannot read output: %s" % e


def read_safetensors(path):
    with open(path, "rb") as f:
        raw = f.read()
    n = struct.unpack("<Q", raw[:8])[0]
    if n > len(raw) - 8:
        raise ValueError("header length")
    out = {}
    for name, t in json.loads(raw[8:8 + n].decode("utf-8")).items():
        if name == "__metadata__":
            continue
        if t["dtype"] != "F32" or len(t["shape"]) != 2:
            continue
        a, b = t["data_offsets"]
        rows, cols = t["shape"]
        if b - a != rows * cols * 4 or 8 + n + b > len(raw):
            raise ValueError("size of " + name)
        v = struct.unpack("<%df" % (rows * cols), raw[8 + n + a:8 + n + b])
        out[name] = [v[k * cols:(k + 1) * cols] for k in range(rows)]
    return out


def dot(a, b):
    return math.fsum(x * y for x, y in zip(a, b))


def compare(got, want, least):
    """(ok, note) for unit rows against golden rows."""
    if got is None:
        return False, "tensor missing, or not F32 with two dimensions"
    if len(got) != len(want) or any(len(g) != len(w) for g, w in zip(got, want)):
        return False, "shape %dx%d, wanted %dx%d" % (len(got), len(got[0]) if got else 0, len(want), len(want[0]))
    low, at, far, length = 2.0, -1, 0.0, 0.0
    for k, (g, w) in enumerate(zip(got, want)):
        if not all(math.isfinite(x) for x in g):
            return False, "row %d is not finite" % k
        ng, nw = math.sqrt(dot(g, g)), math.sqrt(dot(w, w))
        c = dot(g, w) / (ng * nw) if ng > 0 else 0.0
        if c < low:
            low, at = c, k
        far = max(far, max(abs(x - y) for x, y in zip(g, w)))
        length = max(length, abs(ng - 1))
    if length > 1e-3:
        return False, "rows are not of unit length (off by %.2g)" % length
    return low >= least, "least cosine %.8f (row %d), largest difference %.2g" % (low, at, far)


def compare_logits(got, gold, precision):
    """(ok, note): scale times the cosines of all pairs against the golden logits.

    bf16 and int8 are held to the cosines themselves, within 0.01 and 0.03."""
    far = 0.0
    for image, row in zip(got["image_features"], gold["logits_per_image"]):
        for text, want in zip(got["text_features"], row):
            far = max(far, abs(gold["logit_scale_exp"] * dot(image, text) - want))
    cosine = {"bf16": 0.01, "int8": 0.03}.get(precision)
    most = cosine * gold["logit_scale_exp"] if cosine else 0.02
    return far <= most, "largest difference %.2g" % far


def check_tokens(engine, rep, root, opt):
    path = os.path.join(root, "..", "tokens", "tokens.json")
    if not os.path.exists(path):
        return
    with open(path, encoding="utf-8") as f:
        todo = json.load(f)
    for n, r in enumerate(todo):
        r["name"] = "tokens/%03d/%s %s" % (n, r["group"], ascii(r["text"])[:50])
    todo = [r for r in todo if rep.wants(r["name"])]
    for r in [r for r in todo if opt.no_mojibake and r.get("ftfy_changes")]:
        rep.skip(r["name"], "needs mojibake repair")
        todo.remove(r)
    for k in range(0, len(todo), 32):
        part = todo[k:k + 32]
        got, err = engine.tokens([r["text"] for r in part])
        if got is None:                       # find the text that breaks it
            got, errs = [], []
            for r in part:
                one, e = engine.tokens([r["text"]])
                got.append(one[0] if one else None)
                errs.append(e)
        else:
            errs = [""] * len(part)
        for r, ids, e in zip(part, got, errs):
            note = ""
            if ids != r["ids"]:
                note = e or "got %s wanted %s" % (str(ids)[:120], str(r["ids"])[:120])
                if r.get("ftfy_changes"):
                    note += " (needs mojibake repair)"
            rep.case(r["name"], ids == r["ids"], note)


def check_model(engine, rep, root, name, recipe, folder, opt, tmp):
    with open(os.path.join(folder, "golden.json"), encoding="utf-8") as f:
        gold = json.load(f)
    formats = recipe["default_formats"] if recipe.get("big") else mf.formats_of(recipe, folder)
    weights = None
    for fmt in formats:
        case = "models/%s/%s" % (name, fmt)
        if not rep.wants(case):
            continue
        if weights is None:
            weights = mf.make_model(recipe)
        d = os.path.join(tmp, name, fmt)
        os.makedirs(d)
        files = mf.write_format(fmt, recipe, weights, folder)
        for fname, blob in files:
            with open(os.path.join(d, fname), "wb") as f:
                f.write(blob)
        model = d if opt.model_is_folder else os.path.join(d, files[0][0])
        del files
        got, err = engine.embed(model, gold["prompts"], [os.path.join(root, p) for p in gold["images"]],
                                os.path.join(tmp, "out.safetensors"))
        for what in ("image_features", "text_features"):
            if got is None:
                rep.case(case + "/" + what, False, err)
            else:
                rep.case(case + "/" + what, *compare(got.get(what), gold[what], opt.min_cos))
        if got is not None:
            rep.case(case + "/logits", *compare_logits(got, gold, opt.precision))
        if not opt.keep:
            shutil.rmtree(d)


def one_model(root, name, fmt, tmp):
    recipe, folder = mf.load_recipes(root)[name]
    d = os.path.join(tmp, "one-" + name)
    os.makedirs(d, exist_ok=True)
    files = mf.write_format(fmt, recipe, mf.make_model(recipe), folder)
    for fname, blob in files:
        with open(os.path.join(d, fname), "wb") as f:
            f.write(blob)
    return os.path.join(d, files[0][0]), files[0][1]


def check_preprocess(engine, rep, root, opt, tmp):
    with open(os.path.join(root, "preprocess_features.json")) as f:
        gold = json.load(f)
    cases = {n: v for n, v in gold["cases"].items() if rep.wants("preprocess/" + n)}
    if not cases:
        return
    model, _ = one_model(root, gold["model"], "openclip-f32-safetensors", tmp)
    if opt.model_is_folder:
        model = os.path.dirname(model)
    for name, case in cases.items():
        got, err = engine.embed(model, ["a photo of a cat"], [os.path.join(root, "..", "preprocess", name)],
                                os.path.join(tmp, "out.safetensors"))
        if got is None:
            rep.case("preprocess/" + name, False, err)
        else:
            rep.case("preprocess/" + name, *compare(got.get("image_features"), [case["row"]], opt.min_cos))


def damaged(blob):
    n = struct.unpack("<Q", blob[:8])[0]
    head = json.loads(blob[8:8 + n])

    def rebuilt(h):
        t = json.dumps(h).encode()
        return struct.pack("<Q", len(t)) + t + blob[8 + n:]

    yield "empty", b""
    yield "seven-bytes", blob[:7]
    yield "cut-header", blob[:8 + n // 2]
    yield "cut-data", blob[:-(len(blob) // 3)]
    yield "huge-header-length", struct.pack("<Q", 1 << 62) + blob[8:]
    yield "header-not-json", blob[:8] + b"\xff" * n + blob[8 + n:]
    big = next(k for k in head if k.endswith("token_embedding.weight"))
    h = json.loads(json.dumps(head))
    h[big]["data_offsets"][1] += 1 << 40
    yield "offset-beyond-end", rebuilt(h)
    h = json.loads(json.dumps(head))
    h[big]["shape"] = [1 << 62, 1 << 62]
    yield "shape-overflow", rebuilt(h)
    h = json.loads(json.dumps(head))
    h[big]["data_offsets"] = [-8, 8]
    yield "negative-offset", rebuilt(h)
    h = json.loads(json.dumps(head))
    h[big]["dtype"] = "Q7"
    yield "unknown-dtype", rebuilt(h)
    h = json.loads(json.dumps(head))
    del h["ln_final.weight"]
    yield "missing-tensor", rebuilt(h)
    h = json.loads(json.dumps(head))
    h["ln_final.weight"], h["text_projection"] = h["text_projection"], h["ln_final.weight"]
    yield "swapped-shapes", rebuilt(h)
    yield "not-a-model", b"The quick brown fox jumps over the lazy dog.\n" * 40


def check_broken(engine, rep, root, tmp):
    name = next(n for n, (r, _) in mf.load_recipes(root).items() if not r.get("big"))
    _, blob = one_model(root, name, "openclip-f16-safetensors", tmp)
    recipe, folder = mf.load_recipes(root)[name]
    bads = [("safetensors/" + k, "open_clip_model.safetensors", b) for k, b in damaged(blob)]
    for fmt in mf.formats_of(recipe, folder):
        if os.path.exists(os.path.join(folder, "skeletons", fmt + ".xz")):
            fname, pt = mf.write_format(fmt, recipe, mf.make_model(recipe), folder)[0]
            bads.append((fmt + "/cut-half", fname, pt[:len(pt) // 2]))
            bads.append((fmt + "/cut-tail", fname, pt[:-40]))
            bads.append((fmt + "/zeros-in-front", fname, b"\0" * 4096 + pt[4096:]))
    with open(os.path.join(root, "batch.json"), encoding="utf-8") as f:
        picture = os.path.join(root, json.load(f)["images"][0])
    for case, fname, b in bads:
        case = "broken/" + case
        if not rep.wants(case):
            continue
        path = os.path.join(tmp, fname)
        with open(path, "wb") as f:
            f.write(b)
        code, _, err = engine.run(["embed", "--model", path, "--text", "x", "-o",
                                   os.path.join(tmp, "out.safetensors"), picture])
        # cutting a zip's tail or its first entry may leave a file that can still be read
        ok = code is not None and 0 <= code < 126 and (code != 0 or case.endswith("zeros-in-front"))
        rep.case(case, ok and (code == 0 or bool(err)), "exit %s: %s" % (code, err))
        os.remove(path)


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("engine")
    ap.add_argument("--dir", default=HERE, help="directory of the goldens (default: where this script lies)")
    ap.add_argument("--only", action="append", help="only cases whose name contains this; may be repeated")
    ap.add_argument("--broken", action="store_true", help="also damaged model files: must fail cleanly")
    ap.add_argument("--no-mojibake", action="store_true", help="skip texts that only a mojibake repairer gets right")
    ap.add_argument("--precision", default="f32", choices=("f32", "f16", "bf16", "int8"), help="how the engine stores weights")
    ap.add_argument("--min-cos", type=float, help="least cosine (default 0.99999 for f32, 0.999 for f16 and bf16, 0.998 for int8: the towers are narrow)")
    ap.add_argument("--tap", action="store_true", help="print the results in the Test Anything Protocol")
    ap.add_argument("--timeout", type=int, default=600, help="seconds for one command")
    ap.add_argument("--model-is-folder", action="store_true", help="give --model the folder, not the weights file")
    ap.add_argument("--tmp", help="where to write model files (default: a temporary directory)")
    ap.add_argument("--keep", action="store_true", help="keep the written model files")
    ap.add_argument("-q", "--quiet", action="store_true", help="print failed cases only")
    opt = ap.parse_args()
    if opt.min_cos is None:
        opt.min_cos = {"f32": 0.99999, "f16": 0.999, "bf16": 0.999, "int8": 0.998}[opt.precision]
    root = os.path.abspath(opt.dir)
    engine = Engine(os.path.abspath(opt.engine) if os.sep in opt.engine else opt.engine, opt.timeout, opt.precision)
    rep = Report(opt.quiet, opt.only, opt.tap)
    if not engine.has_precision():
        print("1..0 # SKIP the device has no precision %s" % opt.precision)
        return 0
    tmp = tempfile.mkdtemp(prefix="check-engine-", dir=opt.tmp)
    try:
        check_tokens(engine, rep, root, opt)
        for name, (recipe, folder) in mf.load_recipes(root).items():
            if os.path.exists(os.path.join(folder, "golden.json")):
                check_model(engine, rep, root, name, recipe, folder, opt, tmp)
        check_preprocess(engine, rep, root, opt, tmp)
        if opt.broken:
            check_broken(engine, rep, root, tmp)
    finally:
        if opt.keep:
            print("# model files are in " + tmp)
        else:
            shutil.rmtree(tmp, ignore_errors=True)
    if opt.tap:
        print("1..%d" % (rep.passed + rep.failed))
    else:
        print("%d skipped" % rep.skipped)
        print("%d passed, %d failed" % (rep.passed, rep.failed))
    return 1 if rep.failed or not rep.passed else 0


if __name__ == "__main__":
    sys.exit(main())
