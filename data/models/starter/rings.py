"""Photographs of bearing rings, cast ray by ray (numpy + Pillow).

    picture, facts = photo(seed, size, defect)
    picture, facts = photo(seed, size, defect, station=Station(7))

A ring is a solid of revolution under a perspective camera: every ray meets its
face, its outer or its inner wall, or the bench, all by formula. Metal mirrors a
drawn room with lamps, spread across the marks of the lathe, which gives turned
faces their fans of light. The camera adds depth of field, grain, sharpening
and its tone curve.

Lengths are in outer radii. The profile of a ring is unrolled: s runs up the
inner wall, over the face and down the outer wall (s = inner radius and s = 1
are the edges), so that rust and cracks go over the edges. Light is linear until
the camera. A station (bench, lamps, camera, kind of ring) depends on its own
seed: pictures of one lot share it. The scene depends on `seed` alone and the
damage on `seed` and `defect`: photo(s, n, "good") and photo(s, n, "rusty")
show the same ring.

    python rings.py sheet OUT.png [size] [seed]     contact sheet for the eye
"""
import copy
import sys

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from render import BANK, bank, step

F = np.float32
ROOM = 128              # pixels of the map of the room
REACH = F(1.2)          # its radius in paraboloid coordinates
KINDS = ["outer", "inner", "thrust", "plain"]       # by name also "nut", "cap" and "nothing", as strangers among rings
FLAT = F(0.88)          # where the flats of a nut are
BENCHES = ["conveyor", "table", "white", "dark", "tray", "metal", "floor", "green", "granite", "cardboard"]
LAMPS = ["softbox", "tubes", "window", "lamp", "dome"]
# What captions call them: name of the light by lamps, name of the place by bench.
LIGHT_NAMES = {"softbox": "studio", "tubes": "factory", "window": "daylight", "lamp": "warm", "dome": "studio"}
PLACE_NAMES = {"granite": "dark", "cardboard": "table"}
METAL = {"steel": ((0.60, 0.60, 0.59), "silver"), "black steel": ((0.10, 0.105, 0.115), "black"),
         "brass": ((0.72, 0.53, 0.24), "golden")}


class Station:
    """Where a lot is photographed, and what kind of ring it is."""

    def __init__(self, seed, kind=None, bench=None, lamps=None, metal=None):
        rng = np.random.default_rng([int(seed), 21])
        self.kind = kind or KINDS[int(rng.choice(4, p=[0.3, 0.25, 0.25, 0.2]))]
        self.bench = bench or BENCHES[int(rng.integers(len(BENCHES)))]
        self.lamps = lamps or LAMPS[int(rng.integers(len(LAMPS)))]
        self.metal = metal or ["steel", "black steel", "brass"][int(rng.choice(3, p=[0.82, 0.11, 0.07]))]
        self.inner = rng.uniform(0.66, 0.80) if self.kind == "outer" else rng.uniform(0.5, 0.7)
        if self.kind in ("cap", "nothing"):
            self.inner = 0.02
        self.close = 0.12                           # share of close-ups
        self.height = rng.uniform(0.10, 0.22) if self.kind in ("thrust", "plain") else rng.uniform(0.22, 0.45)
        self.chamfer = rng.uniform(0.015, 0.045)
        self.land = rng.uniform(0.25, 0.75)         # where a step or a groove of the face lies
        self.style = int(rng.integers(3))           # of the face: flat, stepped, with a seal groove
        self.matt = rng.uniform(0.05, 0.30)         # share of light that a surface scatters
        self.spread = rng.uniform(0.10, 0.42)       # slope of the lathe's marks
        self.gloss = rng.uniform(0.012, 0.05)       # blur of the mirrored room
        self.text = "%s%d%d%s" % (rng.choice(["62", "63", "60", "NU3", "320", "511"]), rng.integers(0, 3), rng.integers(0, 9),
                                  rng.choice(["", " C3", "-2RS", " P6", "-Z"]))
        self.ground = rng.uniform(0, 0.10) if rng.random() < 0.7 else 0.0   # depth of the grinder's strokes over the face
        self.engraved = rng.random() < 0.6
        self.azimuth = np.pi / 2 + rng.normal(0, 1.1)    # behind the ring, as seen from the camera, most of the time
        self.tilt = np.radians(rng.uniform(48, 84))
        self.distance = rng.uniform(5, 9)
        self.fill = rng.uniform(0.52, 0.80)         # diameter of the ring as a share of the picture
        self.tint = np.array({"softbox": (1, 1, 1), "tubes": (0.95, 1.0, 0.94), "window": (0.94, 0.99, 1.08), "lamp": (1.16, 0.98, 0.74),
                              "dome": (1, 1, 1.02)}[self.lamps], F) * (1 + 0.025 * rng.normal(size=3)).astype(F)
        self.key = {"softbox": 0.55, "tubes": 0.45, "window": 0.6, "lamp": 0.78, "dome": 0.22}[self.lamps] * rng.uniform(0.85, 1.1)
        self.grain = rng.uniform(0.004, 0.022)
        self.focus = rng.uniform(0.0, 1.0) ** 2 * 0.05
        self.expose = rng.uniform(0.36, 0.56)
        self.corner = rng.uniform(0.0, 0.35)
        self.seed = int(seed)


# ---------------------------------------------------------------- fields
def sample(field, x, y):
    """Bilinear, wrapping; x and y in pixels of the field."""
    h, w = field.shape[:2]
    i, j = np.floor(y).astype(np.int32), np.floor(x).astype(np.int32)
    a, b = (y - i).astype(F), (x - j).astype(F)
    i0, j0, i1, j1 = i % h, j % w, (i + 1) % h, (j + 1) % w
    if field.ndim == 3:
        a, b = a[..., None], b[..., None]
    return (field[i0, j0] * (1 - b) + field[i0, j1] * b) * (1 - a) + (field[i1, j0] * (1 - b) + field[i1, j1] * b) * a


def rough_at(rng, kind, x, y, per_unit, stretch=1.0):
    """Noise over the plane: per_unit pixels of its bank in one unit of x, stretch of them in y."""
    ox, oy = rng.integers(0, BANK, 2)
    return sample(bank(kind)[:BANK, :BANK], x * F(per_unit) + F(ox), y * F(per_unit * stretch) + F(oy))


