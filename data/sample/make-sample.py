#!/usr/bin/env python3
"""Makes the sample pictures and the lists beside them, always the same.

    make-sample.py RECIPE OUT [JOBS]

RECIPE is the folder with the starter model's renderer (rings.py; numpy and
pillow), OUT gets rings/LOT__NN.jpg, truth.csv and given.csv. The
seeds, from 900,000,000 on, were in no training. A lot has a bench, lamps and a
kind of ring of its own, and its own mix of defects, as real lots have: rust
comes from the damp store of lots 12 and 23, cracks from the press of lots 11
and 19. A split that ignores lots therefore shows too good a number.
"""
import csv
import multiprocessing
import os
import random
import sys

CLASSES = ("good", "rusty", "cracked", "scratched")
SEED, SIZE_PX, QUALITY = 900_000_000, 448, 75
# name: station's seed, kind of ring, bench, lamps, pictures of each class
LOTS = {
    "lot07": (SEED, "outer", "conveyor", "tubes", (16, 2, 4, 9)),
    "lot11": (SEED + 102, "plain", "green", "softbox", (12, 3, 11, 5)),
    "lot12": (SEED + 201, "inner", "table", "lamp", (11, 12, 4, 4)),
    "lot15": (SEED + 301, "thrust", "tray", "window", (14, 4, 4, 9)),
    "lot19": (SEED + 404, "outer", "granite", "softbox", (13, 3, 10, 5)),
    "lot20": (SEED + 601, "plain", "metal", "tubes", (14, 3, 5, 9)),
    "lot23": (SEED + 501, "inner", "cardboard", "window", (11, 11, 4, 5)),
    "lot26": (SEED + 701, "inner", "white", "window", (12, 7, 6, 6)),
}
# What is no ring, to be found as unknown: lot, kind.
STRANGERS = (("lot07", "nut"), ("lot15", "nothing"), ("lot23", "cap"))
# A second shot of the picture before it: lots.
SHOT_TWICE = ("lot07", "lot12", "lot20", "lot23")
TORN = "lot19"
# Labels given from the start: two a class, from two lots, and two that are wrong.
GIVEN_LOTS = ("lot07", "lot12")
WRONG = (("lot11", "cracked", "good"), ("lot23", "rusty", "scratched"))


def plan():
    """Rows (name, lot, kind of part, seed, class, remark) in the order of their names."""
    rows, seed = [], SEED + 10_000
    for lot, (_, kind, _, _, counts) in LOTS.items():
        shots = [(kind, name) for name, n in zip(CLASSES, counts) for _ in range(n)]
        shots += [(what, "good") for at, what in STRANGERS if at == lot]
        random.Random(f"order of {lot}").shuffle(shots)
        twice = next((i for i, shot in enumerate(shots) if shot[0] == kind and i > 6), 0) if lot in SHOT_TWICE else -1
        number = 1
        for i, (what, name) in enumerate(shots):
            seed += 1
            label = name if what == kind else ""
            rows.append((f"rings/{lot}__{number:02d}.jpg", lot, what, seed, label, "" if label else f"no ring: {what}"))
            if i == twice:
                first = f"{lot}__{number:02d}.jpg"
                number += 1
                rows.append((f"rings/{lot}__{number:02d}.jpg", lot, what, seed, label, f"second shot of {first}"))
            number += 1
        if lot == TORN:
            rows.append((f"rings/{lot}__{number:02d}.jpg", lot, kind, seed, "", "cannot be read: torn off while it was copied"))
    return rows


def draw(job):
    out, (name, lot, what, seed, label, remark) = job
    import numpy as np
    from PIL import Image
    import rings
    station_seed, kind, bench, lamps, _ = LOTS[lot]
    station = rings.Station(station_seed, kind, bench, lamps, "steel")
    if what != kind:
        own = rings.Station(station_seed, what, bench, lamps, "steel")
        station.kind, station.inner, station.height = what, min(own.inner, 0.6), min(own.height, 0.2)
    station.close, station.fill, station.distance = 0, 0.8, 7
    station.grain = min(station.grain, 0.007)
    path = os.path.join(out, name)
    picture, _ = rings.photo(seed, SIZE_PX, label or "good", station)
    image = Image.fromarray(picture)
    if remark.startswith("second shot"):        # a moment later, a hair aside
        image = image.crop((1, 0, SIZE_PX, SIZE_PX - 1)).resize((SIZE_PX, SIZE_PX), Image.Resampling.BICUBIC)
    image.save(path, quality=QUALITY, optimize=True)
    if remark.startswith("cannot be read"):
        with open(path, "r+b") as file:
            file.truncate(600)
    return name


def write(path, header, rows):
    with open(path, "w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(header)
        out.writerows(rows)


def given(rows):
    """Rows of given.csv, and remarks on the two of them that are wrong."""
    found, wrong, used = [], {}, set()
    for name in CLASSES:
        for lot in GIVEN_LOTS:
            row = next(r for r in rows if r[1] == lot and r[4] == name and not r[5])
            found.append((row[0], name, lot))
            used.add(row[0])
    for lot, true, said in WRONG:
        row = next(r for r in rows if r[1] == lot and r[4] == true and not r[5] and r[0] not in used)
        found.append((row[0], said, lot))
        wrong[row[0]] = f"given as {said}, which is wrong"
    return sorted(found), wrong


def main():
    recipe, out = sys.argv[1:3]
    sys.path.insert(0, recipe)
    os.makedirs(os.path.join(out, "rings"), exist_ok=True)
    rows = plan()
    labels, wrong = given(rows)
    write(os.path.join(out, "truth.csv"), ("path", "label", "group", "remark"),
          [(r[0], r[4], r[1], wrong.get(r[0], r[5])) for r in rows])
    write(os.path.join(out, "given.csv"), ("path", "label", "group"), labels)
    with multiprocessing.Pool(int(sys.argv[3]) if len(sys.argv) > 3 else 1) as pool:
        for name in pool.imap_unordered(draw, [(out, row) for row in rows]):
            print(name, flush=True)


if __name__ == "__main__":
    main()
