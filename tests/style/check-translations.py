#!/usr/bin/env python3
"""Refuses a file with strings to translate that po/POTFILES.in does not list,
and one it lists that has none; and what is wrong with a translation, which
translations.py finds.

    check-translations.py SOURCE_ROOT [--write]

With --write it makes the list anew, and po/templates.c: xgettext reads no JSON,
so the titles of the template library stand there for it once more.
"""
import json
import pathlib
import re
import sys

import translations

CALL = re.compile(r"(?<![\w\"])(?:_|N_|C_|NC_|ngettext|dngettext|g_dngettext) ?\(")
MARK = re.compile(r'translatable="yes"|gettext-domain=')
HEAD = "# Files with strings to translate: tests/style/check-translations.py . --write"
LANGUAGE = re.compile(r"\b(setlocale|uselocale|textdomain|bindtextdomain) ?\(")
COMMENT = re.compile(r"/\*.*?\*/", re.S)


def wants(path):
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".c":
        return bool(CALL.search(COMMENT.sub("", text)))
    return path.suffix == ".in" or bool(MARK.search(text))


def broken(root):
    """Macros of formats end a string for xgettext: cast, and write %u."""
    for floor in ("engine", "app", "ui"):
        for path in sorted((root / floor).rglob("*.c")):
            text = COMMENT.sub("", path.read_text(encoding="utf-8"))
            for call in CALL.finditer(text):
                at, depth = call.end(), 1
                while depth and at < len(text):
                    depth += {"(": 1, ")": -1}.get(text[at], 0)
                    at += 1
                if re.search(r"\b(G_\w+_FORMAT|PRI\w+)\b", text[call.start():at]):
                    yield f"{path.relative_to(root)}: a string to translate has a macro in it"


def languages_of_the_line(root):
    """What scripts read from handful-cli is English: only the window has a language."""
    for floor in ("engine", "app"):
        for path in sorted((root / floor).rglob("*.c")):
            for call in LANGUAGE.findall(COMMENT.sub("", path.read_text(encoding="utf-8"))):
                yield f"{path.relative_to(root)} calls {call}: only ui/main.c sets a language"


def files(root):
    for floor in ("engine", "app", "ui"):
        yield from (root / floor).rglob("*.c")
    yield from (root / "ui").rglob("*.ui")
    for pattern in ("*.gschema.xml", "*.desktop.in", "*.metainfo.xml.in"):
        yield from (root / "data/desktop").glob(pattern)
    yield root / "po/templates.c"


def titles(root):
    groups = json.loads((root / "data/templates.json").read_text(encoding="utf-8"))["groups"]
    return "\n".join(["/* Titles of data/templates.json for xgettext: tests/style/check-translations.py . --write */",
                      *(f"N_({json.dumps(group['title'])})" for group in groups), ""])


def listed(root):
    lines = (root / "po/POTFILES.in").read_text(encoding="utf-8").splitlines()
    return {line for line in lines if line and not line.startswith("#")}


def main():
    root = pathlib.Path(sys.argv[1])
    for_xgettext = root / "po/templates.c"
    if "--write" in sys.argv:
        for_xgettext.write_text(titles(root), encoding="utf-8")
    wanted = {str(p.relative_to(root)) for p in files(root) if wants(p)}
    if "--write" in sys.argv:
        (root / "po/POTFILES.in").write_text("\n".join([HEAD, *sorted(wanted), ""]), encoding="utf-8")
    found = [f"po/POTFILES.in lacks {name}" for name in sorted(wanted - listed(root))]
    found += [f"po/POTFILES.in names {name}, which has no strings" for name in sorted(listed(root) - wanted)]
    found += [*broken(root), *languages_of_the_line(root)]
    if for_xgettext.read_text(encoding="utf-8") != titles(root):
        found.append("po/templates.c has not the titles of data/templates.json: --write makes it anew")
    found += translations.faults(root, sorted(wanted))
    for line in found:
        print(line)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