def blurred(picture, sigma):
    """Blurs a picture, mirrored at its edges."""
    k = min(int(4 * sigma) + 1, picture.shape[0] - 1)
    pad = ((k, k), (k, k), (0, 0))[:picture.ndim]
    return gauss(np.pad(picture, pad, mode="reflect"), sigma)[k:-k, k:-k]


def gauss(field, sigma):
    """Blurs float[h][w] or [h][w][3] by FFT; the edges wrap."""
    if sigma < 0.2:
        return field
    h, w = field.shape[:2]
    fy, fx = np.fft.fftfreq(h)[:, None], np.fft.rfftfreq(w)[None]
    power = np.exp(-2 * (np.pi * sigma) ** 2 * (fx * fx + fy * fy))
    if field.ndim == 3:
        power = power[..., None]
    return np.fft.irfft2(np.fft.rfft2(field, axes=(0, 1)) * power, s=(h, w), axes=(0, 1)).astype(F)


# ---------------------------------------------------------------- the room
def room(station, rng):
    """Light from every upper direction, float[ROOM][ROOM][3], and the key lamp's direction."""
    axis = ((np.arange(ROOM, dtype=F) + F(0.5)) * F(2 / ROOM) - 1) * REACH
    px, py = np.meshgrid(axis, axis)
    r2 = px * px + py * py
    z, x, y = (1 - r2) / (1 + r2), 2 * px / (1 + r2), 2 * py / (1 + r2)
    wall, ceiling = rng.uniform(0.10, 0.30), rng.uniform(0.22, 0.5)
    light = F(wall) + F(ceiling - wall) * step(0.1, 0.9, z)
    thing = rough_at(rng, "mid", px, py, 90)
    light = light * (1 - F(rng.uniform(0.2, 0.75)) * step(0.1, 0.8, thing) * (1 - step(0.35, 0.75, z)))
    light = np.broadcast_to(light[..., None], (ROOM, ROOM, 3)) * (1 + F(0.08) * rng.normal(size=3).astype(F))

    def lamp(azimuth, height, a, b, power, bars=0, soft=0.03):
        c, s = np.cos(height), np.sin(height)
        l = np.array([np.cos(azimuth) * c, np.sin(azimuth) * c, s])
        side = np.array([-np.sin(azimuth), np.cos(azimuth), 0])
        up = np.cross(l, side)
        front = np.maximum(x * l[0] + y * l[1] + z * l[2], F(0.02))
        p, q = (x * side[0] + y * side[1]) / front, (x * up[0] + y * up[1] + z * up[2]) / front
        m = (1 - step(a - soft, a + soft, np.abs(p))) * (1 - step(b - soft, b + soft, np.abs(q))) * (front > 0.03)
        if bars:
            m = m * (1 - F(0.85) * ((np.abs(np.mod(p / F(a) * bars * F(0.5), 1) - F(0.5)) > 0.44) | (np.abs(q) < 0.03 * b)))
        return m[..., None] * F(power), l

    az = station.azimuth
    if station.lamps == "softbox":
        m, key = lamp(az, rng.uniform(0.75, 1.15), rng.uniform(0.3, 0.6), rng.uniform(0.2, 0.5), rng.uniform(2.2, 4))
        light = light + m + lamp(az + rng.uniform(1.5, 4), rng.uniform(0.3, 0.8), 0.3, 0.2, rng.uniform(0.3, 1.2))[0]
    elif station.lamps == "tubes":
        m, key = lamp(az, rng.uniform(0.9, 1.25), 1.8, rng.uniform(0.04, 0.08), rng.uniform(7, 12))
        light = light + m
        for k in range(1, int(rng.integers(2, 4))):
            light = light + lamp(az + np.pi * (k % 2), 1.25 - 0.35 * k, 1.8, 0.05, rng.uniform(5, 9))[0]
    elif station.lamps == "window":
        m, key = lamp(az, rng.uniform(0.45, 0.8), rng.uniform(0.4, 0.8), rng.uniform(0.3, 0.5), rng.uniform(3, 5), bars=int(rng.integers(2, 5)))
        light = light * F(0.8) + m
    elif station.lamps == "lamp":
        m, key = lamp(az, rng.uniform(0.7, 1.1), 0.14, 0.14, rng.uniform(22, 40))
        light = light * F(0.9) + m
    else:
        light = light * F(0.5) + F(1.0) * step(0.0, 0.35, z)[..., None]
        key = np.array([np.cos(az) * 0.4, np.sin(az) * 0.4, 0.82])
        light = light * (1 + F(0.35) * (x * F(key[0]) + y * F(key[1])))[..., None]
    eye = np.array([0, -np.cos(station.tilt), np.sin(station.tilt)])
    near = x * F(eye[0]) + y * F(eye[1]) + z * F(eye[2])
    light = light * (1 - F(0.75) * step(0.965, 0.992, near))[..., None]     # the camera mirrors itself
    return (light * station.tint).astype(F), key / np.linalg.norm(key)


