"""Bundles that somebody made on purpose, written with Python's zipfile: each is
refused with the member and the reason.

    test-hostile.py OPEN_BUNDLE
"""
import hashlib
import io
import json
import os
import struct
import subprocess
import sys
import tempfile
import traceback
import warnings
import zipfile

PROGRAM = os.path.abspath(sys.argv[1])


def run(verb, path):
    r = subprocess.run([PROGRAM, verb, path], stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)
    assert r.returncode in (0, 1), r
    return r.stdout.decode("utf-8").strip()


class Bundle:
    """The members of the sample, to be changed and packed again."""

    def __init__(self, folder):
        self.path = os.path.join(folder, "ring.probe")
        assert run("make", self.path) == "whole"
        with open(self.path, "rb") as f:
            self.raw = f.read()
        with zipfile.ZipFile(self.path) as z:
            assert z.testzip() is None
            self.members = [(i.filename, z.read(i)) for i in z.infolist()]

    def get(self, name):
        return dict(self.members)[name]

    def put(self, name, data):
        self.members = [(n, data if n == name else d) for n, d in self.members]

    def manifest(self):
        return json.loads(self.get("manifest.json"))

    def sign(self, **changes):
        """Writes a manifest with @changes and right sums."""
        manifest = dict(self.manifest(), **changes)
        if "members" not in changes:
            manifest["members"] = [{"name": n, "size_bytes": len(d), "sha256": hashlib.sha256(d).hexdigest()}
                                   for n, d in self.members if n != "manifest.json"]
        self.put("manifest.json", json.dumps(manifest).encode())

    def pack(self, deflate=()):
        with zipfile.ZipFile(self.path, "w") as z:
            for name, data in self.members:
                info = zipfile.ZipInfo(name)
                info.compress_type = zipfile.ZIP_DEFLATED if name in deflate else zipfile.ZIP_STORED
                z.writestr(info, data)
        with open(self.path, "rb") as f:
            return f.read()

    def write(self, raw):
        with open(self.path, "wb") as f:
            f.write(raw)

    def refused(self, *words):
        said = run("open", self.path)
        for word in words:
            assert word in said, "%r is not in %r" % (word, said)
        assert said.startswith("The bundle ") and " is refused: it " in said, said


def a_script_writes_the_same_bytes(b):
    assert b.pack() == b.raw
    assert run("open", b.path) == "whole"


def deflated_members_are_read(b):
    b.pack(deflate=[n for n, _ in b.members])
    assert run("open", b.path) == "whole"


def path_traversal(b):
    for name in ("../evil", "/etc/passwd", "golden/../../x", "golden/..", "a\\..\\b", "C:/x", "./README.txt"):
        b = Bundle(os.path.dirname(b.path))
        b.members.insert(3, (name, b"x"))
        b.sign()
        b.pack()
        b.refused(name.replace("\\", "/") if "\\" in name and os.sep != "/" else name, "leads out of the bundle")


def extra_members(b):
    b.members.append(("golden/extra.jpg", b"x"))
    b.pack()
    b.refused("golden/extra.jpg", "does not name")
    b.sign()
    b.pack()
    b.refused("golden.safetensors does not name")
    b = Bundle(os.path.dirname(b.path))
    b.members.append(("notes.txt", b"x"))
    b.sign()
    b.pack()
    b.refused("notes.txt", "which no bundle has")


def missing_members(b):
    for name in [n for n, _ in b.members]:
        b = Bundle(os.path.dirname(b.path))
        b.members = [(n, d) for n, d in b.members if n != name]
        b.pack()
        b.refused("lacks the member " + name)


def duplicate_members(b):
    for name in [n for n, _ in b.members]:
        b = Bundle(os.path.dirname(b.path))
        b.members.append((name, b.get(name)))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            b.pack()
        b.refused("has the member " + name + " twice")


def swapped_members(b):
    one, two = "golden/good_000.jpg", "golden/good_002.jpg"
    first, second = b.get(one), b.get(two)
    b.put(one, second)
    b.put(two, first)
    b.pack()
    b.refused(one, "SHA-256 differs")


def changed_order(b):
    b.members[2:5] = b.members[2:5][::-1]
    b.pack()
    b.refused("out of order")


