#!/usr/bin/env python3
"""Refuses an include that climbs or circles, and says which.

    check-rooms.py SOURCE_ROOT

Floors: ui may include app and engine, app may include engine. Inside the
engine a room includes only the rooms before it in ROOMS. A header named
*-private.h stays in its room. No floor below ui may know GTK.
"""
import pathlib
import re
import sys

FLOORS = ["engine", "app", "ui"]
ROOMS = ["base", "tensor", "compute", "image", "model", "clip", "tuning",
         "features", "probe", "evaluate", "active", "bundle"]
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^">]+)[">]', re.M)
TOOLKIT = re.compile(r"^(gtk|gdk/|adwaita|gsk)")


def room_of(header):
    """The floor and room a quoted include points to."""
    first = header.split("/")[0]
    if first in ROOMS:
        return "engine", first
    if first in FLOORS:
        return first, None
    return None, None


def faults(root):
    for floor in FLOORS:
        for path in sorted((root / floor).rglob("*.[ch]")):
            where = path.relative_to(root)
            room = where.parts[1] if floor == "engine" and len(where.parts) > 2 else None
            for kind, header in INCLUDE.findall(path.read_text(encoding="utf-8")):
                if kind == "<":
                    if floor != "ui" and TOOLKIT.match(header):
                        yield f"{where} includes <{header}>: only ui/ knows the toolkit"
                    continue
                to_floor, to_room = room_of(header)
                if to_floor is None:
                    yield f'{where} includes "{header}", which names no floor or room'
                elif FLOORS.index(to_floor) > FLOORS.index(floor):
                    yield f'{where} includes "{header}": {floor} may not climb to {to_floor}'
                elif room and to_room and ROOMS.index(to_room) > ROOMS.index(room):
                    yield f'{where} includes "{header}": {room} may not climb to {to_room}'
                elif header.endswith("-private.h") and to_room != room:
                    yield f'{where} includes "{header}", which is private to its room'


def circles(root):
    """Headers of one room that include each other in a ring."""
    graph = {}
    for path in (root / "engine").rglob("*.h"):
        graph[str(path.relative_to(root / "engine"))] = [
            h for kind, h in INCLUDE.findall(path.read_text(encoding="utf-8")) if kind == '"']
    done, stack = set(), []

    def walk(node):
        if node in stack:
            yield " -> ".join(stack[stack.index(node):] + [node])
            return
        if node in done:
            return
        stack.append(node)
        for header in graph.get(node, []):
            yield from walk(header)
        stack.pop()
        done.add(node)

    for node in sorted(graph):
        yield from walk(node)


def main():
    root = pathlib.Path(sys.argv[1])
    found = list(faults(root)) + ["a circle of includes: " + c for c in circles(root)]
    for line in found:
        print(line)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
