"""Real pictures for refining, as one file of 288 px squares.

    python photographs.py IMAGES CLOTHING GROCERIES OUT.npz

IMAGES holds SET/CLASS/GROUP__N.jpg; of the five sets that may be trained on
one half is taken, by the hash of the group's name, so that the other half stays
for measuring (`held`). CLOTHING is github.com/alexeygrigorev/clothing-dataset-small
(CC0-1.0), GROCERIES github.com/marcusklasson/GroceryStoreDataset (MIT); all of
their pictures are taken, without their classes. The sets pcb and waste are never read.
"""
import glob
import hashlib
import os
import sys

import numpy as np
from PIL import Image

SETS = ("ballscrew", "pan", "screws", "steelstrip", "tomato")
SIDE_PX = 288


def held(name, path):
    """Whether a picture's group is kept for measuring."""
    group = name + "/" + os.path.basename(path).split("__")[0]
    return hashlib.sha256(group.encode()).digest()[0] % 2 == 1


def square(path):
    """The middle square, uint8[SIDE_PX][SIDE_PX][3]."""
    picture = Image.open(path).convert("RGB")
    w, h = picture.size
    s = min(w, h)
    box = ((w - s) // 2, (h - s) // 2, (w - s) // 2 + s, (h - s) // 2 + s)
    return np.asarray(picture.crop(box).resize((SIDE_PX, SIDE_PX), Image.Resampling.BICUBIC))


def main():
    images, clothing, groceries, out = sys.argv[1:5]
    pictures, classes, names = [], [], []
    for name in SETS:
        for folder in sorted(os.listdir(os.path.join(images, name))):
            paths = [p for p in sorted(glob.glob(os.path.join(images, name, folder, "*"))) if not held(name, p)]
            pictures += [square(p) for p in paths]
            classes += [len(names)] * len(paths)
            names.append((name, folder))
    others = [square(p) for folder in (clothing, groceries)
              for p in sorted(glob.glob(os.path.join(folder, "**", "*.jpg"), recursive=True))]
    np.savez(out, x=np.stack(pictures), y=np.array(classes), names=np.array(names), others=np.stack(others))
    print(len(pictures), "labelled and", len(others), "other pictures")


if __name__ == "__main__":
    main()
