#!/usr/bin/env python3
"""Every C and OpenCL file is as clang-format 14 writes it."""
import pathlib
import shutil
import subprocess
import sys

root = pathlib.Path(sys.argv[1])
# Others, as the plain clang-format of a newer system, write some lines otherwise.
tool = shutil.which("clang-format-14")
if tool is None:
    print("clang-format-14 is not installed")
    sys.exit(77)
files = [p for floor in ("engine", "app", "ui", "tests") for p in (root / floor).rglob("*")
         if p.suffix in (".c", ".h", ".cl")]
sys.exit(subprocess.run([tool, "-n", "-Werror", *map(str, sorted(files))]).returncode)