# ---------------------------------------------------------------- the profile
def profile(station, rng):
    """Slope and occlusion over s, and the scale to look them up."""
    lo, hi, k = station.inner - station.height, 1 + station.height, 4096
    s = np.linspace(lo, hi, k)
    slope, open_to = np.zeros(k), np.ones(k)
    inner, height, c = station.inner, station.height, station.chamfer
    width = 1 - inner

    def edge(at, sign, before, after):
        """A chamfer of 45 degrees on both sides of an edge of the unrolled profile."""
        a, b = (s > at - before) & (s <= at), (s > at) & (s < at + after)
        slope[a] -= sign * np.clip((s[a] - (at - before)) / before * 2.2, 0, 1)
        slope[b] += sign * np.clip((at + after - s[b]) / after * 2.2, 0, 1)

    def groove(at, half, deep):
        m = np.abs(s - at) < half
        t = (s[m] - at) / half
        slope[m] += deep * t / np.sqrt(1.25 - t * t)
        open_to[m] *= 0.62 + 0.38 * np.abs(t)

    edge(1, 1, c, c)
    edge(inner, 1, c, c)
    edge(1 + height - c / 2, 1, c / 2, c / 2)
    edge(inner - height + c / 2, 1, c / 2, c / 2)
    if station.kind == "outer":
        groove(inner - height * 0.5, height * 0.27, 1.0)
    elif station.kind == "inner":
        groove(1 + height * 0.5, height * 0.27, 1.0)
    elif station.kind == "thrust":
        groove(inner + width * 0.5, width * rng.uniform(0.22, 0.30), 0.75)
    if station.kind != "thrust" and station.style == 1:
        at = inner + width * station.land
        slope[np.abs(s - at) < 0.02] -= 1.1
    elif station.kind != "thrust" and station.style == 2:
        at, half = inner + width * station.land, 0.028
        slope[(s > at - half) & (s < at - half * 0.6)] -= 2
        slope[(s > at + half * 0.6) & (s < at + half)] += 2
        open_to[np.abs(s - at) < half] *= 0.45
    sharp = np.minimum(np.abs(s - 1), np.abs(s - inner)) < 8 * (s[1] - s[0])        # there the slope turns about
    slope = np.where(sharp, slope, np.convolve(slope, np.ones(9) / 9, "same"))
    marks = rng.normal(size=k) * 0.5 + np.repeat(rng.normal(size=k // 8), 8) * 0.7 + np.repeat(rng.normal(size=k // 64), 64) * 0.4
    t_in, t_out = np.clip((inner - s) / height, 0, 1), np.clip((s - 1) / height, 0, 1)
    open_to *= (1 - 0.6 * t_in) * (1 - 0.45 * t_out)
    return slope.astype(F), open_to.astype(F), marks.astype(F), lo, (k - 1) / (hi - lo)


# ---------------------------------------------------------------- damage
class Skin:
    """What lies on the unrolled surface: pixels over [-reach, reach]^2."""

    def __init__(self, station, pixels):
        self.reach = 1 + station.height * 1.02
        self.pixels = int(pixels)
        axis = ((np.arange(self.pixels, dtype=F) + F(0.5)) * F(2 / self.pixels) - 1) * F(self.reach)
        self.u, self.v = np.meshgrid(axis, axis)
        self.r = np.hypot(self.u, self.v)
        self.inner = station.inner
        self.height = station.height
        self.lift = np.zeros((self.pixels, self.pixels), F)
        self.layers = []            # (cover, colour, how much of the mirror is left)
        self.seen = np.zeros((0, 2), F)     # places of the face, as (s, angle), that the picture shows

    def place(self, rng):
        """A place of the face that the picture shows, as (s, angle)."""
        if not len(self.seen):
            return rng.uniform(self.inner, 1), rng.uniform(0, 2 * np.pi)
        s, phi = self.seen[int(rng.random() * len(self.seen))]
        return float(s), float(phi)

    def to_pixels(self, points):
        return [((x / self.reach + 1) * 0.5 * self.pixels, (y / self.reach + 1) * 0.5 * self.pixels) for x, y in points]

    def strokes(self, paths):
        """Coverage of poly-lines [(points, widths)], drawn twice as fine."""
        image = Image.new("L", (self.pixels * 2, self.pixels * 2), 0)
        pen = ImageDraw.Draw(image)
        per_unit = self.pixels / self.reach
        for points, widths in paths:
            xy = [(x * 2, y * 2) for x, y in self.to_pixels(points)]
            for i in range(len(xy) - 1):
                w = widths[min(i, len(widths) - 1)] * per_unit
                pen.line([xy[i], xy[i + 1]], fill=255 if w >= 1 else max(int(255 * w), 40), width=max(1, int(round(w))))
                if w > 2.5:
                    pen.ellipse((xy[i][0] - w / 2, xy[i][1] - w / 2, xy[i][0] + w / 2, xy[i][1] + w / 2), fill=255)
        return np.asarray(image.reduce(2), dtype=F) * F(1 / 255)

    def noise(self, rng, kind, per_unit):
        return rough_at(rng, kind, self.u, self.v, per_unit)

    def soft(self, field, sigma_units):
        return gauss(field, sigma_units * self.pixels / (2 * self.reach))


def polar(s, phi):
    return s * np.cos(phi), s * np.sin(phi)


def handled(skin, rng):
    """What a sound ring shows too: faint rubs of handling, dust, a film of oil."""
    paths = []
    for _ in range(int(rng.integers(0, 14))):
        x, y = polar(rng.uniform(skin.inner, 1), rng.uniform(0, 2 * np.pi))
        a, length = rng.uniform(0, np.pi), rng.uniform(0.02, 0.09)
        paths.append(([(x, y), (x + np.cos(a) * length, y + np.sin(a) * length)], [0.0025]))
    skin.layers.append((skin.strokes(paths) * F(0.25), np.array([0.45, 0.45, 0.45], F), 0.9))
    film = step(0.2, 1.6, skin.noise(rng, "soft", 60)) * F(rng.uniform(0, 0.25))
    skin.layers.append((film, np.array([0.16, 0.15, 0.13], F), 0.8))
    dust = step(2.9, 3.4, skin.noise(rng, "rough", 330)) * F(rng.uniform(0, 0.5))
    skin.layers.append((dust, np.array([0.5, 0.48, 0.44], F), 0.3))


def rusty(skin, rng):
    field = F(0.8) * skin.noise(rng, "soft", rng.uniform(30, 90)) + F(0.6) * skin.noise(rng, "mid", rng.uniform(60, 140)) + \
        F(0.35) * skin.noise(rng, "rough", 260)
    edge = np.minimum(np.abs(skin.r - 1), np.abs(skin.r - F(skin.inner)))
    field = field + F(rng.uniform(0, 0.8)) * np.exp(-edge * F(14))
    face = (skin.r > skin.inner - 0.05) & (skin.r < 1.05)
    share = rng.uniform(0.06, 0.30) if rng.random() < 0.6 else rng.uniform(0.3, 0.9)
    at = F(np.quantile(field[face][::7], 1 - share))
    film, core = step(at - 0.35, at + 0.25, field), step(at + 0.05, at + 0.6, field)
    spots = step(1.9, 2.5, skin.noise(rng, "rough", 150) + F(0.5) * (field - at)) * step(at - 1.3, at - 0.2, field)
    tone = np.clip(F(0.5) + F(0.28) * skin.noise(rng, "rough", 240) + F(0.16) * skin.noise(rng, "mid", 110), 0, 1)[..., None]
    old = rng.uniform(0, 1)
    dark = np.array([0.085, 0.030, 0.014], F) * F(1.3 - 0.6 * old)
    orange = np.array([0.43, 0.155, 0.040], F) * F(1.05 - 0.4 * old)
    yellow = np.array([0.50, 0.255, 0.085], F)
    skin.layers.append((film * F(rng.uniform(0.55, 0.85)), orange * F(0.55) + yellow * F(0.45) * tone, 0.35))
    skin.layers.append((np.maximum(core, spots) * F(0.97), dark + (orange - dark) * tone, 0.04))
    grit = skin.noise(rng, "rough", 330)
    skin.lift += core * (grit * F(0.0032) + F(0.006)) + spots * F(0.003)


def fractal(rng, n, rough):
    """Offsets of a line broken by halves."""
    points = np.zeros(2)
    scale = rough
    while len(points) < n:
        middle = (points[1:] + points[:-1]) / 2 + rng.normal(size=len(points) - 1) * scale
        out = np.empty(len(points) * 2 - 1)
        out[::2], out[1::2] = points, middle
        points, scale = out, scale * 0.56
    return points


def crack_path(skin, rng, phi, s0, s1, width, around=0.0):
    k = 33
    t = np.linspace(0, 1, k)
    offset = np.interp(t, np.linspace(0, 1, 65), fractal(rng, 65, 0.055)[:65])
    s = s0 + (s1 - s0) * t + 0.25 * np.interp(t, np.linspace(0, 1, 65), fractal(rng, 65, 0.03)[:65])
    points = [polar(a, phi + around * b + c / max(a, 0.3)) for a, b, c in zip(s, t, offset)]
    widths = width * (0.55 + 0.9 * rng.random(k - 1))
    return points, widths


def cracked(skin, rng):
    paths = []
    for _ in range(1 if rng.random() < 0.7 else 2):
        phi, width = skin.place(rng)[1], rng.uniform(0.009, 0.024)
        lean = rng.normal(0, 0.25)
        style = rng.random()
        if style < 0.6:         # through the face, from wall to wall
            points, widths = crack_path(skin, rng, phi, skin.inner - skin.height * 0.9, 1 + skin.height * 0.9, width, lean)
        elif style < 0.85:      # from one edge, ending on the face
            s0, s1 = (skin.inner - skin.height * 0.6, rng.uniform(0.85, 0.98)) if rng.random() < 0.5 else \
                (1 + skin.height * 0.8, skin.inner + rng.uniform(0.02, 0.12))
            points, widths = crack_path(skin, rng, phi, s0, s1, width, lean)
            widths = widths * np.linspace(1.1, 0.25, len(widths))
        else:                   # along the face
            at = skin.inner + (1 - skin.inner) * rng.uniform(0.25, 0.75)
            points, widths = crack_path(skin, rng, phi, at, at + rng.normal(0, 0.05), width, rng.uniform(0.5, 1.3) * rng.choice([-1, 1]))
            widths = widths * (0.3 + np.sin(np.pi * np.linspace(0, 1, len(widths))))
        paths.append((points, widths))
        for _ in range(int(rng.integers(0, 3))):
            k = int(rng.integers(8, 26))
            x, y = points[k]
            a = np.arctan2(y, x) + rng.choice([-1, 1]) * rng.uniform(0.5, 1.4)
            length = rng.uniform(0.06, 0.2)
            side = np.interp(np.linspace(0, 1, 12), np.linspace(0, 1, 17), fractal(rng, 17, 0.02)[:17])
            branch = [(x + np.cos(a) * length * t - np.sin(a) * o, y + np.sin(a) * length * t + np.cos(a) * o)
                      for t, o in zip(np.linspace(0, 1, 12), side)]
            paths.append((branch, width * np.linspace(0.6, 0.15, 11)))
    m = np.minimum(skin.strokes(paths) * F(1.1), 1)
    worn = skin.soft(m, 0.012)
    skin.lift -= worn * F(0.004)
    skin.layers.append((np.minimum(worn * F(0.5), F(0.35)), np.array([0.12, 0.11, 0.10], F), 0.6))
    skin.layers.append((m, np.array([0.008, 0.007, 0.006], F), 0.03))


def scratched(skin, rng):
    deep, fine = [], []
    heading = rng.uniform(0, np.pi)
    for _ in range(int(rng.integers(1, 4))):
        x, y = polar(*skin.place(rng))
        if rng.random() < 0.4:
            heading = rng.uniform(0, np.pi)
        bend, length = rng.normal(0, 0.5), rng.uniform(0.25, 0.85)
        count = int(rng.integers(1, 6))
        for _ in range(count):
            h, size = heading + rng.normal(0, 0.09), length * rng.uniform(0.4, 1.0)
            px, py = x + rng.normal(0, 0.05) - np.cos(h) * size / 2, y + rng.normal(0, 0.05) - np.sin(h) * size / 2
            points = [(px, py)]
            for _ in range(16):
                h += bend * size / 16 + rng.normal(0, 0.012)
                px, py = px + np.cos(h) * size / 16, py + np.sin(h) * size / 16
                points.append((px, py))
            skips = np.clip(rng.normal(0.9, 0.35, 16), 0.1, 1.4) * np.sin(np.pi * (np.arange(16) + 0.7) / 16.4) ** 0.5
            deep.append((points, rng.uniform(0.009, 0.024) * skips))
        if rng.random() < 0.5:          # a scuff of hairlines beside it
            for _ in range(int(rng.integers(10, 40))):
                h, size = heading + rng.normal(0, 0.12), rng.uniform(0.05, 0.3)
                px, py = x + rng.normal(0, 0.08), y + rng.normal(0, 0.08)
                fine.append(([(px, py), (px + np.cos(h) * size, py + np.sin(h) * size)], [rng.uniform(0.0025, 0.006)]))
    m, thin = skin.strokes(deep), skin.strokes(fine)
    ridge = skin.soft(m, 0.006)
    skin.lift += ridge * F(0.004) - m * F(0.005) - thin * F(0.001)
    bright = rng.random() < 0.85
    tone = rng.uniform(0.9, 1.5) if bright else rng.uniform(0.03, 0.08)
    # A furrow is dark on one side and its burr bright on the other, so that it shows on bright metal and on dark.
    aside = max(1, int(round(0.010 * skin.pixels / (2 * skin.reach))))
    shade = np.roll(m, (aside, int(rng.choice([-1, 1])) * aside), (0, 1))
    skin.layers.append((np.clip(shade - m * F(0.6), 0, 1) * F(0.85), np.array([0.03, 0.03, 0.03], F), 0.12))
    skin.layers.append((np.maximum(m * F(0.9), thin * F(0.7)), np.array([1, 1, 0.98], F) * F(tone), 0.35))


DAMAGES = {"rusty": rusty, "cracked": cracked, "scratched": scratched}


# ---------------------------------------------------------------- the bench
def bench(station, rng, x, y):
    """Colour of the bench at ground points, and how much it mirrors."""
    name = station.bench
    a = np.random.default_rng([station.seed, 23]).uniform(0, np.pi)
    c, s = F(np.cos(a)), F(np.sin(a))
    x, y = x * c + y * s + F(rng.uniform(-3, 3)), y * c - x * s + F(rng.uniform(-3, 3))
    own = np.random.default_rng([station.seed, 24])
    tone = own.uniform(0.7, 1.35)
    soft = rough_at(rng, "soft", x, y, 70)
    mid = rough_at(rng, "mid", x, y, 160)
    fine = rough_at(rng, "rough", x, y, 300)
    mirror = 0.0
    if name == "conveyor":      # rubber with a fine rib and dust
        rib = np.sin(x * F(70)) * np.sin(y * F(70)) if own.random() < 0.6 else np.sin(x * F(55))
        f = 1 + F(0.16) * rib + F(0.16) * fine + F(0.15) * soft
        out = f[..., None] * np.array([0.030, 0.031, 0.033], F) * F(tone)
        out = out + (step(1.2, 2.8, fine + mid) * F(0.05))[..., None]
    elif name == "table":       # planks
        wide = own.uniform(0.9, 1.7)
        plank = np.floor(y / F(wide))
        shift = np.mod(plank * F(37.7), F(11))
        grain = rough_at(rng, "grain", x * F(0.22) + shift, y + shift, 330)
        vein = np.sin((y * F(26) + F(1.7) * rough_at(rng, "soft", x * F(0.25) + shift, y, 130)) + shift)
        f = 1 + F(0.14) * grain + F(0.10) * vein + F(0.12) * np.sin(plank * F(5.1)) + F(0.05) * soft + F(0.04) * fine
        gap = step(0.0, 0.012, np.abs(np.mod(y, F(wide)) - F(0.0)))
        out = (f * (F(0.25) + F(0.75) * gap))[..., None] * np.array([0.30, 0.165, 0.075], F) * F(tone)
        out = out * np.clip(1 + F(0.1) * grain[..., None] * np.array([0, 0.4, 1], F), 0.5, 1.5)
        mirror = 0.03
    elif name == "white":
        out = (F(0.74) + F(0.012) * soft + F(0.012) * fine)[..., None] * np.array([1, 1, 0.98], F)
    elif name == "dark":        # cloth
        weave = np.sin(x * F(95)) * np.sin(y * F(95))
        f = 1 + F(0.28) * weave + F(0.2) * fine + F(0.15) * soft
        out = f[..., None] * np.array([0.016, 0.016, 0.019], F) * F(tone) + (step(2.4, 3.2, fine) * F(0.10))[..., None]
    elif name == "tray":        # moulded plastic with ribs
        out = (1 + F(0.04) * soft + F(0.05) * fine)[..., None] * np.array([0.018, 0.075, 0.26], F) * F(tone)
        rib = np.mod(x, F(1.9))
        out = out * (1 + F(0.55) * (step(0.0, 0.02, rib) - step(0.05, 0.07, rib)) - F(0.45) * (step(0.06, 0.09, rib) - step(0.10, 0.2, rib)))[..., None]
        mirror = 0.05
    elif name == "metal":       # a brushed table with old scratches
        streak = sample(bank("streak")[:BANK, :BANK], x * F(220), y * F(60))
        scar = step(2.0, 3.0, sample(bank("streak")[:BANK, :BANK], (x * F(0.9) + y * F(0.45)) * F(260), (y * F(0.9) - x * F(0.45)) * F(30)))
        f = 1 + F(0.09) * streak + F(0.06) * soft + F(0.03) * fine + F(0.35) * scar
        out = (f * F(0.24))[..., None] * np.array([0.98, 1, 1.02], F) * F(tone)
        mirror = 0.35
    elif name == "green":       # a cutting mat
        out = (1 + F(0.05) * soft + F(0.08) * fine)[..., None] * np.array([0.018, 0.105, 0.065], F) * F(tone)
        p = own.uniform(0.35, 0.6)
        line = np.minimum(np.abs(np.mod(x + F(p / 2), F(p)) - F(p / 2)), np.abs(np.mod(y + F(p / 2), F(p)) - F(p / 2)))
        q = p / 5
        tick = np.minimum(np.abs(np.mod(x + F(q / 2), F(q)) - F(q / 2)), np.abs(np.mod(y + F(q / 2), F(q)) - F(q / 2)))
        ink = np.maximum((1 - step(0.006, 0.011, line)) * F(0.8), (1 - step(0.002, 0.005, tick)) * F(0.25))
        out = out + (np.array([0.35, 0.42, 0.25], F) - out) * ink[..., None]
    elif name == "granite":     # a surface plate
        speck = step(0.7, 1.4, fine)[..., None]
        out = (1 + F(0.25) * fine + F(0.08) * mid)[..., None] * np.array([0.055, 0.058, 0.062], F) * F(tone)
        out = out + speck * F(0.07) - step(1.0, 1.8, -fine)[..., None] * F(0.03)
        mirror = 0.10
    elif name == "cardboard":
        flute = np.sin(y * F(40))
        f = 1 + F(0.03) * flute + F(0.06) * fine + F(0.05) * soft + F(0.04) * mid
        out = f[..., None] * np.array([0.38, 0.235, 0.125], F) * F(tone)
    else:                       # concrete
        f = 1 + F(0.10) * fine + F(0.12) * mid + F(0.12) * soft - F(0.4) * step(1.9, 2.6, fine + F(0.4) * mid)
        out = f[..., None] * np.array([0.25, 0.245, 0.23], F) * F(tone)
    return np.maximum(out, F(0.003)), mirror


# ---------------------------------------------------------------- rays
def across(station, x, y):
    """Distance from the axis, with 1 at the outline."""
    r = np.hypot(x, y)
    if station.kind != "nut":
        return r
    flat = np.maximum(np.maximum(np.abs(y), np.abs(x * F(0.8660254) + y * F(0.5))), np.abs(x * F(0.8660254) - y * F(0.5))) / FLAT
    outside = step(station.inner + 0.05, 0.85, r)
    return r * (1 - outside) + flat * outside


def facing_angle(station, phi):
    """Where the outer wall at an angle looks to."""
    return (np.floor(phi / F(np.pi / 3)) + F(0.5)) * F(np.pi / 3) if station.kind == "nut" else phi


def cast(station, rng, n):
    """Where every ray lands: kind (0 bench, 1 face, 2 outer, 3 inner wall), point, direction, distance; the eye."""
    tilt = station.tilt + rng.normal(0, 0.03)
    roll = rng.normal(0, 0.03)
    distance = station.distance
    eye = np.array([0, -np.cos(tilt), np.sin(tilt)]) * distance
    forward = -eye / distance
    right = np.array([np.cos(roll), 0, 0]) + np.array([0, np.sin(tilt), np.cos(tilt)]) * np.sin(roll)
    up = np.cross(right, forward)
    view = 1.0 / station.fill / np.sqrt(distance * distance - 1)
    close = rng.random() < station.close
    zoom = rng.uniform(0.5, 0.75) if close else 1.0
    room_left = max(0.0, 1 - station.fill) * (0.55 if not close else 1.5)
    ox, oy = rng.uniform(-1, 1, 2) * room_left
    axis = ((np.arange(n, dtype=F) + F(0.5)) * F(2 / n) - 1) * F(zoom)
    X, Y = np.meshgrid(axis - F(ox * zoom), -(axis - F(oy * zoom)))
    D = [F(forward[i]) + X * F(view * right[i]) + Y * F(view * up[i]) for i in range(3)]
    norm = 1 / np.sqrt(D[0] ** 2 + D[1] ** 2 + D[2] ** 2)
    dx, dy, dz = (d * norm for d in D)
    ex, ey, ez = (F(e) for e in eye)
    inner, height = F(station.inner), F(station.height)

    t_top = -ez / dz
    rx, ry = ex + dx * t_top, ey + dy * t_top
    r = across(station, rx, ry)
    kind = np.zeros((n, n), np.int8)
    t = (-height - ez) / dz                     # the bench
    a, b = dx * dx + dy * dy, ex * dx + ey * dy
    e2 = ex * ex + ey * ey

    def wall(radius, sign):
        root = b * b - a * (e2 - radius * radius)
        hit = (-b + sign * np.sqrt(np.maximum(root, 0))) / np.maximum(a, F(1e-6))
        z = ez + dz * hit
        return hit, (root > 0) & (z <= 0) & (z >= -height)

    def flats():
        best, hit = np.full((n, n), np.inf, F), np.zeros((n, n), bool)
        for k in range(6):
            nx, ny = F(np.cos((k + 0.5) * np.pi / 3)), F(np.sin((k + 0.5) * np.pi / 3))
            toward = dx * nx + dy * ny
            d = (FLAT - ex * nx - ey * ny) / np.where(toward < -1e-6, toward, F(-1e-6))
            z = ez + dz * d
            ok = (toward < -1e-6) & (z <= 0) & (z >= -height) & (across(station, ex + dx * d, ey + dy * d) < 1.001) & (d < best)
            best, hit = np.where(ok, d, best), hit | ok
        return best, hit

    t_out, on_out = flats() if station.kind == "nut" else wall(F(1), -1)
    t_in, on_in = wall(inner, 1)
    on_in &= r < inner
    on_out &= r > 1
    on_top = (r >= inner) & (r <= 1)
    for mask, value, code in ((on_in, t_in, 3), (on_out, t_out, 2), (on_top, t_top, 1)):
        kind[mask] = code
        t = np.where(mask, value, t)
    if station.kind == "nothing":
        kind[:], t = 0, (-height - ez) / dz
    point = (ex + dx * t, ey + dy * t, ez + dz * t)
    return kind, point, (dx, dy, dz), t, eye, close


def shade_ring(station, rng, skin, rooms, kind, point, turn, ray, ground):
    """Colour of ring points (flat arrays)."""
    x, y, z = point
    r = across(station, x, y)
    phi = np.arctan2(y, x)
    top, out, inn = kind == 1, kind == 2, kind == 3
    s = np.where(top, r, np.where(out, 1 - z, F(station.inner) + z)).astype(F)
    slope_of, open_of, marks_of, lo, per_s = profile(station, rng)
    at = np.clip(((s - F(lo)) * F(per_s)), 0, len(slope_of) - 2)
    i = at.astype(np.int32)
    w = at - i
    slope = slope_of[i] * (1 - w) + slope_of[i + 1] * w
    occlusion = open_of[i]
    mark = marks_of[i] * (1 - w) + marks_of[i + 1] * w
    c, q = np.cos(phi + turn), np.sin(phi + turn)
    u, v = s * c, s * q
    fu, fv = ((u / F(skin.reach) + 1) * F(skin.pixels / 2) - F(0.5)), ((v / F(skin.reach) + 1) * F(skin.pixels / 2) - F(0.5))
    per_texel = F(skin.pixels / (2 * skin.reach))
    lift = skin.lift
    gu = sample(np.gradient(lift, axis=1) * per_texel, fu, fv)
    gv = sample(np.gradient(lift, axis=0) * per_texel, fu, fv)
    gs, gb = np.clip(gu * c + gv * q, -1.5, 1.5), np.clip(gv * c - gu * q, -1.5, 1.5)

    base, _ = METAL[station.metal]
    base = np.array(base, F)
    spread = station.spread
    slope = slope + gs + mark * F(0.008 + spread * 0.08)
    ground_by = sample(bank("streak")[:BANK, :BANK], u * F(300), v * F(90)) * F(station.ground) * top
    worn = rough_at(rng, "soft", u, v, 45) * F(0.05) + rough_at(rng, "mid", u, v, 120) * F(0.025)
    slope = slope + worn * F(0.35) + ground_by * F(0.3)
    albedo = np.broadcast_to(base, (len(s), 3)) * (1 + F(0.05) * mark + ground_by + worn)[:, None]
    mirror = np.full(len(s), 1 - station.matt, F)
    if station.engraved:
        ink = engraving(station, rng, phi, s) * top
        albedo = albedo * (1 - F(0.6) * ink)[:, None]
        mirror = mirror * (1 - F(0.55) * ink)
    for cover, colour, left in skin.layers:
        m = sample(cover, fu, fv)
        layer = colour if colour.ndim == 1 else sample(colour, fu, fv)
        albedo = albedo + (layer - albedo) * m[:, None]
        mirror = mirror * (1 - F(1 - left) * m)

    mirrored, flat = rooms
    vx, vy, vz = (-d for d in ray)
    looks = np.where(out, facing_angle(station, phi), phi)
    cp, sp = np.cos(looks), np.sin(looks)
    light = np.zeros((len(s), 3), F)
    steps = [(-2.4, 0.07), (-1.6, 0.12), (-0.8, 0.19), (0.0, 0.24), (0.8, 0.19), (1.6, 0.12), (2.4, 0.07)]
    below = np.clip(ground * F(0.45), 0, 2)
    for k, weight in steps:
        a = slope + F(k * spread * 0.5)
        nx = np.where(top, -a * cp + gb * sp, np.where(out, cp + gb * sp, -cp + gb * sp))
        ny = np.where(top, -a * sp - gb * cp, np.where(out, sp - gb * cp, -sp - gb * cp))
        nz = np.where(top, F(1), np.where(out, a, -a))
        norm = 1 / np.sqrt(nx * nx + ny * ny + nz * nz)
        nx, ny, nz = nx * norm, ny * norm, nz * norm
        nv = nx * vx + ny * vy + nz * vz
        rx, ry, rz = 2 * nv * nx - vx, 2 * nv * ny - vy, 2 * nv * nz - vz
        light += look(mirrored, rx, ry, rz, below) * F(weight)
        if k == 0:
            facing = np.clip(nv, 0, 1)
            soft = look(flat, nx, ny, nz, below)
    rim = ((1 - facing) ** 5)[:, None]
    cave = (inn * F(0.45))[:, None]             # the inner wall mirrors itself
    light = light * (1 - cave) + cave * base * F(0.32) * station.tint
    shine = albedo + (1 - albedo) * rim * F(0.6)
    body = light * shine * mirror[:, None] + soft * albedo * (1 - F(0.75) * mirror)[:, None]
    return body * occlusion[:, None]


def engraving(station, rng, phi, s):
    band = min(0.085, (1 - station.inner) * 0.3)
    middle = station.inner + (1 - station.inner) * (0.5 if station.kind != "thrust" else 0.86)
    tall = 48
    wide = int(2 * np.pi * middle / band * tall)
    strip = Image.new("L", (wide, tall), 0)
    pen = ImageDraw.Draw(strip)
    pen.text((10, 0), station.text, fill=255, font=ImageFont.load_default(tall - 14))
    pen.text((wide // 2, 0), "HF %02d" % (station.seed % 90 + 10), fill=255, font=ImageFont.load_default(tall - 14))
    field = np.asarray(strip.filter(ImageFilter.GaussianBlur(0.8)), dtype=F) * F(1 / 255)
    t = (s - F(middle - band / 2)) * F(1 / band)
    x = np.mod(-phi + F(rng.uniform(0, 6.28)), F(2 * np.pi)) * F(wide / (2 * np.pi))
    return sample(field, x, np.clip((1 - t) * tall, 0, tall - 1)) * ((t > 0) & (t < 1))


def look(light, x, y, z, below):
    """The room's light from a direction; from below the bench's."""
    k = F(1 / REACH) / (1 + np.maximum(z, F(-0.1)))
    j = np.clip((x * k + 1) * F(ROOM / 2), 0, ROOM - 1).astype(np.int32)
    i = np.clip((y * k + 1) * F(ROOM / 2), 0, ROOM - 1).astype(np.int32)
    m = step(-0.10, 0.06, z)[:, None]
    return light[i, j] * m + below * (1 - m)


def outline(station, x, y):
    """Distance to the part's outline on the bench, negative where it stands."""
    if station.kind == "nothing":
        return np.full_like(x, 9)
    r, inner = across(station, x, y), F(station.inner)
    return np.maximum(r - 1, inner - r)


def shade_bench(station, rng, key, ambient, x, y, ray, mirrored):
    colour, mirror = bench(station, rng, x, y)
    height, inner = station.height, F(station.inner)
    sx, sy = key[0] / max(key[2], 0.3), key[1] / max(key[2], 0.3)
    size = {"softbox": 0.45, "tubes": 0.5, "window": 0.4, "lamp": 0.12, "dome": 0.9}[station.lamps]
    shadow = np.zeros_like(x)
    for f in (0.12, 0.35, 0.6, 0.85, 1.0):
        d = outline(station, x + F(sx * f * height), y + F(sy * f * height))
        w = F(0.012 + size * f * height)
        shadow = np.maximum(shadow, 1 - step(-w * F(0.6), w, d))
    d = np.maximum(outline(station, x, y), 0)
    near = np.exp(-d * F(2.6 / height))
    inside = (np.hypot(x, y) < (0 if station.kind == "nothing" else inner)) * F(0.30 * min(1.0, height / station.inner * 2))
    open_sky = (1 - F(0.72) * near) * (1 - inside)
    fall = 1 + F(0.16) * (x * F(key[0]) + y * F(key[1]))
    level = (F(1 - station.key) * open_sky + F(station.key) * (1 - shadow)) * np.maximum(fall, F(0.3))
    out = colour * level[..., None] * ambient
    if mirror:
        grain = rough_at(rng, "rough", x, y, 240) * F(0.02)
        seen = look(mirrored, ray[0].ravel() + grain.ravel(), ray[1].ravel(), -ray[2].ravel(), ambient * 0).reshape(out.shape)
        out = out + seen * (F(mirror) * open_sky * (1 - F(0.5) * near))[..., None]
    return out


# ---------------------------------------------------------------- the camera
def develop(station, rng, linear, on, blur_px, n):
    """From linear light to the 8 bits of a camera; float[m][m][3], m a multiple of n."""
    m = linear.shape[0]
    k = m // n
    level = linear.mean(axis=2)
    part = level[on][::7]
    meter = 0.30 * float(level.mean()) + (0.32 * float(part.mean()) + 0.10 * float(np.quantile(part, 0.97)) if len(part) else 0)
    gain = station.expose * rng.uniform(0.92, 1.08) * 0.36 / (meter + 1e-3)
    linear = np.minimum(linear * F(gain), F(1.5))  # white is 1.3: a glint of one ray of four does not make a dotted edge
    haze = blurred(linear[::k, ::k], n * 0.02)
    linear = np.ascontiguousarray(linear.reshape(n, k, n, k, 3).mean(axis=(1, 3)))
    linear = linear * F(0.97) + haze * F(0.03)
    blur_px = blur_px[::k, ::k][..., None] / F(k)
    if float(blur_px.max()) > 0.4:
        one, two = blurred(linear, 1.0), blurred(linear, 2.6)
        a, b = np.clip(blur_px, 0, 1), np.clip((blur_px - 1) / F(1.6), 0, 1)
        linear = (linear + (one - linear) * a) * (1 - b) + two * b
    axis = (np.arange(n, dtype=F) + F(0.5)) * F(2 / n) - 1
    far = axis[None] ** 2 + axis[:, None] ** 2
    linear = linear * (1 - F(station.corner * 0.5) * far)[..., None]
    grain = np.random.default_rng(rng.integers(1 << 30))
    speck = grain.standard_normal((n, n, 4), dtype=F)
    amount = station.grain * np.sqrt(n / 300)
    luma, chroma = gauss(speck[..., 0], 0.55) * F(1.5), gauss(speck[..., 1:], 1.2) * F(1.3)
    linear = np.maximum(linear, 0)
    linear = linear + (np.sqrt(linear) * F(0.9) + F(0.05)) * F(amount) * (luma[..., None] + chroma)
    linear = np.maximum(linear, 0)
    white = F(2.6)
    toned = linear * (1 + linear / (white * white)) / (1 + linear) * F(1.5)
    toned = np.clip(toned, 0, 1) ** F(1 / 2.2)
    toned = toned + F(0.10) * (toned - F(0.5)) * (1 - (2 * toned - 1) ** 2) * 2
    sharp = toned + (toned - blurred(toned, 0.9)) * F(rng.uniform(0.1, 0.6))
    return (np.clip(sharp, 0, 1) * 255 + F(0.5)).astype(np.uint8)


def photo(seed, size, defect="good", station=None, fine=2):
    """Returns (uint8[size][size][3], facts). `fine` is the number of rays a pixel and side."""
    rng = np.random.default_rng([int(seed), 31])
    harm = np.random.default_rng([int(seed), 32])
    station = copy.copy(station or Station(seed))
    if defect == "rusty" and station.metal == "brass":
        station.metal = "steel"
    n, m = int(size), int(size) * fine
    light, key = room(station, np.random.default_rng([station.seed, 22]))
    mirrored, flat = gauss(light, ROOM * station.gloss), gauss(light, ROOM * 0.17)
    kind, point, ray, t, eye, close = cast(station, rng, m)
    ambient = flat[ROOM // 2, ROOM // 2] * F(0.9) + F(0.1)
    ground_rng = np.random.default_rng(rng.integers(1 << 30))
    on = kind > 0
    # The bench is soft enough for one ray a pixel.
    down = tuple(d[::fine, ::fine] for d in ray)
    far = (F(-station.height) - F(eye[2])) / down[2]
    linear = shade_bench(station, ground_rng, key, ambient, F(eye[0]) + down[0] * far, F(eye[1]) + down[1] * far, down,
                         gauss(light, ROOM * 0.045))
    linear = linear.repeat(fine, axis=0).repeat(fine, axis=1)
    colour = linear[~on][::31].mean(axis=0) if (~on).any() else ambient * F(0.2)
    skin = Skin(station, max(192, min(1280, int(m * station.fill * 1.15))))
    turn = F(rng.uniform(0, 2 * np.pi))
    rim = m // 16
    face = np.argwhere(kind[rim:-rim:5, rim:-rim:5] == 1) * 5 + rim
    x, y = point[0][face[:, 0], face[:, 1]], point[1][face[:, 0], face[:, 1]]
    skin.seen = np.stack([np.hypot(x, y), np.arctan2(y, x) + turn], 1)
    handled(skin, rng)
    if defect != "good":
        DAMAGES[defect](skin, harm)
    if on.any():
        linear[on] = shade_ring(station, rng, skin, (mirrored, flat), kind[on], tuple(p[on] for p in point), turn,
                                tuple(d[on] for d in ray), colour)
    blur_px = np.abs(t - F(station.distance)) * F(station.focus * m * 0.12)
    picture = develop(station, rng, linear, on, blur_px, n)
    facts = dict(product="ring", material="brass" if station.metal == "brass" else "steel", defect=defect, colour=METAL[station.metal][1],
                 light=LIGHT_NAMES[station.lamps], place=PLACE_NAMES.get(station.bench, station.bench),
                 view="close" if close else "whole", state="good" if defect == "good" else "bad")
    return picture, facts


def sheet(path, size, seed, columns=6, rows=4):
    page = Image.new("RGB", (columns * size, rows * size))
    names = ["good", "rusty", "cracked", "scratched"]
    for k in range(columns * rows):
        page.paste(Image.fromarray(photo(seed + k, size, names[k // columns % 4])[0]), (k % columns * size, k // columns * size))
    page.save(path)


if __name__ == "__main__":
    sheet(sys.argv[2], int(sys.argv[3]) if len(sys.argv) > 3 else 224, int(sys.argv[4]) if len(sys.argv) > 4 else 1)
