"""Drawn copper artwork of printed circuits, as a line camera sees it, sound and with six defects.

    python artwork.py OUT.npz COUNT

A picture shows tracks at right angles or half of that, pads with holes and
filled areas, nearly in two tones, copper dark or copper light: these are two
sets of classes, since a hole in the one looks like copper in the other. No
picture of the set pcb was trained on, but the drawing was made after looking at
some.
"""
import sys

import numpy as np
from PIL import Image, ImageDraw

DEFECTS = ("good", "open", "short", "mousebite", "spur", "pinhole", "copper")
SIDE_PX, FINE, TRIES = 144, 3, 60
SETS = ("artwork, copper dark", "artwork, copper light")
HEADINGS = ((1, 0), (0, 1), (1, 1), (1, -1))


class Board:
    """The drawing at FINE times the size; copper is 255."""

    def __init__(self, rng):
        self.rng, self.side = rng, SIDE_PX * FINE
        self.image = Image.new("L", (self.side, self.side), 0)
        self.pen = ImageDraw.Draw(self.image)
        self.width = np.exp(rng.uniform(np.log(5), np.log(28))) * FINE
        self.pitch = self.width * rng.uniform(1.5, 3.0)
        self.grain = min(self.width, 13 * FINE)     # damage does not grow with the tracks
        self.tracks = []                # (point, point) of straight pieces
        for _ in range(int(rng.integers(1, 4))):
            self.bundle()
        for _ in range(int(rng.integers(0, 5))):
            self.pad(rng.uniform(0, self.side, 2))
        for _ in range(int(rng.integers(0, 3))):
            self.area()

    def bundle(self):
        """Parallel tracks with one bend."""
        rng = self.rng
        ahead = np.array(HEADINGS[int(rng.integers(4))], float)
        ahead /= np.linalg.norm(ahead)
        aside = np.array([-ahead[1], ahead[0]])
        turned = (ahead + aside * rng.choice([-1, 0, 1])) if rng.random() < 0.7 else ahead
        start = rng.uniform(0.2, 0.8, 2) * self.side
        for k in range(int(rng.integers(1, 5))):
            bend = start + aside * self.pitch * k
            for end in (bend - ahead * 2 * self.side, bend + turned * 2 * self.side):
                self.line(bend, end, self.width)
                self.tracks.append((bend, end))
            if rng.random() < 0.2:
                self.pad(bend)

    def line(self, a, b, width, tone=255):
        self.pen.line([tuple(a), tuple(b)], fill=tone, width=max(1, int(width)))
        self.dot(a, width / 2, tone)

    def dot(self, at, radius, tone):
        self.pen.ellipse((at[0] - radius, at[1] - radius, at[0] + radius, at[1] + radius), fill=tone)

    def blot(self, at, radius, tone):
        """A spot without a neat outline, round or long."""
        turn = np.sort(self.rng.uniform(0, 2 * np.pi, 9))
        far = radius * self.rng.uniform(0.65, 1.25, 9)
        long, lies = np.exp(self.rng.uniform(0, 0.5)), self.rng.uniform(0, np.pi)
        x, y = far * np.cos(turn) * long, far * np.sin(turn) / long
        x, y = at[0] + x * np.cos(lies) - y * np.sin(lies), at[1] + x * np.sin(lies) + y * np.cos(lies)
        self.pen.polygon(list(zip(x, y)), fill=tone)

    def pad(self, at):
        radius = self.width * self.rng.uniform(0.9, 1.6)
        self.dot(at, radius, 255)
        if self.rng.random() < 0.6:
            self.dot(at, radius * self.rng.uniform(0.3, 0.5), 0)

    def area(self):
        x, y = self.rng.uniform(0, self.side, 2)
        self.pen.rectangle((x, y, x + self.rng.uniform(0.3, 0.8) * self.side, y + self.rng.uniform(0.3, 0.8) * self.side), fill=255)

    def tone(self, at):
        x, y = int(at[0]), int(at[1])
        return self.image.getpixel((x, y)) if 0 <= x < self.side and 0 <= y < self.side else -1

    def spot(self):
        """A place on a track near the middle: (point, unit along, unit across), or None."""
        a, b = self.tracks[int(self.rng.integers(len(self.tracks)))]
        along = (b - a) / np.linalg.norm(b - a)
        at = a + along * self.rng.uniform(0, 0.7) * self.side
        if np.abs(at - self.side / 2).max() > 0.3 * self.side:
            return None
        return at, along, np.array([-along[1], along[0]]) * self.rng.choice([-1, 1])

    def free(self, at, radius):
        """Whether no copper lies within the radius."""
        return all(self.tone(at + radius * np.array([np.cos(t), np.sin(t)])) == 0 for t in np.arange(8) * np.pi / 4) and self.tone(at) == 0

    def harm(self, name):
        """Draws one defect; False where there is no room for it."""
        rng, w, g = self.rng, self.width, self.grain
        if name == "copper":
            at, radius = self.side * rng.uniform(0.25, 0.75, 2), g * rng.uniform(0.25, 0.7)
            if self.free(at, radius * 1.6):
                self.blot(at, radius, 255)
                return True
            return False
        found = self.spot()
        if found is None:
            return False
        at, along, across = found
        edge = at + across * w * 0.5
        if name == "pinhole":
            self.blot(at + across * w * rng.uniform(-0.1, 0.1), g * rng.uniform(0.15, 0.33), 0)
            return True
        if name == "open":
            gap = g * rng.uniform(0.2, 0.9)
            self.pen.line([tuple(at - across * w * 0.62), tuple(at + across * w * 0.62)], fill=0, width=max(2, int(gap)))
            return True
        if self.tone(edge + across * w * 0.25) != 0:
            return False
        if name == "mousebite":
            self.blot(edge, g * rng.uniform(0.25, 0.5), 0)
            return True
        if name == "spur":
            self.blot(edge + across * g * 0.1, g * rng.uniform(0.22, 0.5), 255)
            return self.tone(edge + across * self.pitch * 0.45) == 0
        over = edge + across * (self.pitch - w)         # short
        if self.tone(over + across * w * 0.3) != 255:
            return False
        self.line(edge - across * w * 0.2, over + across * w * 0.2, g * rng.uniform(0.25, 0.8))
        return True


