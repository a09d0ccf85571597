"""Activations after layer3 of the picture side, kept on disk, so that the layers above train cheaply.

    python activations.py MODELDIR DATA

DATA has rays/*.npy (rings_shards.py), plain/*.npy (render.py), real.npz
(photographs.py) and squeezenet_v1.1.bin. Every picture is seen in one random
view or more; DATA/cache gets one file a source and view: `maps`
(f16[n][384][10][10]) and, but for rings, `teacher` (f16[n][POOLED]). What is
there already is left alone, so the command may run beside rings_shards.py again
and again. One thread: several may run at once on parts of the list.
"""
import glob
import os
import sys
import zlib

import numpy as np
import torch

import losses
import train
from model import Words
from teacher import SqueezeNet

BATCH, SIDE_PX, PHOTO_VIEWS, DRAWN_VIEWS = 50, 160, 3, 2


def seen(visual, teacher, pictures, rng):
    """Maps and, where there is a teacher, its activations for one view of each picture."""
    maps, taught = [], []
    for k in range(0, len(pictures), BATCH):
        view = train.augment(torch.from_numpy(pictures[k:k + BATCH]), SIDE_PX, rng)
        with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16):
            x = train.normalise(view).contiguous(memory_format=torch.channels_last)
            for part in (visual.stem, visual.layer1, visual.layer2, visual.layer3):
                x = part(x)
            maps.append(x.half().contiguous().numpy())
            if teacher:
                taught.append(teacher.pooled(view).half().numpy())
    return dict(maps=np.concatenate(maps), **(dict(teacher=np.concatenate(taught)) if teacher else {}))


def sources(data):
    """(name of the cache file, how to read the pictures, whether the teacher looks at them)."""
    real = np.load(os.path.join(data, "real.npz"))
    for view in range(PHOTO_VIEWS):
        yield f"photos-{view}", lambda: real["x"], True
    yield "others-0", lambda: real["others"], True
    for view in range(DRAWN_VIEWS):
        for kind in ("rays", "plain"):
            for path in sorted(glob.glob(os.path.join(data, kind, "*.json"))):
                name = os.path.basename(path)[:-5]
                yield f"{kind}-{name}-{view}", (lambda p=path: np.load(p[:-5] + ".npy")), kind == "plain"


def main():
    start, data = sys.argv[1:3]
    torch.set_num_threads(1)
    visual = losses.load_start(start, Words()).visual.eval().to(memory_format=torch.channels_last)
    teacher = SqueezeNet().load(os.path.join(data, "squeezenet_v1.1.bin"))
    os.makedirs(os.path.join(data, "cache"), exist_ok=True)
    for name, read, taught in sources(data):
        path = os.path.join(data, "cache", name + ".npz")
        if os.path.exists(path):
            continue
        result = seen(visual, teacher if taught else None, read(), np.random.default_rng(zlib.crc32(name.encode())))
        np.savez(path + ".new.npz", **result)
        os.replace(path + ".new.npz", path)
        print(name, len(result["maps"]), flush=True)


if __name__ == "__main__":
    main()
