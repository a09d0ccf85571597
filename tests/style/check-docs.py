#!/usr/bin/env python3
"""Refuses a page under docs/ that names a function, type, file or folder which
is not there, and says which.

    check-docs.py SOURCE_ROOT
"""
import pathlib
import re
import sys

CODE = re.compile(r"`([^`\n]+)`")
NAME = re.compile(r"^(hf_\w+|Hf[A-Z]\w+|HF_\w+)$")
# What begins with a folder of the source is a path in it.
PATH = re.compile(r"^(engine|app|ui|data|po|tests|flatpak|docs)/[\w./-]*$")


def faults(root):
    headers = "\n".join(p.read_text(encoding="utf-8") for floor in ("engine", "app", "ui")
                        for p in (root / floor).rglob("*.h"))
    known = set(re.findall(r"\w+", headers))
    for page in sorted((root / "docs").glob("*.md")):
        for number, line in enumerate(page.read_text(encoding="utf-8").splitlines(), 1):
            for word in CODE.findall(line):
                if NAME.match(word) and word not in known:
                    yield f"{page.name}:{number}: no header declares {word}"
                if PATH.match(word) and not (root / word).exists():
                    yield f"{page.name}:{number}: there is no {word}"


def main():
    found = list(faults(pathlib.Path(sys.argv[1])))
    for line in found:
        print(line)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