def rough(field, rng):
    """Two tones with frayed edges, as a camera makes them that knows no others."""
    frayed = np.kron(rng.normal(0, 1, (SIDE_PX // 2,) * 2), np.ones((2, 2))) + rng.normal(0, 1, field.shape)
    return (field + rng.uniform(0.05, 0.2) * frayed * (np.abs(field - 0.5) < 0.5) > 0.5).astype(np.float32)


def draw(seed, name, copper_dark):
    """uint8[SIDE_PX][SIDE_PX][3] of one picture."""
    rng = np.random.default_rng([seed, 71])
    board = Board(rng)
    for _ in range(TRIES):
        if name == "good" or board.harm(name):
            break
        board = Board(rng)
    field = np.asarray(board.image.reduce(FINE), np.float32) / 255
    field = rough(field, rng) if rng.random() < 0.6 else field
    field = 1 - field if copper_dark else field
    low, high = rng.uniform(0, 0.15), rng.uniform(0.8, 1)
    field = low + (high - low) * field + rng.normal(0, 0.01, field.shape)
    return np.repeat((np.clip(field, 0, 1) * 255).astype(np.uint8)[..., None], 3, 2)


def main():
    out, count = sys.argv[1], int(sys.argv[2])
    names = [(s, d) for s in SETS for d in DEFECTS]
    kinds = np.arange(count) % len(names)
    x = [draw(k, names[kind][1], names[kind][0] == SETS[0]) for k, kind in enumerate(kinds)]
    np.savez(out, x=np.stack(x), y=kinds, names=np.array(names))


if __name__ == "__main__":
    main()
