#!/usr/bin/env python3
"""Refuses a vector of fixed width in a kernel that every processor compiles.

    check-kernels.py SOURCE_ROOT

Where a processor has no registers of that width PoCL refuses the whole file,
and nothing on a machine with AVX-512 tells. vector.cl has the names for the
device's own width; only its kernels for the instructions of AVX-512 may say 16.
"""
import pathlib
import re
import sys

FREE = ["vector.cl", "int8.cl", "int8-amx.cl", "amx.cl", "bf16.cl", "bf16-amx.cl", "bf16-dot.cl", "bf16-gemm.cl",
        "bf16-planes.cl"]
TYPE = r"(?:as_|convert_)?(?:u?(?:char|short|int|long)|half|float|double)"
WIDE = re.compile(r"\b(?:%s|v(?:load|store)(?:_half)?)(?:8|16)\b" % TYPE)
COMMENT = re.compile(r"/\*.*?\*/", re.S)


def faults(text):
    """(line, name) of each such vector."""
    code = COMMENT.sub(lambda m: re.sub(r"[^\n]", " ", m.group()), text)
    return [(code.count("\n", 0, m.start()) + 1, m.group()) for m in WIDE.finditer(code)]


assert faults("/* float16 */\nfloat4 a;\nfloat16 b = vload16 (0, p);\n") == [(3, "float16"), (3, "vload16")]
kernels = sorted((pathlib.Path(sys.argv[1]) / "engine/compute/kernels/cpu").glob("*.cl"))
found = [f"{path.name}:{line}: {name} is not there on every processor; use floatv and its kin"
         for path in kernels if path.name not in FREE
         for line, name in faults(path.read_text(encoding="utf-8"))]
print("\n".join(found))
sys.exit(1 if found or not kernels else 0)