def every_changed_member_is_named(b):
    for name in [n for n, _ in b.members if n != "manifest.json"]:
        b = Bundle(os.path.dirname(b.path))
        data = bytearray(b.get(name))
        data[len(data) // 2] ^= 1
        b.put(name, bytes(data))
        b.pack()
        b.refused(name, "SHA-256 differs")


def declared_size_is_a_lie(b):
    b.pack(deflate=["README.txt"])
    with open(b.path, "rb") as f:
        raw = bytearray(f.read())
    size = struct.pack("<I", len(b.get("README.txt")))
    for lie in (len(b.get("README.txt")) - 1, len(b.get("README.txt")) + 1, 1, 0x7fffffff, 0xffffffff):
        b.write(raw.replace(size, struct.pack("<I", lie)))
        b.refused("README.txt")


def zip_bomb(b):
    zeros = b"\0" * (300 << 20)
    b.put("README.txt", zeros)
    b.sign()
    b.pack(deflate=["README.txt"])
    assert os.path.getsize(b.path) < 1 << 20
    b.refused("README.txt", "would unpack to 314572800 bytes")
    # Real and declared size differ: it unpacks to more than it says.
    b = Bundle(os.path.dirname(b.path))
    b.put("README.txt", zeros[:1000])
    b.sign()
    b.put("README.txt", zeros[:50 << 20])
    b.pack(deflate=["README.txt"])
    with open(b.path, "rb") as f:
        raw = f.read()
    b.write(raw.replace(struct.pack("<I", 50 << 20), struct.pack("<I", 1000)))
    b.refused("README.txt", "does not unpack to the 1000 bytes")


def encrypted(b):
    raw = bytearray(b.raw)
    at = raw.index(b"PK\1\2")
    raw[6] |= 1
    raw[at + 8] |= 1
    b.write(raw)
    b.refused("encrypted", "manifest.json")


def zip64(b):
    with zipfile.ZipFile(b.path, "w") as z:
        for name, data in b.members:
            with z.open(zipfile.ZipInfo(name), "w", force_zip64=True) as f:
                f.write(data)
    b.refused()
    end = b.raw[-22:]
    size, start = struct.unpack("<II", end[12:20])
    record = struct.pack("<4sQHHIIQQQQ", b"PK\6\6", 44, 45, 45, 0, 0, len(b.members), len(b.members), size, start)
    locator = struct.pack("<4sIQI", b"PK\6\7", 0, start + size, 1)
    b.write(b.raw[:-22] + record + locator + end)
    b.refused("zip64")


class Pipe(io.RawIOBase):
    """A file that cannot go back: zipfile then writes sizes behind the data."""

    def __init__(self):
        self.out = b""

    def writable(self):
        return True

    def write(self, data):
        self.out += bytes(data)
        return len(data)


def streamed(b):
    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w") as z:
        for name, data in b.members:
            z.writestr(zipfile.ZipInfo(name), data)
    b.write(pipe.out)
    b.refused("manifest.json", "with its size behind its data")


def other_methods(b):
    with zipfile.ZipFile(b.path, "w") as z:
        for name, data in b.members:
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_BZIP2
            z.writestr(info, data)
    b.refused("manifest.json", "method 12")


def a_comment(b):
    with zipfile.ZipFile(b.path, "a") as z:
        z.comment = b"hello"
    b.refused("bytes behind its end")


def packed_anew(b):
    with zipfile.ZipFile(b.path, "w") as z:
        for name, data in b.members:
            info = zipfile.ZipInfo(name, (2024, 1, 2, 3, 4, 6))
            z.writestr(info, data)
    b.refused("manifest.json", "packed it anew")


def overlapping_members(b):
    raw = bytearray(b.raw)
    second = raw.index(b"PK\1\2", raw.index(b"PK\1\2") + 4)
    raw[second + 42:second + 46] = b"\0\0\0\0"
    b.write(raw)
    b.refused("probe.safetensors", "a gap or an overlap")


def headers_that_disagree(b):
    raw = bytearray(b.raw)
    raw[14] ^= 1
    b.write(raw)
    b.refused("manifest.json", "differ")


def other_archives(b):
    for raw in (b"", b"PK", b"PK\5\6" + b"\0" * 18, b"\x1f\x8b" + b"\0" * 100, b"%PDF-1.4" + b"x" * 100,
                b"PK\5\6" + b"\0" * 12 + b"\xff\xff\xff\xff" + b"\0" * 2):
        b.write(raw)
        b.refused()


def many_members(b):
    for i in range(2000):
        b.members.append(("golden/%04d.jpg" % i, b""))
    b.pack()
    b.refused("more than 1024 members")


def future_versions(b):
    b.sign(format_version=2)
    b.pack()
    b.refused("format version 2", "reads up to 1", "newer Handful", "manifest.json")
    # Whatever else it has that this version knows nothing of.
    b.members.append(("prompt.safetensors", b"x"))
    b.sign(format_version=7, context="a new field")
    b.pack()
    b.refused("format version 7")


def manifests_of_wrong_fields(b):
    good = b.manifest()
    wrong = [("format", "zip"), ("format_version", 0), ("format_version", "1"), ("format_version", 1.5),
             ("classes", []), ("classes", [{"name": "a"}]), ("classes", [{"name": "", "kind": "good"}] * 2),
             ("classes", [{"name": "a", "kind": "good"}] * 2), ("classes", [{"name": "a", "kind": "evil"}]),
             ("classes", "good"), ("classes", good["classes"] + [{"name": "third", "kind": "other"}]),
             ("classes", [{"name": "a\0b", "kind": "good"}, good["classes"][1]]),
             ("model", {"identity": "short"}), ("model", {"identity": "G" * 64}), ("model", None),
             ("precision", "f8"), ("precision", None), ("framing", "circle"), ("framing", 3), ("views", 3),
             ("views", "4"), ("views", None), ("thresholds", {"reject": 0.9, "pass": 0.1}),
             ("thresholds", {"reject": 0.9}), ("thresholds", {"reject": -1, "pass": 2}), ("evaluation", []),
             ("counts", 3), ("label_log_sha256", 5), ("warnings", None), ("warnings", [1]), ("warnings", "x"),
             ("probe", None), ("probe", dict(good["probe"], kind="svm")),
             ("probe", dict(good["probe"], features="classic")), ("surprise", 1)]
    for name, value in wrong:
        b.sign(**{name: value})
        b.pack()
        b.refused("manifest")
        b.put("manifest.json", json.dumps(good).encode())
    for members in (None, "x", [1], [{"name": "a"}], good["members"][:-1], good["members"] * 2,
                    good["members"] + [{"name": "../x", "size_bytes": 1, "sha256": "0" * 64}],
                    [dict(m, sha256=m["sha256"].upper()) for m in good["members"]],
                    [dict(m, size_bytes=-1) for m in good["members"]],
                    [dict(m, size_bytes=m["size_bytes"] + 1) for m in good["members"]]):
        b.sign(members=members)
        b.pack()
        b.refused("manifest")
        b.put("manifest.json", json.dumps(good).encode())
    for text in (b"", b"{", b"null", b"[]", b"\xff\xfe", b"{}" + b" " * 10 + b"x", b"{" + b'"a":[' * 100):
        b.put("manifest.json", text)
        b.pack()
        b.refused("manifest.json")


def features_made_otherwise(b):
    for name, value, word in (("framing", "whole", "framing whole"), ("precision", "f32", "precision f32"),
                              ("views", 8, "views 8"), ("model", {"identity": "c" * 64}, "model cccc")):
        b = Bundle(os.path.dirname(b.path))
        b.sign(**{name: value})
        b.pack()
        b.refused(word, "golden features were made with")


def read_tensors(raw):
    n = struct.unpack("<Q", raw[:8])[0]
    return json.loads(raw[8:8 + n]), raw[8 + n:]


def write_tensors(head, data):
    text = json.dumps(head).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text + data


def tensors_that_do_not_fit(b):
    head, data = read_tensors(b.get("golden.safetensors"))
    changes = [lambda h: h.pop("clip"), lambda h: h.pop("probabilities"),
               lambda h: h["clip"].update(shape=[3, 2, 2]), lambda h: h["clip"].update(shape=[12]),
               lambda h: h["clip"].update(dtype="I32"), lambda h: h["probabilities"].update(shape=[2, 3]),
               lambda h: h["__metadata__"].update(names="[]"), lambda h: h["__metadata__"].update(names="x"),
               lambda h: h["__metadata__"].pop("names"),
               lambda h: h["__metadata__"].update(names=json.dumps(["golden/good_000.jpg"] * 3)),
               lambda h: h["__metadata__"].update(names=json.dumps(["manifest.json", "a", "b"])),
               lambda h: h["__metadata__"].update(names=json.dumps([1, 2, 3]))]
    for change in changes:
        new = json.loads(json.dumps(head))
        change(new)
        b.put("golden.safetensors", write_tensors(new, data))
        b.sign()
        b.pack()
        b.refused("golden")
    b.put("golden.safetensors", write_tensors(head, struct.pack("<f", float("nan")) + data[4:]))
    b.sign()
    b.pack()
    b.refused("golden.safetensors", "not finite")
    for name in ("probe.safetensors", "training.safetensors", "golden.safetensors"):
        b = Bundle(os.path.dirname(b.path))
        b.put(name, b"\xff" * 100)
        b.sign()
        b.pack()
        b.refused(name)


def main():
    tests = [a_script_writes_the_same_bytes, deflated_members_are_read, path_traversal, extra_members,
             missing_members, duplicate_members, swapped_members, changed_order, every_changed_member_is_named,
             declared_size_is_a_lie, zip_bomb, encrypted, zip64, streamed, other_methods, a_comment, packed_anew,
             overlapping_members, headers_that_disagree, other_archives, many_members, future_versions,
             manifests_of_wrong_fields, features_made_otherwise, tensors_that_do_not_fit]
    failed = 0
    print("1..%d" % len(tests))
    for number, test in enumerate(tests, 1):
        with tempfile.TemporaryDirectory(prefix="handful-test-") as folder:
            try:
                test(Bundle(folder))
                print("ok %d %s" % (number, test.__name__.replace("_", "-")), flush=True)
            except Exception:
                failed += 1
                print("not ok %d %s" % (number, test.__name__.replace("_", "-")))
                print("# " + traceback.format_exc().strip().replace("\n", "\n# "), flush=True)
    sys.exit(1 if failed else 0)


main()
