"""Training pictures of bearing rings, cast by rings.py.

    python rings_shards.py DIR COUNT [FIRST_SEED] [WORKERS]

Pictures 2k and 2k+1 are twins: the sound ring and the same ring damaged, under
the same light and with the same grain, so that they differ in nothing but the
damage. Four pairs in five stand in a station as a lot has it (steel, the whole
ring in the picture, little grain), the others in any; one in ten shows no ring
but a nut, a cap or an empty bench. A picture is cast with one ray a pixel at
448 px and reduced to 320, as the program reduces a photograph. Seeds stay below
900,000,000, where those of the sample project begin.
"""
import json
import multiprocessing
import os
import sys

import numpy as np
from PIL import Image

import rings

CAST_PX, SIZE_PX, PER_SHARD, LAST_SEED = 448, 320, 100, 899_999_999
DAMAGE = ["rusty"] * 2 + ["cracked"] * 3 + ["scratched"] * 4
STRANGERS, STRANGE_SHARE, LOT_SHARE = ("nut", "cap", "nothing"), 0.1, 0.8


def station_of(seed, rng):
    """Any station, or most of the time one like those of a lot."""
    strange = STRANGERS[int(rng.integers(len(STRANGERS)))] if rng.random() < STRANGE_SHARE else None
    if rng.random() >= LOT_SHARE:
        return rings.Station(seed, strange)
    station = rings.Station(seed, strange, metal="steel")
    station.close, station.fill, station.distance = 0, rng.uniform(0.72, 0.84), rng.uniform(6, 8)
    station.grain = min(station.grain, 0.010)
    if strange:
        station.inner, station.height = min(station.inner, 0.6), min(station.height, 0.2)
    return station


def pair(seed):
    """The sound ring and a damaged twin: (picture, facts) twice."""
    rng = np.random.default_rng([seed, 51])
    damage, station = DAMAGE[int(rng.integers(len(DAMAGE)))], station_of(seed, rng)
    for defect in ("good", damage):
        picture, facts = rings.photo(seed, CAST_PX, defect, station, fine=1)
        facts["product"] = station.kind if station.kind in STRANGERS else "ring"
        yield np.asarray(Image.fromarray(picture).resize((SIZE_PX, SIZE_PX), Image.Resampling.BICUBIC)), facts


def shard(job):
    """Writes PATH.npy (uint8 pictures) and, once they are whole, PATH.json (their facts)."""
    path, first = job
    drawn = [one for seed in range(first, first + PER_SHARD // 2) for one in pair(seed)]
    np.save(path + ".npy", np.stack([picture for picture, _ in drawn]))
    with open(path + ".json", "w") as file:
        json.dump([facts for _, facts in drawn], file)
    return path


def main():
    folder, count = sys.argv[1], int(sys.argv[2])
    first, workers = (int(sys.argv[k]) if len(sys.argv) > k else d for k, d in ((3, 320_000_000), (4, 2)))
    assert first + count // 2 <= LAST_SEED, "these seeds are kept for the sample project"
    os.makedirs(folder, exist_ok=True)
    jobs = [(os.path.join(folder, f"r{first + k // 2:09d}"), first + k // 2) for k in range(0, count, PER_SHARD)]
    with multiprocessing.Pool(workers) as pool:
        for path in pool.imap(shard, [j for j in jobs if not os.path.exists(j[0] + ".json")], chunksize=1):
            print(path, flush=True)


if __name__ == "__main__":
    main()
