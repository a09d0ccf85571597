#!/usr/bin/env python3
"""Holds what a desktop reads of Handful against the tools that desktops use,
and against the program: names, MIME types and the marks inside the files.

    check-desktop.py SOURCE_ROOT BUILD_ROOT HANDFUL_CLI

A tool that is not installed is passed over with a word. The checks of our own
need none.
"""
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as tree

ID = "io.github.handful_app.Handful"
MIME = "{http://www.freedesktop.org/standards/shared-mime-info}"


def run_tool(command):
    """What the tool @command complains about."""
    if not shutil.which(command[0]):
        print(f"{command[0]} is not installed: not checked")
        return
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        yield f"{command[0]}: {done.stdout}{done.stderr}"


def tools(root, build):
    desktop = build / "data/desktop"
    yield from run_tool(["desktop-file-validate", str(desktop / f"{ID}.desktop")])
    yield from run_tool(["appstreamcli", "validate", "--no-net", "--pedantic", "--explain",
                         str(desktop / f"{ID}.metainfo.xml")])
    yield from run_tool(["glib-compile-schemas", "--strict", "--dry-run", str(root / "data/desktop")])
    yield from run_tool(["flatpak-builder", "--show-manifest", str(root / "flatpak" / f"{ID}.yml")])


def sources(root):
    """Each archive of the Flatpak has a checksum of its own."""
    text = (root / "flatpak" / f"{ID}.yml").read_text(encoding="utf-8")
    n_archives = len(re.findall(r"type: (?:archive|file)$", text, re.M))
    sums = re.findall(r"^ +sha256: ([0-9a-f]{64})$", text, re.M)
    if n_archives == 0 or len(set(sums)) != n_archives:
        yield f"the Flatpak has {n_archives} archives and {len(set(sums))} checksums"
    if re.search(r"type: git$", text, re.M):
        yield "the Flatpak takes a source from git: it has no checksum"


def types(root, build):
    """The types that the desktop file opens are declared, and are provided."""
    mime = tree.parse(root / f"data/desktop/{ID}.mime.xml").getroot()
    declared = {t.get("type") for t in mime.iter(MIME + "mime-type")}
    text = (build / f"data/desktop/{ID}.desktop").read_text(encoding="utf-8")
    opened = set(re.search(r"^MimeType=(.*);$", text, re.M).group(1).split(";"))
    if opened - declared - {"inode/directory"}:
        yield f"the desktop file opens what no MIME type declares: {opened - declared}"
    info = tree.parse(build / f"data/desktop/{ID}.metainfo.xml").getroot()
    provided = {t.text for t in info.iter("mediatype")}
    if provided != declared:
        yield f"metainfo provides {provided}, declared are {declared}"
    for part in ("id", "launchable"):
        if not info.findtext(part).startswith(ID):
            yield f"metainfo: {part} is not {ID}"


def matches(rule, content):
    """Whether a <match> and one of its children hold."""
    value, offset = rule.get("value"), int(rule.get("offset"))
    if rule.get("type") == "big32":
        wanted = int(value, 16).to_bytes(4, "big")
    else:
        wanted = value.encode().decode("unicode_escape").encode("latin-1")
    if content[offset:offset + len(wanted)] != wanted:
        return False
    inner = rule.findall(MIME + "match")
    return not inner or any(matches(one, content) for one in inner)


def marks(root, cli):
    """A file that the program makes is known without its name."""
    mime = tree.parse(root / f"data/desktop/{ID}.mime.xml").getroot()
    rules = {t.get("type"): t.find(f"{MIME}magic/{MIME}match") for t in mime.iter(MIME + "mime-type")}
    with tempfile.TemporaryDirectory(prefix="handful-desktop-") as folder:
        project = pathlib.Path(folder) / "a.handful"
        subprocess.run([cli, "project", "new", str(project)], check=True, capture_output=True)
        if not matches(rules["application/x-handful-project"], project.read_bytes()[:128]):
            yield "a new project does not bear the mark of its MIME type"
    layout = (root / "engine/bundle/layout.c").read_text(encoding="utf-8")
    first = re.search(r'\[HF_PART_MANIFEST\] = \{"([^"]+)"', layout).group(1)
    header = b"PK\x03\x04" + bytes(26) + first.encode() + b"{"
    if not matches(rules["application/x-handful-probe"], header):
        yield "a bundle does not bear the mark of its MIME type"


def icons(root):
    """Symbolic icons are recoloured by their fill: a stroke would be filled."""
    for path in sorted((root / "ui/icons").rglob("*.svg")):
        svg = tree.parse(path).getroot()
        if path.stem.endswith("-symbolic") and any("stroke" in e.attrib for e in svg.iter()):
            yield f"{path.name}: a symbolic icon has a stroke"
    listed = (root / "ui/handful.gresource.xml").read_text(encoding="utf-8")
    for path in sorted((root / "ui/icons").rglob("*.svg")):
        if f"icons/{path.relative_to(root / 'ui/icons')}" not in listed:
            yield f"{path.name} is not in ui/handful.gresource.xml"


def main():
    root, build, cli = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), sys.argv[3]
    found = [*tools(root, build), *sources(root), *types(root, build), *marks(root, cli), *icons(root)]
    for line in found:
        print(line)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
