#!/usr/bin/env python3
"""Makes many small pictures of three kinds, for trying large folders.

    make-pictures.py OUT COUNT [DRAWN]

OUT/CLASS/LOT__NNNNNN.png, 72 px: a disc on a plain ground (good), one with a
line across it (scratched), one with speckles (rusty); size, place, colour and
noise by a seed. A thousand a lot. With DRAWN only so many are drawn: the others
have the pixels of one of them and bytes of their own, which is enough where
nothing learns from them. Standard library only; a few minutes for 100,000.
"""
import os
import random
import struct
import sys
import zlib

SIDE_PX = 72
CLASSES = ("good", "scratched", "rusty")


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(rows):
    head = struct.pack(">IIBBBBB", SIDE_PX, SIDE_PX, 8, 2, 0, 0, 0)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) +
            chunk(b"IDAT", zlib.compress(b"".join(b"\0" + bytes(r) for r in rows), 1)) + chunk(b"IEND", b""))


def spans(y, cx, cy, radius):
    """First and last column of the disc in row y, or None."""
    d = radius * radius - (y - cy) ** 2
    if d < 0:
        return None
    w = int(d ** 0.5)
    return max(cx - w, 0), min(cx + w, SIDE_PX - 1)


def draw(rng, kind):
    cx, cy, radius = rng.randrange(28, 44), rng.randrange(28, 44), rng.randrange(18, 27)
    ground = bytes(rng.randrange(20, 110) for _ in range(3))
    metal = rng.randrange(140, 210)
    rows = []
    for y in range(SIDE_PX):
        row = bytearray(ground * SIDE_PX)
        span = spans(y, cx, cy, radius)
        if span:
            shade = min(255, metal + y - cy)
            row[3 * span[0]:3 * span[1] + 3] = bytes((shade,)) * (3 * (span[1] - span[0] + 1))
        rows.append(row)
    if kind == "scratched":
        x, slope = cx - radius * 0.7, rng.uniform(-0.6, 0.6)
        for step in range(int(radius * 1.4)):
            px, py = int(x + step), int(cy + slope * (step - radius * 0.7))
            rows[py][3 * px:3 * px + 3] = b"\x20\x20\x20"
    elif kind == "rusty":
        for _ in range(rng.randrange(60, 160)):
            px, py = cx + rng.randrange(-14, 15), cy + rng.randrange(-14, 15)
            rows[py][3 * px:3 * px + 3] = bytes((rng.randrange(110, 160), 60, 25))
    # Every file differs from every other, as photographs do.
    for _ in range(12):
        rows[rng.randrange(SIDE_PX)][rng.randrange(3 * SIDE_PX)] = rng.randrange(256)
    return png(rows)


def number(picture, i):
    """The same picture in a file that differs: a comment before its end."""
    end = picture.rindex(b"IEND") - 4
    return picture[:end] + chunk(b"tEXt", b"Comment\0%d" % i) + picture[end:]


def main():
    out, count = sys.argv[1], int(sys.argv[2])
    n_drawn = int(sys.argv[3]) if len(sys.argv) > 3 else count
    # As many of each kind, so that a picture keeps its own.
    n_drawn = max(n_drawn - n_drawn % len(CLASSES), len(CLASSES))
    drawn = []
    for name in CLASSES:
        os.makedirs(os.path.join(out, name), exist_ok=True)
    for i in range(count):
        kind = CLASSES[i % len(CLASSES)]
        path = os.path.join(out, kind, "lot%03d__%06d.png" % (i // 1000, i))
        if i < n_drawn:
            picture = draw(random.Random(i), kind)
            if n_drawn < count:
                drawn.append(picture)
        else:
            picture = number(drawn[i % n_drawn], i)
        with open(path, "wb") as f:
            f.write(picture)


if __name__ == "__main__":
    main()
