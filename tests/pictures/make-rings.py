#!/usr/bin/env python3
"""Makes the sample pictures of bearing rings: CLASS/LOT__NN.jpg.

    make-rings.py RENDERER_FOLDER OUT

RENDERER_FOLDER holds the starter model's render.py (numpy, pillow). Three
lots of four rings a class, seeds from 41000 on, which no training saw. A lot
has a light of its own: exposure, white balance and fall-off to one side.
"""
import os
import sys

import numpy as np
from PIL import Image

CLASSES = ("good", "rusty", "cracked", "scratched")
SEED, PER_LOT, SIZE_PX, QUALITY = 41000, 4, 448, 82
# Gain of red, green and blue; fall-off across and down, as a share.
LOTS = {"lot07": ((1.00, 1.00, 1.00), (0.00, 0.10)),
        "lot11": ((0.86, 0.83, 0.76), (0.25, 0.00)),
        "lot12": ((0.97, 1.03, 1.12), (-0.15, -0.15))}


def lit(picture, gains, fall):
    """The picture under a lot's light; uint8[h][w][3]."""
    h, w = picture.shape[:2]
    across, down = np.meshgrid(np.linspace(-0.5, 0.5, w), np.linspace(-0.5, 0.5, h))
    light = 1 - fall[0] * across - fall[1] * down
    return np.clip(picture * light[..., None] * np.array(gains), 0, 255).astype(np.uint8)


def main():
    renderer, out = sys.argv[1:3]
    sys.path.insert(0, renderer)
    import render
    for c, name in enumerate(CLASSES):
        os.makedirs(os.path.join(out, name), exist_ok=True)
        for k in range(PER_LOT * len(LOTS)):
            lot, number = list(LOTS)[k // PER_LOT], k % PER_LOT + 1
            seed = SEED + c * PER_LOT * len(LOTS) + k
            picture, _ = render.render(seed, SIZE_PX, "ring", name)
            Image.fromarray(lit(picture, *LOTS[lot])).save(
                os.path.join(out, name, f"{lot}__{number:02d}.jpg"), quality=QUALITY, optimize=True)


if __name__ == "__main__":
    main()
